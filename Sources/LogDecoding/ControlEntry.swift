package import StorageProtocol

/// A control entry of right form whose record, where there is one, is intact (protocol.md 6 and 9).
package enum ControlEntry {
  case registration(NodeRegistration)
  case unregistration(Identifier)
  case status(Identifier, NodeStatus)
  case uptime(Identifier, BigNum128)
  case aegisContext(RegistrySnapshot, TelemetrySnapshot)
  case epochAdvancement(EpochAdvancement)
  case rewards(Epoch)

  package struct NodeRegistration {
    package let nodeID: Identifier
    package let host: Identifier
    package let port: Int64
    package let recorded: RecordedControl?
  }

  package struct EpochAdvancement {
    package let epoch: Epoch
    package let registry: RegistrySnapshot?
    package let telemetry: TelemetrySnapshot?
    package let recorded: RecordedControl?
  }
}

/// What a control entry of the event dialect recorded of its event.
package struct RecordedControl {
  package let fields: EventFields
  /// The event that the record proves, if it has an id.
  package let proven: StorageEvent?
}
