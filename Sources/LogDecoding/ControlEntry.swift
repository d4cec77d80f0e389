package import StorageProtocol

/// A control entry of right form (protocol.md 6); what it recorded of its event is in the columns of its ``EntryRecord``.
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
  }

  package struct EpochAdvancement {
    package let epoch: Epoch
    package let registry: RegistrySnapshot?
    package let telemetry: TelemetrySnapshot?
  }
}
