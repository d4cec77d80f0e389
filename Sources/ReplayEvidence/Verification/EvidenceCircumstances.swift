internal import StorageProtocol

/// What belongs to one run of a drill, who signs, and the place in a chain: nothing in the document says more of these than that
/// each has its form.
enum EvidenceCircumstances {
  static func check(_ document: EvidenceFields) throws(EvidenceFault) {
    let run = try document.fields("run")
    try checkRun(run)
    try checkEpochs(run, document.fields("result"))
    try document.compare("timestamp", .text(run.text("ended")), from: "run.ended")
    guard try run.value("golden").isNull == document.fields("result").value("golden_trace").isNull else {
      throw .differs("run.golden", from: "result.golden_trace")
    }
    try checkSigner(document)
    try checkPrevious(document)
  }

  /// Exactly the members that a drill writes, each of its kind.
  private static func checkRun(_ run: EvidenceFields) throws(EvidenceFault) {
    let texts = ["log", "host", "system"]
    let counts = ["workers", "partitions", "entries_per_second", "peak_memory_bytes", "hashed_bytes"]
    try run.require(
      texts + counts + ["seconds", "stages", "steps", "golden", "started", "ended", "tool"],
      optional: ["epochs", "permutations"])
    for name in texts { _ = try run.text(name) }
    for name in counts { _ = try run.count(name) }
    // Evidence of a version before 0.7.0 has none.
    if run.object["permutations"] != nil { _ = try run.count("permutations") }
    for name in ["workers", "partitions"] where try run.count(name) == 0 { throw .impossible(run.path(name)) }
    if try !run.value("golden").isNull { _ = try run.text("golden") }
    let tool = try run.fields("tool")
    try tool.require(["name", "version"])
    for name in ["name", "version"] { _ = try tool.text(name) }
    try checkSeconds(run, "seconds")
    for name in ["stages", "steps"] {
      let parts = try run.fields(name)
      for member in parts.object.members { try checkSeconds(parts, String(decoding: member.key, as: UTF8.self)) }
    }
    try checkTimes(run)
  }

  /// The spans of a replay's epochs, where they are told: together they have the entries of the result.
  private static func checkEpochs(_ run: EvidenceFields, _ result: EvidenceFields) throws(EvidenceFault) {
    guard run.object["epochs"] != nil else { return }
    let epochs = try run.fields("epochs")
    try epochs.require(["spans"])
    var sums = (entries: UInt64(0), notApplied: UInt64(0))
    let elements = try epochs.elements("spans")
    guard elements.count <= EpochSpans.spansMax else { throw .impossible(epochs.path("spans")) }
    for (index, element) in elements.enumerated() {
      let span = try EvidenceFields(element, at: epochs.path("spans.\(index)"))
      try span.require(["first", "last", "entries", "not_applied", "seconds"])
      for name in ["first", "last"] { _ = try span.integer(name) }
      try checkSeconds(span, "seconds")
      let (entries, notApplied) = (try span.count("entries"), try span.count("not_applied"))
      guard notApplied <= entries else { throw .impossible(span.path("not_applied")) }
      let (sum, overflow) = sums.entries.addingReportingOverflow(entries)
      guard !overflow else { throw .impossible(span.path("entries")) }
      // Never more than the entries.
      sums = (sum, sums.notApplied + notApplied)
    }
    let entries = try result.fields("entries")
    guard try sums.entries == entries.count("total") else {
      throw .differs(epochs.path("spans"), from: entries.path("total"))
    }
    let (notApplied, overflow) = try entries.count("rejected").addingReportingOverflow(entries.count("unsupported"))
    guard !overflow, sums.notApplied == notApplied else {
      throw .differs(epochs.path("spans"), from: entries.path("rejected"))
    }
  }

  /// Seconds with six decimals, as `Duration.secondsText` writes them.
  private static func checkSeconds(_ fields: EvidenceFields, _ name: String) throws(EvidenceFault) {
    let parts = try fields.text(name).utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, areDigits(parts[0]), parts[1].count == 6, areDigits(parts[1]),
      parts[0].count == 1 || parts[0].first != UInt8(ascii: "0")
    else { throw .impossible(fields.path(name)) }
  }

  private static func areDigits(_ text: Substring.UTF8View) -> Bool {
    !text.isEmpty && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// A run ends when it starts, or later. Such texts stand in the order of time.
  private static func checkTimes(_ run: EvidenceFields) throws(EvidenceFault) {
    let (started, ended) = (try run.text("started"), try run.text("ended"))
    for (name, time) in [("started", started), ("ended", ended)] where !isTime(time) {
      throw .impossible(run.path(name))
    }
    guard !ended.utf8.lexicographicallyPrecedes(started.utf8) else {
      throw .differs("run.ended", from: "run.started: it is before")
    }
  }

  /// Whether a text is a moment as `TimeOfDay` writes it: `2026-11-26T12:25:53.063773Z`.
  private static func isTime(_ text: String) -> Bool {
    let pattern = Array("0000-00-00T00:00:00.000000Z".utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return text.utf8.count == pattern.count && CalendarDay(iso8601: text.utf8.prefix(10)) != nil
      && zip(text.utf8, pattern).allSatisfy { $1 == UInt8(ascii: "0") ? digits.contains($0) : $0 == $1 }
  }

  private static func checkSigner(_ document: EvidenceFields) throws(EvidenceFault) {
    guard try !document.value("signed_by").isNull else { return }
    let signer = try document.fields("signed_by")
    try signer.require(["algorithm", "key_id"])
    _ = try signer.digest("key_id")
    guard ["ed25519", "p256"].contains(try signer.text("algorithm")) else {
      throw .impossible("signed_by.algorithm")
    }
  }

  private static func checkPrevious(_ document: EvidenceFields) throws(EvidenceFault) {
    guard try !document.value("previous").isNull else { return }
    let previous = try document.fields("previous")
    try previous.require(["evidence_sha256", "evidence_digest", "result_digest"])
    _ = try previous.digest("evidence_sha256")
    _ = try previous.prefixedDigest("evidence_digest")
    _ = try previous.prefixedDigest("result_digest")
  }
}
