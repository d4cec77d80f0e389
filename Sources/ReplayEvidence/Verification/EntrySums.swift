internal import StorageProtocol

/// The counts of `result.entries`.
struct EntrySums {
  let total: UInt64
  let applied: UInt64
  let diverged: UInt64
  let acknowledged: UInt64
  let rejected: UInt64
  let unsupported: UInt64
  private let fields: EvidenceFields

  init(_ result: EvidenceFields) throws(EvidenceFault) {
    fields = try result.fields("entries")
    total = try fields.count("total")
    applied = try fields.count("applied")
    diverged = try fields.count("diverged")
    acknowledged = try fields.count("acknowledged")
    rejected = try fields.count("rejected")
    unsupported = try fields.count("unsupported")
  }

  /// The counts without codes and types.
  var counts: EntryCounts {
    EntryCounts(
      applied: applied, diverged: diverged, acknowledged: acknowledged, rejected: rejected, unsupported: unsupported)
  }

  /// The sum; nil where no integer holds it.
  static func sum(_ counts: [UInt64]) -> UInt64? {
    var sum: UInt64 = 0
    for count in counts {
      let (next, overflow) = sum.addingReportingOverflow(count)
      guard !overflow else { return nil }
      sum = next
    }
    return sum
  }

  func check() throws(EvidenceFault) {
    try fields.require(
      [
        "total", "applied", "diverged", "acknowledged", "rejected", "unsupported", "rejected_by_code",
        "unsupported_types",
      ], optional: ["unsupported_types_omitted"])
    guard EntrySums.sum([applied, acknowledged, rejected, unsupported]) == total else {
      throw .differs("result.entries.total", from: "applied + acknowledged + rejected + unsupported")
    }
    guard diverged <= applied else { throw .differs("result.entries.diverged", from: "applied") }
    let codes = try fields.fields("rejected_by_code")
    guard try EntrySums.sum(EntrySums.counts(codes)) == rejected,
      codes.object.members.allSatisfy({ ErrorCode(rawValue: String(decoding: $0.key, as: UTF8.self)) != nil })
    else { throw .differs("result.entries.rejected_by_code", from: "rejected") }
    try checkTypes()
  }

  /// At most 100 types are named; only where all are is their sum known.
  private func checkTypes() throws(EvidenceFault) {
    let path = "result.entries.unsupported_types"
    let counts = try EntrySums.counts(fields.fields("unsupported_types"))
    guard let sum = EntrySums.sum(counts) else { throw .impossible(path) }
    guard fields.object["unsupported_types_omitted"] != nil else {
      guard sum == unsupported, counts.count <= BoundedList<Rejection>.itemsMax else {
        throw .differs(path, from: "unsupported")
      }
      return
    }
    let omitted = try fields.count("unsupported_types_omitted")
    guard omitted > 0, counts.count == BoundedList<Rejection>.itemsMax, sum <= unsupported,
      unsupported - sum >= omitted
    else { throw .differs(path, from: "unsupported") }
  }

  /// Every member of an object of counts; none is zero.
  private static func counts(_ fields: EvidenceFields) throws(EvidenceFault) -> [UInt64] {
    var counts: [UInt64] = []
    for member in fields.object.members {
      let name = String(decoding: member.key, as: UTF8.self)
      let count = try fields.count(name)
      guard count > 0 else { throw .impossible(fields.path(name)) }
      counts.append(count)
    }
    return counts
  }
}
