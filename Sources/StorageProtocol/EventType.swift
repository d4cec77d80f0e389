/// The types of entries a replay knows (protocol.md 5 to 7).
public enum EventType: String, CaseIterable, Sendable {
  case store = "STORE"
  case proofGenerated = "PROOF_GENERATED"
  case proofFailed = "PROOF_FAILED"
  case nodeRegistration = "NODE_REGISTRATION"
  case nodeUnregistration = "NODE_UNREGISTRATION"
  case nodeStatus = "NODE_STATUS"
  case nodeUptime = "NODE_UPTIME"
  case aegisContext = "AEGIS_CONTEXT"
  case epochAdvancement = "EPOCH_ADVANCEMENT"
  case nodRewards = "NOD_REWARDS"
  case read = "READ"
  case getProof = "GET_PROOF"
  case listObjects = "LIST_OBJECTS"

  package init?(name: [UInt8]) {
    guard let known = EventType.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else { return nil }
    self = known
  }
}
