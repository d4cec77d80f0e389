internal import StateCommitment
internal import StorageProtocol

/// `comparison` of a result: what was compared, and what came of each side.
struct ComparisonFields {
  /// In the order of the document.
  let sides: [Comparisons.Side]
  /// Where each side differs first; null where it is equal.
  let firstDivergences: [JSONValue]
  private let fields: EvidenceFields

  init(_ result: EvidenceFields) throws(EvidenceFault) {
    fields = try result.fields("comparison")
    try fields.require(["with", "equal", "accepted", "first_divergence", "sides"])
    var sides: [Comparisons.Side] = []
    var firstDivergences: [JSONValue] = []
    let outcomes = try fields.fields("sides")
    for name in try fields.elements("with") {
      guard let side = name.stringBytes.flatMap({ Comparisons.Side(rawValue: String(decoding: $0, as: UTF8.self)) })
      else { throw .impossible(fields.path("with")) }
      let outcome = try outcomes.fields(side.rawValue)
      try outcome.require(["equal", "accepted", "first_divergence"])
      let divergence = try outcome.value("first_divergence")
      try outcome.compare("equal", .boolean(divergence.isNull), from: "its first_divergence")
      sides.append(side)
      firstDivergences.append(divergence)
    }
    self.sides = sides
    self.firstDivergences = firstDivergences
    guard sides == Comparisons.Side.allCases.filter(sides.contains) else { throw .impossible(fields.path("with")) }
    try outcomes.require(sides.map(\.rawValue))
  }

  var areEqual: Bool? { sides.isEmpty ? nil : firstDivergences.allSatisfy(\.isNull) }

  func firstDivergence(_ side: Comparisons.Side) -> JSONValue? {
    sides.firstIndex(of: side).map { firstDivergences[$0] }
  }

  /// Whether a state root was compared.
  func coversState(_ result: EvidenceFields) throws(EvidenceFault) -> Bool {
    if try result.expectations.stateRoot != nil || sides.contains(.sequential) { return true }
    return try result.goldenRoot != nil
  }

  /// Checks how many diverged entries each side leaves out because they are accepted: of the record, those of `accepted`.
  func check(accepted: AcceptedFields?) throws(EvidenceFault) {
    var sum: UInt64 = 0
    for side in sides {
      let count = side == .recorded ? accepted?.diverged ?? 0 : 0
      try fields.fields("sides").fields(side.rawValue).compare("accepted", .integer(count), from: "result.accepted")
      sum += count
    }
    try fields.compare("accepted", .integer(sum), from: "result.comparison.sides")
  }

  /// Checks what the sides say together: whether all are equal, and the divergence that comes first in the log.
  func checkSummary() throws(EvidenceFault) {
    try fields.compare("equal", areEqual.map(JSONValue.boolean) ?? .null, from: "result.comparison.sides")
    var first: (ordinal: Int64, divergence: JSONValue)?
    for (side, divergence) in zip(sides, firstDivergences) where !divergence.isNull {
      let path = fields.path("sides.\(side.rawValue).first_divergence")
      let parts = try EvidenceFields(divergence, at: path)
      try parts.require(["ordinal", "epoch", "object_id", "version", "field", "expected", "actual"])
      _ = try parts.text("field")
      guard try !parts.value("ordinal").isNull else { continue }
      let ordinal = try parts.integer("ordinal")
      if first.map({ ordinal < $0.ordinal }) ?? true { first = (ordinal, divergence) }
    }
    let expected = first?.divergence ?? firstDivergences.first { !$0.isNull } ?? .null
    try fields.compare("first_divergence", expected, from: "result.comparison.sides")
  }
}
