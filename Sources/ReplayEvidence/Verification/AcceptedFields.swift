internal import StorageProtocol

/// `accepted` of a result: the accept list, and what of it was found.
struct AcceptedFields {
  let lines: UInt64
  let used: UInt64
  /// Of which at most as many are named as a list holds.
  let unused: UInt64
  let divergences: UInt64
  let diverged: UInt64
  let rejected: UInt64
  let unsupported: UInt64
  private let fields: EvidenceFields

  /// Nil where nothing was listed as accepted.
  init?(_ result: EvidenceFields) throws(EvidenceFault) {
    guard try !result.value("accepted").isNull else { return nil }
    fields = try result.fields("accepted")
    lines = try fields.count("lines")
    used = try fields.count("used")
    let (unused, overflow) = UInt64(try fields.elements("unused").count)
      .addingReportingOverflow(try fields.count("unused_omitted"))
    guard !overflow else { throw .impossible(fields.path("unused_omitted")) }
    self.unused = unused
    divergences = try fields.count("divergences")
    diverged = try fields.count("diverged")
    rejected = try fields.count("rejected")
    unsupported = try fields.count("unsupported")
  }

  /// Checks the form, and the counts against each other and those of the entries.
  func check(_ entries: EntrySums) throws(EvidenceFault) {
    try fields.require([
      "sha256", "lines", "used", "unused", "unused_omitted", "divergences", "diverged", "rejected", "unsupported",
    ])
    guard lines > 0, EntrySums.sum([used, unused]) == lines else {
      throw .differs(path("lines"), from: "used + unused")
    }
    guard EntrySums.sum([divergences, rejected, unsupported]) == used else {
      throw .differs(path("used"), from: "divergences + rejected + unsupported")
    }
    guard diverged <= divergences, diverged <= entries.diverged else {
      throw .differs(path("diverged"), from: "divergences and result.entries.diverged")
    }
    guard rejected <= entries.rejected else { throw .differs(path("rejected"), from: "result.entries.rejected") }
    guard unsupported <= entries.unsupported else {
      throw .differs(path("unsupported"), from: "result.entries.unsupported")
    }
    try checkUnused()
  }

  private func path(_ name: String) -> String { fields.path(name) }

  /// Lines are named in the order of a list, each once.
  private func checkUnused() throws(EvidenceFault) {
    let items = try fields.elements("unused")
    let isFull = items.count == BoundedList<AcceptList.Line>.itemsMax
    guard isFull || (items.count < BoundedList<AcceptList.Line>.itemsMax && UInt64(items.count) == unused) else {
      throw .impossible(path("unused"))
    }
    var before: AcceptList.Line?
    for (index, item) in items.enumerated() {
      let place = path("unused.\(index)")
      let line = try AcceptList.Line(EvidenceFields(item, at: place))
      guard JCS.areEqual(item, line.json), line.number > 0, before.map({ AcceptList.precedes($0, line) }) ?? true else {
        throw .impossible(place)
      }
      before = line
    }
  }

  /// Checks accepted divergences against all that there are: they are all of them where every diverged entry is accepted, and
  /// only then.
  func check(divergenceCount: UInt64, diverged divergedCount: UInt64) throws(EvidenceFault) {
    guard divergences <= divergenceCount, (diverged == divergedCount) == (divergences == divergenceCount) else {
      throw .differs(path("divergences"), from: "verification.divergences")
    }
  }
}

extension AcceptList.Line {
  fileprivate init(_ fields: EvidenceFields) throws(EvidenceFault) {
    guard let number = Int(exactly: try fields.count("line")) else { throw .impossible(fields.path("line")) }
    let finding: AcceptList.Finding
    if fields.object["field"] != nil {
      let field = try fields.text("field")
      guard AcceptList.Finding.fields.contains(field) else { throw .impossible(fields.path("field")) }
      finding = .divergence(field: field)
    } else {
      let code = try fields.text("code")
      if code == AcceptList.Finding.unsupportedCode {
        finding = .unsupported
      } else if let code = ErrorCode(rawValue: code) {
        finding = .rejection(code)
      } else {
        throw .impossible(fields.path("code"))
      }
    }
    self.init(number: number, ordinal: Ordinal(try fields.count("ordinal")), finding: finding)
  }
}

extension EvidenceEquations {
  /// What was accepted: the list that was given, and counts that agree.
  static func accepted(_ document: EvidenceFields) throws(EvidenceFault) {
    let result = try document.fields("result")
    guard try !EvidenceForm.isDamaged(result) else { return }
    let stated = try result.fields("options").value("accept_sha256")
    guard let accepted = try AcceptedFields(result) else {
      guard stated.isNull else { throw .differs("result.accepted", from: "result.options.accept_sha256") }
      return
    }
    try accepted.check(EntrySums(result))
    try result.fields("accepted").compare("sha256", stated, from: "result.options.accept_sha256")
  }
}
