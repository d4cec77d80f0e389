import ReplayEngine
import ReplayTestSupport
import StorageProtocol
import Testing

/// Divergences of which some entries alone show nothing: counters that overflow only in the whole log.
@Suite struct TotalsTests {
  @Test func `an entry that is rejected for what the whole log has raised is reproduced by all of it`() async throws {
    let folder = try TemporaryFolder()
    var entries = [
      #"{"event_type":"NODE_REGISTRATION","node_id":"n"}"#, #"{"event_type":"EPOCH_ADVANCEMENT","epoch":1}"#,
      #"{"event_type":"NODE_UPTIME","node_id":"n","uptime_bucket":100000000000000000}"#,
    ]
    // One STORE gives 3 bytes and 3 proofs, whose reward fits; 40 of them one that does not.
    for version in 1...40 {
      entries.append(#"{"event_type":"STORE","object_id":"o","version":\#(version),"content_size":1}"#)
    }
    let last = entries.count
    entries.append(#"{"event_type":"NODE_STATUS","node_id":"n","status":"revoked"}"#)
    let golden = try folder.write(LogText.lines(entries), "golden.jsonl")
    entries[last] = #"{"event_type":"NOD_REWARDS","epoch":1}"#
    let log = try folder.write(LogText.lines(entries), "log.jsonl")
    let trace = "\(folder.path)/trace"
    _ = try GoldenRecording(
      ReplayOptions(ReplayArguments(log: golden)), path: trace, detail: "full", replaces: false, services: Services()
    ).run()
    let report = try await Bisection(
      ReplayOptions(ReplayArguments(log: log)), golden: trace, reproduction: "\(folder.path)/reproduction",
      replaces: false, services: Services()
    ).run()
    let document = try #require(try JSONText.value(report.json).objectValue)
    let divergence = try document.object("divergence")
    #expect(divergence["ordinal"] == .integer(last))
    #expect(try divergence.object("actual").text("outcome") == "rejected, SE_ERR_INTERNAL")
    #expect(try divergence.object("expected").text("outcome") == "NODE_STATUS")
    let reproduction = try document.object("reproduction")
    #expect(reproduction["whole_prefix"] == .boolean(true))
    #expect(reproduction["shows_the_same"] == .boolean(true))
    #expect(reproduction["entries"] == .integer(entries.count))
  }
}
