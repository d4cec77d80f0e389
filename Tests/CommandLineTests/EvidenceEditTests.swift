import ReplayEvidence
import ReplayTestSupport
import Signing
import StorageProtocol
import Testing

/// Every member of a drill's evidence, changed: each check of evidence that needs nothing but the file.
@Suite struct EvidenceEditTests {
  /// A log with everything evidence can speak of: content, carried events, rejected and unknown entries.
  private static let log = [
    #"{"event_type":"NODE_REGISTRATION","node_id":"n"}"#,
    #"{"event_type":"NODE_UPTIME","node_id":"n","uptime_bucket":5}"#, #"{"event_type":"READ"}"#,
    #"{"event_type":"EPOCH_ADVANCEMENT","epoch":1}"#,
    #"{"event_type":"STORE","object_id":"r","version":1,"payload":{"metadata":{},"content":"YQ=="}}"#,
    #"{"event_type":"STORE","object_id":"p","version":1,"content_size":3}"#, "{}", #"{"event_type":"X"}"#,
    #"{"event_type":"EPOCH_ADVANCEMENT","epoch":2}"#,
  ]

  private struct Drilled {
    let evidence: JSONObject
    let envelope: DSSE
    let key: SigningKey
  }

  /// Signed evidence that follows other evidence.
  private func drilled(
    _ log: [UInt8], golden: Bool = true, packed: Bool = false, writesState: Bool = false, options: [String] = []
  ) throws -> Drilled {
    let drill = try DrilledEvidence()
    var path = try drill.folder.write(log, "log.jsonl")
    if packed {
      try #require(try CommandLineRun(["pack", path, "-o", drill.path("log.eqm")]).status == 0)
      path = drill.path("log.eqm")
    }
    var options = options
    if golden {
      try #require(try CommandLineRun(["golden", path, "-o", drill.path("trace")]).status != 2)
      options += ["--golden", drill.path("trace")]
    }
    if writesState { options += ["--state-out", drill.path("state.sqlite")] }
    try drill.drill(path, out: "before", isSigned: false)
    try drill.drill(path, options + ["--previous", drill.file(".json", in: "before")])
    let evidence = try drill.document(drill.file(".json"))
    return Drilled(
      evidence: evidence, envelope: try DSSE(.object(drill.document(drill.file(".dsse.json")))),
      key: try SigningKey(pem: drill.bytes(drill.key)))
  }

  private func text(_ document: JSONObject) -> [UInt8] { JSONFormat.line.encode(.object(document)) }

  /// Evidence of a passed drill, of one with rejected entries and an unequal root, of a diverging and of a damaged log.
  private func everyKind() throws -> [(name: String, drilled: Drilled)] {
    let diverging = ["c", "d"].map { id in
      #"{"event_type":"STORE","object_id":"\#(id)","version":1,"content_size":0,"epoch":7,"atr_cost":"0.000000000000000000","hash_commit":"\#(String(repeating: "a", count: 64))"}"#
    }
    let accepted = ["epoch", "object", "version"].enumerated().map { index, field in
      #"{"ordinal":\#(4 + index),"field":"\#(field)","reason":"r","expires":"9999-12-31"}"#
    }
    let folder = try TemporaryFolder()
    let list = try folder.write(LogText.lines(accepted), "accept.jsonl")
    let known = accepted[0] + "\n" + accepted[0].replacing("4", with: "5")
    let whole = try folder.write(known, "whole.jsonl")
    return [
      (
        "accepted",
        try drilled(LogText.lines(Self.log.prefix(4) + diverging), golden: false, options: ["--accept", whole])
      ),
      (
        "partly accepted",
        try drilled(LogText.lines(Self.log.prefix(4) + diverging), golden: false, options: ["--accept", list])
      ),
      ("passed", try drilled(LogText.lines(Array(Self.log.prefix(5))), packed: true, writesState: true)),
      (
        "rejected",
        try drilled(LogText.lines(Self.log), options: ["--expect-state-root", String(repeating: "0", count: 64)])
      ),
      ("diverging", try drilled(LogText.lines(Self.log.prefix(4) + diverging), golden: false)),
      ("damaged", try drilled(Array("{\"event_type\":\"READ\"}\n{\"event_".utf8), golden: false)),
    ]
  }

  @Test func `whoever changes, removes or adds anything is noticed by the digests`() throws {
    for (name, drilled) in try everyKind() {
      let unchanged = EvidenceVerification(file: text(drilled.evidence))
      // The signature that it names is in another file.
      #expect(unchanged.document != nil, "\(name): \(unchanged.checks)")
      let edits = EvidenceEdits.all(of: drilled.evidence)
      #expect(edits.count > 300, "\(name)")
      for edit in edits {
        let verification = EvidenceVerification(file: text(edit.document))
        #expect(verification.document == nil, "\(name): \(edit.path) \(edit.change)")
      }
    }
  }

