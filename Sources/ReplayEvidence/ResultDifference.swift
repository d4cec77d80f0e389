package import StorageProtocol

extension ReplayResult {
  /// Where this result first differs from that of another run of the same log: checkpoints in order, then the end, then what
  /// was found. Nil if both are equal in every field.
  package func firstDifference(from expected: ReplayResult) -> Comparisons.FirstDivergence? {
    guard self != expected else { return nil }
    for (ours, theirs) in zip(checkpoints, expected.checkpoints) {
      if let difference = ours.firstDifference(from: theirs) { return difference }
    }
    let counts = (checkpoints.count, expected.checkpoints.count)
    if counts.0 != counts.1 {
      return Comparisons.FirstDivergence(field: "checkpoints", expected: .integer(counts.1), actual: .integer(counts.0))
    }
    for (ours, theirs) in zip(comparedParts, expected.comparedParts) {
      if let difference = ours.json.firstDifference(from: theirs.json, in: ours.name) { return difference }
    }
    if let difference = recoveryPoint.json.firstDifference(from: expected.recoveryPoint.json, in: "recovery") {
      return difference
    }
    return firstFindingDifference(from: expected)
  }

  private func firstFindingDifference(from expected: ReplayResult) -> Comparisons.FirstDivergence {
    if rejects != expected.rejects {
      return .lists("rejects", expected.rejects.items.map(\.json), rejects.items.map(\.json))
    }
    if divergences != expected.divergences {
      return .lists("divergences", expected.divergences.items.map(\.json), divergences.items.map(\.json))
    }
    if acceptance != expected.acceptance {
      return Comparisons.FirstDivergence(
        field: "accepted", expected: expected.acceptance.map { .object($0.json) },
        actual: acceptance.map { .object($0.json) })
    }
    if comparedWithRecorded != expected.comparedWithRecorded {
      return Comparisons.FirstDivergence(
        field: "compared_with_recorded", expected: .boolean(expected.comparedWithRecorded),
        actual: .boolean(comparedWithRecorded))
    }
    return Comparisons.FirstDivergence(field: "entries.unsupported_types", expected: nil, actual: nil)
  }
}

extension Checkpoint {
  /// The first field that differs, at the epoch and ordinal of this checkpoint.
  package func firstDifference(from expected: Checkpoint) -> Comparisons.FirstDivergence? {
    for (ours, theirs) in zip(json.members, expected.json.members) where ours.value != theirs.value {
      return Comparisons.FirstDivergence(
        ordinal: ordinal, epoch: summary.currentEpoch, field: String(decoding: ours.key, as: UTF8.self),
        expected: theirs.value, actual: ours.value)
    }
    return nil
  }
}

extension JSONObject {
  /// The first member whose value is another in `expected`, named `part.member`.
  package func firstDifference(from expected: JSONObject, in part: String) -> Comparisons.FirstDivergence? {
    for member in members {
      let name = String(decoding: member.key, as: UTF8.self)
      guard expected[name] != member.value else { continue }
      return Comparisons.FirstDivergence(field: "\(part).\(name)", expected: expected[name], actual: member.value)
    }
    return nil
  }
}

extension Comparisons.FirstDivergence {
  /// The first items that differ of two lists of findings.
  fileprivate static func lists(_ name: String, _ expected: [JSONObject], _ actual: [JSONObject]) -> Self {
    let place = zip(expected, actual).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let index = place ?? min(expected.count, actual.count)
    return Self(
      field: name, expected: index < expected.count ? .object(expected[index]) : nil,
      actual: index < actual.count ? .object(actual[index]) : nil)
  }
}
