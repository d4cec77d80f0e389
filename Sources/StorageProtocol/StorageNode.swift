/// A storage node's standing.
public enum NodeStatus: String, CaseIterable, Sendable, Codable {
  case active, inactive, revoked

  package init?(name: [UInt8]) {
    guard let known = NodeStatus.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else { return nil }
    self = known
  }
}

/// A registered node (protocol.md 4).
package struct StorageNode: Equatable, Sendable, Codable {
  package let id: Identifier
  package let host: Identifier
  package let port: Int64
  package var status = NodeStatus.active
  package var uptimeBucket = BigNum128.zero
  /// Bytes, each STORE's whole content counted once for every placement of every chunk.
  package var bytesStored = BigNum128.zero
  package var proofsVerified = BigNum128.zero
  package var isAegisVerified = false
  package var aegisVerificationEpoch = Epoch(0)

  package init(id: Identifier, host: Identifier, port: Int64) {
    self.id = id
    self.host = host
    self.port = port
  }
}