  @Test func `whoever edits a signed statement is noticed by the signature, even with digests computed anew`() throws {
    let drilled = try drilled(LogText.lines(Self.log))
    let key = drilled.key.verifyingKey
    let whole = JSONFormat.line.encode(drilled.envelope.json)
    #expect(EvidenceVerification(file: whole, key: key).holds)
    let statement = try #require(try JSONText.value(drilled.envelope.payload).objectValue)
    let signatures = try #require(drilled.envelope.json.objectValue?["signatures"])
    for edit in EvidenceEdits.all(of: statement) {
      var changed = edit.document
      if let predicate = changed["predicate"]?.objectValue {
        changed = changed.replacing("predicate", .object(predicate.withDigestsComputedAnew()))
      }
      // Only a digest that is computed back to what it was is no edit.
      guard text(changed) != drilled.envelope.payload else { continue }
      let envelope = try #require(DSSE(payloadType: DSSE.inTotoType, payload: text(changed)).json.objectValue)
      let verification = EvidenceVerification(file: text(envelope.replacing("signatures", signatures)), key: key)
      #expect(!verification.holds, "\(edit.path) \(edit.change)")
    }
    for edit in EvidenceEdits.all(of: try #require(drilled.envelope.json.objectValue))
    where !edit.path.hasSuffix("keyid") {
      #expect(!EvidenceVerification(file: text(edit.document), key: key).holds, "\(edit.path) \(edit.change)")
    }
  }

  @Test func `whoever computes the digests anew is noticed by the equations, but for the members listed`() throws {
    // What nothing else in the document follows from, each by the start of its path: `Evidence.md` lists it too.
    let free = [
      "result.archive.sha256", "result.archive.bytes", "result.constants.", "result.options.max_content_size",
      "result.options.threshold", "result.golden_trace.sha256", "result.golden_trace.bytes",
      "result.stores.", "result.proofs.", "result.completeness.raw_bytes.found",
      "result.accepted.unused.", "result.recovery.highest_tick", "result.recovery.last_applied.tick", "result.damage.",
      "verification.divergences.1.", "run", "snapshot", "signed_by.key_id", "previous.",
    ]
    var unnoticed: [String] = []
    for (name, drilled) in try everyKind() {
      for edit in EvidenceEdits.all(of: drilled.evidence) {
        let document = edit.document.withDigestsComputedAnew()
        guard document != drilled.evidence, EvidenceVerification(file: text(document)).document != nil else { continue }
        unnoticed.append(edit.path)
        // The first divergence is what the first of a side says, unless it is accepted.
        let freeHere = free + (name.hasSuffix("accepted") ? ["verification.divergences.0."] : [])
        #expect(freeHere.contains { edit.path.hasPrefix($0) }, "\(name): \(edit.path) \(edit.change)")
      }
    }
    for path in free { #expect(unnoticed.contains { $0.hasPrefix(path) }, "\(path) is noticed: the list is too long") }
  }

  @Test(arguments: [
    "", "{", "[]", "null", "{}", #"{"schema":"eqm-replay/evidence/2","result":{},"verdict":"PASSED"}"#,
    #"{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":""}]}"#,
  ])
  func `what is no evidence does not hold`(text: String) {
    let verification = EvidenceVerification(file: Array(text.utf8))
    #expect(!verification.holds)
    #expect(verification.document == nil)
    #expect(verification.checks.map(\.name) == [.form])
  }

  @Test func `a key twice and bytes behind the document do not hold`() throws {
    let drilled = try drilled(LogText.lines(Array(Self.log.prefix(5))))
    let text = text(drilled.evidence)
    #expect(EvidenceVerification(file: text + Array(" \n".utf8)).document != nil)
    #expect(EvidenceVerification(file: text + Array("{}".utf8)).document == nil)
    #expect(EvidenceVerification(file: Array(text.dropLast()) + Array(#","verdict":"PASSED"}"#.utf8)).document == nil)
    #expect(EvidenceVerification(file: Array(#"{"verdict":"PASSED","#.utf8) + text.dropFirst()).document == nil)
  }

  @Test func `what a file names is not written to a terminal as it is`() throws {
    let drilled = try drilled(LogText.lines(Array(Self.log.prefix(5))))
    let members = drilled.evidence.members.map { (key: $0.key, value: $0.value) }
    let hostile = JSONObject(members + [(key: Array("\u{1B}[2J".utf8), value: .null)])
    let details = EvidenceVerification(file: text(hostile)).checks.map(\.detail)
    #expect(details.contains { $0.contains("[2J") })
    #expect(!details.contains { $0.contains("\u{1B}") })
  }
}
