internal import LogDecoding
package import StorageProtocol

/// The control state between two control entries: what a STORE there means (protocol.md 6).
package struct TimelineVersion: Sendable {
  package let epoch: Epoch
  /// The nodes a chunk is placed on.
  package let eligible: NodeList
  /// Every registered node, whose counters a placement raises.
  package let registered: NodeList
}

/// What a control entry does to nodes and totals.
package enum ControlEffect: Sendable {
  /// A node, fresh, in `slot`.
  case register(slot: Int, StorageNode)
  case unregister(slot: Int)
  case status(slot: Int, NodeStatus)
  case uptime(slot: Int, BigNum128)
  /// Every registered node's verification, by slot.
  case advance(to: Epoch, verified: [Bool])
  case rewards(Epoch)
  /// Neither: an unknown node, or a context, which later entries show.
  case nothing
}

/// A batch with its place in the log and in the timeline.
package struct PlannedBatch: Sendable {
  /// From `firstEntry` of the batch on, up to the next span, `version` holds.
  package struct Span: Sendable {
    package let firstEntry: Int
    package let version: TimelineVersion
  }

  package struct Control: Sendable {
    /// The place in the batch.
    package let entry: Int
    package let effect: ControlEffect
    /// The epoch that its event has, if it emits one.
    package let epoch: Epoch
  }

  /// The ordinal of the batch's first entry.
  package internal(set) var firstOrdinal = Ordinal(0)
  package internal(set) var spans: [Span] = []
  /// One for each control entry, in order.
  package internal(set) var controls: [Control] = []
  /// Every id registered so far, by ``ListedNode/name``.
  package internal(set) var nodeNames: [Identifier] = []
  /// Slots in use so far: no node of the batch has a higher one.
  package internal(set) var slotCount = 0

  package init() {}

  package func ordinal(of entry: Int) -> Ordinal { Ordinal(firstOrdinal.value + UInt64(entry)) }
}
