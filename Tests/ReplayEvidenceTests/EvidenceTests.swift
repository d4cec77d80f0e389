import GoldenRun
import ReplayEvidence
import ReplayTestSupport
import StateCommitment
import StorageProtocol
import Testing

@Suite struct EvidenceTests {
  private static let carried =
    #"{"event_type":"STORE","object_id":"c","version":1,"content_size":0,"atr_cost":"0.000000000000000000","hash_commit":"\#(String(repeating: "a", count: 64))"}"#
  private static let reexecuted =
    #"{"event_type":"STORE","object_id":"r","version":1,"payload":{"metadata":{},"content":""}}"#
  private static let placeholder = #"{"event_type":"STORE","object_id":"p","version":1,"content_size":0}"#

  private func evidence(_ entries: [String], isSigned: Bool = false, expectsRoot: Bool = true) throws -> JSONObject {
    let result = try LogText.replay(entries).result
    var expectations = Comparisons.Expectations()
    if expectsRoot { expectations.stateRoot = result.roots.state }
    var document = EvidenceDocument(
      finding: .replayed(ResultDocument(result, .plain(result), expectations: expectations)),
      archive: .init(sha256: .zero, bytes: 1, entries: UInt64(entries.count)),
      options: .init(
        constants: GovernedConstants(), profile: .runbook, contentBytesMax: 1 << 30,
        threshold: BigNum128(raw: BigNum128.scale), expectations: expectations))
    if isSigned { document.signer = .init(algorithm: "ed25519", keyID: .zero) }
    return document.json(timestamp: "t", run: JSONObject([:]))
  }

  @Test func `zero simulation holds only if every STORE was re-executed`() throws {
    let cases: [([String], String)] = [
      ([Self.reexecuted], "PASS"), ([Self.reexecuted, Self.carried], "FAIL"), ([Self.placeholder], "FAIL"),
      ([#"{"event_type":"READ"}"#], "NOT_APPLICABLE"),
    ]
    for (entries, expected) in cases {
      #expect(try evidence(entries).text("zero_simulation_compliance") == expected)
    }
  }

  @Test func `only signed, passed, compared evidence without placeholders is ready for audit`() throws {
    #expect(try evidence([Self.reexecuted], isSigned: true).text("audit_readiness") == "READY")
    #expect(try evidence([Self.reexecuted]).text("audit_readiness") == "NOT_READY")
    #expect(try evidence([Self.placeholder], isSigned: true).text("audit_readiness") == "NOT_READY")
    #expect(try evidence([Self.reexecuted], isSigned: true, expectsRoot: false).text("audit_readiness") == "NOT_READY")
    #expect(try evidence([Self.reexecuted, "{}"], isSigned: true).text("audit_readiness") == "NOT_READY")
  }

  @Test func `a ratio below the threshold is a reason`() throws {
    let reasons = try evidence([Self.reexecuted, "{}"]).elements("reasons")
    #expect(reasons == [.text("entries-rejected"), .text("success-ratio-below-threshold")])
  }

  @Test func `the digest of the result is that of its canonical bytes`() throws {
    let evidence = try evidence([Self.reexecuted])
    let digest = Digest.sha256(JCS.encode(try evidence.required("result"))).hexadecimal
    #expect(try evidence.text("result_digest") == "sha256:\(digest)")
  }

  @Test func `the evidence hash of 3 nodes, 2 objects, 6 shards is the recorded one`() {
    let summary = StateSummary(
      nodeCount: 3, objectCount: 2, shardCount: 6, currentEpoch: Epoch(4), totalAtrFees: .zero, totalNodRewards: .zero,
      eventLogCount: 9)
    #expect(
      LegacyHashes(summary).evidence.hexadecimal == "f6f2e54266d88bef98fb7d1ad32c0350c698fac3098ecd2a9a0453e38d05c9c4")
  }
}

extension Completeness {
  /// Of a log without sums.
  static func plain(_ result: ReplayResult) -> Completeness {
    Completeness(
      stop: .end, isVerified: false, segments: nil, rawBytes: nil,
      entries: .init(expected: nil, found: result.entries.total))
  }
}
