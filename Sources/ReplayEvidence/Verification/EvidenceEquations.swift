internal import StateCommitment
internal import StorageProtocol

/// What follows from what in evidence, each computed again.
enum EvidenceEquations {
  static func evidenceDigest(_ document: EvidenceFields) throws(EvidenceFault) {
    let rest = document.object.members.filter { $0.key != Array("evidence_digest".utf8) }
    let digest = JCS.digestText(.object(JSONObject(rest.map { ($0.key, $0.value) })))
    try document.compare("evidence_digest", .text(digest), from: "the document's bytes")
  }

  static func resultDigest(_ document: EvidenceFields) throws(EvidenceFault) {
    try document.compare("result_digest", .text(JCS.digestText(document.value("result"))), from: "result")
  }

  /// found = applied + acknowledged + rejected + unsupported, each of them by its parts.
  static func entries(_ document: EvidenceFields) throws(EvidenceFault) {
    let result = try document.fields("result")
    guard try !EvidenceForm.isDamaged(result) else {
      try result.fields("archive").compare("entries", .null, from: "damage")
      return
    }
    let entries = try EntrySums(result)
    try entries.check()
    try result.fields("archive").compare("entries", .integer(entries.total), from: "result.entries")
    let ratio = EntryCounts.ratio(succeeded: entries.applied + entries.acknowledged, total: entries.total)
    try result.compare("success_ratio", .text(ratio), from: "result.entries")
    let stores = try result.stores
    try result.compare("stores", .object(stores.json), from: "its own counts")
    var proofs = ProofCounts()
    let fields = try result.fields("proofs")
    proofs.generated = try fields.count("generated")
    proofs.failed = try fields.count("failed")
    proofs.carried = try fields.count("carried")
    try result.compare("proofs", .object(proofs.json), from: "its own counts")
    let events = [stores.reexecuted, stores.carried, stores.placeholder, proofs.failed, proofs.carried]
    guard EntrySums.sum(events).map({ $0 <= entries.applied }) == true else {
      throw .differs("result.stores", from: "result.entries.applied")
    }
  }

  /// Roots and hashes, from the three trees' roots and the counters.
  static func state(_ document: EvidenceFields) throws(EvidenceFault) {
    let result = try document.fields("result")
    guard try !EvidenceForm.isDamaged(result) else { return }
    let state = try result.state
    try result.compare("state", .object(state.json), from: "its own counts")
    try result.compare("commitment", .object(result.roots(of: state).json), from: "the trees' roots and result.state")
    let hashes = LegacyHashes(state)
    try result.compare("legacy", hashes.json, from: "result.state")
  }

  /// What an archive declared, and what was found of it.
  static func completeness(_ document: EvidenceFields) throws(EvidenceFault) {
    let result = try document.fields("result")
    guard try !EvidenceForm.isDamaged(result) else { return }
    // Counts that no sum holds are not added up below.
    let entries = try EntrySums(result)
    try entries.check()
    let fields = try result.fields("completeness")
    let integrity = try fields.text("integrity")
    let found = try Completeness.Sum(fields.fields("entries"))
    // An archive declares every sum, a plain log none.
    let declared = [found.expected, try fields.sum("segments")?.expected, try fields.sum("raw_bytes")?.expected]
    guard declared.allSatisfy({ ($0 == nil) == (integrity == Completeness.noIntegrity) }) else {
      throw .differs("result.completeness", from: "its integrity")
    }
    // Every entry has a byte of the log.
    guard let rawBytes = try fields.sum("raw_bytes"), rawBytes.found >= found.found else {
      throw .differs("result.completeness.raw_bytes.found", from: "result.completeness.entries.found")
    }
    for hasPacks in [false, true] {
      let completeness = Completeness(
        stop: .end, isVerified: integrity != Completeness.noIntegrity, hasPacks: hasPacks,
        segments: try fields.sum("segments"), rawBytes: try fields.sum("raw_bytes"), entries: found)
      guard completeness.integrity == integrity else { continue }
      try result.compare(
        "completeness", completeness.json(entries.counts), from: "its own sums and result.entries")
      return
    }
    throw .impossible("result.completeness.integrity")
  }

  /// Verdict and claims, by the rules that made them.
  static func verdict(_ document: EvidenceFields) throws(EvidenceFault) {
    let facts = try VerdictFacts(document)
    let verdict = JSONValue.text(Verdict(facts).rawValue)
    try document.compare("verdict", verdict, from: "the result")
    try document.fields("result").compare("verdict", verdict, from: "the result")
    try document.compare("reasons", .array(facts.reasons.map(JSONValue.text)), from: "the result")
    try document.compare("zero_simulation_compliance", .text(facts.zeroSimulationCompliance), from: "result.stores")
    try document.compare("audit_readiness", .text(facts.auditReadiness), from: "the result and signed_by")
  }

  /// The runbook's copies at the top.
  static func runbookFields(_ document: EvidenceFields) throws(EvidenceFault) {
    let result = try document.fields("result")
    let verification = try document.fields("verification")
    var fields = RunbookFields(try VerdictFacts(document))
    if try EvidenceForm.isDamaged(result) {
      try document.compare("replay_details", .null, from: "damage")
    } else {
      let state = try result.state
      fields.state = state
      fields.stateRoot = try result.fields("commitment").digest("state_root")
      fields.goldenRoot = try result.goldenRoot
      fields.firstDivergence = try result.fields("comparison").value("first_divergence")
      // What they hold is judged with the comparisons.
      fields.divergences = try verification.elements("divergences")
      fields.divergencesOmitted = try verification.count("divergences_omitted")
      let epochs = try verification.count("epochs_compared")
      guard let epochsCompared = Int(exactly: epochs) else { throw .impossible("verification.epochs_compared") }
      fields.epochsCompared = epochsCompared
      try document.compare("replay_details", RunbookFields.replayDetails(state), from: "result.state")
    }
    try document.compare("verification", fields.verification, from: "the result")
  }
}
