package import LogDecoding
internal import StorageProtocol

/// A node as placements see it.
package struct ListedNode: BitwiseCopyable {
  /// The id's bytes.
  package let id: ByteView
  /// The id as a JSON string, escaped.
  package let quoted: ByteView
  /// Where its counters are: the slot of a registered node; given to another one after it is unregistered.
  package let slot: UInt32
  /// Its id among all ids ever registered: ``PlannedBatch/nodeNames``.
  package let name: UInt32
}

/// Nodes in the order of their id bytes: a view, valid as long as its ``NodeList``.
package struct NodeView: BitwiseCopyable {
  package let nodes: UnsafePointer<ListedNode>
  package let count: Int
  /// Bytes of the longest quoted id.
  package let quotedBytesMax: Int

  /// The node with the id `id`, or nil. - Complexity: O(log n).
  package func node(_ id: ByteView) -> ListedNode? {
    var range = 0..<count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      // `middle` is below `count`.
      let order = nodes[middle].id.compare(id)
      if order == 0 { return nodes[middle] }
      range = order < 0 ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }

  /// Calls `body` with `replicaCount` nodes from place `first` on, wrapping.
  package func forEachReplica(from first: UInt32, _ replicaCount: Int, _ body: (ListedNode) -> Void) {
    var place = Int(first)
    for _ in 0..<replicaCount {
      // `place` is below `count`.
      body(nodes[place])
      place = place + 1 == count ? 0 : place + 1
    }
  }
}

/// An immutable list of nodes in the order of their id bytes.
package final class NodeList: Sendable {
  /// The nodes.
  package nonisolated(unsafe) let view: NodeView
  // Written in `init` only and freed in `deinit`: sharing what nobody writes is safe.
  private nonisolated(unsafe) let nodes: UnsafeMutablePointer<ListedNode>
  private nonisolated(unsafe) let text: UnsafeMutablePointer<UInt8>

  /// - Parameter nodes: in the order of their ids.
  init(_ nodes: [(id: Identifier, slot: UInt32, name: UInt32)]) {
    let texts = nodes.map { node in
      var quoted: [UInt8] = []
      JSONFormat.appendString(node.id.bytes, to: &quoted)
      return (id: node.id.bytes, quoted: quoted)
    }
    text = .allocate(capacity: max(1, texts.reduce(0) { $0 + $1.id.count + $1.quoted.count }))
    self.nodes = .allocate(capacity: max(1, nodes.count))
    var end = text
    for (index, node) in nodes.enumerated() {
      let id = NodeList.copy(texts[index].id, to: &end)
      let quoted = NodeList.copy(texts[index].quoted, to: &end)
      (self.nodes + index).initialize(to: ListedNode(id: id, quoted: quoted, slot: node.slot, name: node.name))
    }
    view = NodeView(
      nodes: UnsafePointer(self.nodes), count: nodes.count, quotedBytesMax: texts.map(\.quoted.count).max() ?? 0)
  }

  deinit {
    nodes.deallocate()
    text.deallocate()
  }

  private static func copy(_ bytes: [UInt8], to end: inout UnsafeMutablePointer<UInt8>) -> ByteView {
    // The text was measured to hold every id and every quoted id once.
    end.initialize(from: bytes, count: bytes.count)
    defer { end += bytes.count }
    return ByteView(end, bytes.count)
  }

  /// Whether both lists have the same nodes in the same slots.
  func isEqual(to other: NodeList) -> Bool {
    guard view.count == other.view.count else { return false }
    for index in 0..<view.count {
      let (ours, theirs) = (nodes[index], other.nodes[index])
      guard ours.slot == theirs.slot, ours.name == theirs.name else { return false }
    }
    return true
  }
}
