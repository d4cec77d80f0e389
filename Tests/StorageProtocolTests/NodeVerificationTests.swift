import ReplayTestSupport
import StorageProtocol
import Testing

@Suite struct NodeVerificationTests {
  @Test func `every recorded case gives the recorded status and reason`() throws {
    let vectors = try Fixture.json("aegis-verification")
    let snapshots = try vectors.elements("snapshots")
    let cases = try vectors.elements("cases")
    #expect(cases.count == 360)
    for item in cases {
      let item = try #require(item.objectValue)
      let index = try #require(item["snapshot"]?.integer(as: Int.self))
      let context = try #require(snapshots[index].objectValue)
      let answer = NodeVerification.verify(
        Identifier(try item.text("node_id")), registry: try RegistrySnapshot(context.required("registry_snapshot")),
        telemetry: try TelemetrySnapshot(context.required("telemetry_snapshot")))
      #expect(answer == recorded(item), "\(item)")
    }
  }

  private func recorded(_ item: JSONObject) -> NodeVerification {
    guard let reason = item["reason_code"]?.stringBytes, let status = item["status"]?.stringBytes else {
      return .verified
    }
    return .unverified(
      status: String(decoding: status, as: UTF8.self), reason: String(decoding: reason, as: UTF8.self))
  }
}
