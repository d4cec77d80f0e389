/// What of an ``AcceptList`` was found, counted where findings come up, before any list of them is cut.
///
/// Tallies of parts of a log, added in any order, give that of the whole: every line accepts one finding, and every finding
/// comes up once.
package struct AcceptanceTally: Equatable, Sendable, Codable {
  /// Places of lines that accepted something; each once, in no order.
  fileprivate private(set) var used: [Int] = []
  /// Accepted divergences, field by field.
  package private(set) var divergences: UInt64 = 0
  /// Diverged entries of which every field is accepted.
  package private(set) var diverged: UInt64 = 0
  /// Rejected entries that are accepted.
  package private(set) var rejected: UInt64 = 0
  /// Entries of unknown type that are accepted.
  package private(set) var unsupported: UInt64 = 0
  /// The first divergence in the log that is not accepted.
  package private(set) var firstUnaccepted: Divergence?

  package init() {}

  /// Notes in what an applied entry diverges: all of it at once.
  package mutating func note(_ found: [Divergence], accepting list: AcceptList) {
    guard !found.isEmpty else { return }
    var unaccepted: Divergence?
    for divergence in found {
      if use(.divergence(field: divergence.field), at: divergence.ordinal, list) {
        divergences += 1
      } else {
        unaccepted = unaccepted ?? divergence
      }
    }
    if unaccepted == nil { diverged += 1 }
    noteUnaccepted(unaccepted)
  }

  package mutating func note(rejected ordinal: Ordinal, _ code: ErrorCode, accepting list: AcceptList) {
    if use(.rejection(code), at: ordinal, list) { rejected += 1 }
  }

  package mutating func note(unsupported ordinal: Ordinal, accepting list: AcceptList) {
    if use(.unsupported, at: ordinal, list) { unsupported += 1 }
  }

  /// Adds what was found of other entries.
  package mutating func add(_ other: AcceptanceTally) {
    used += other.used
    divergences += other.divergences
    diverged += other.diverged
    rejected += other.rejected
    unsupported += other.unsupported
    noteUnaccepted(other.firstUnaccepted)
  }

  /// Whether a line accepts the finding; it is used then.
  private mutating func use(_ finding: AcceptList.Finding, at ordinal: Ordinal, _ list: AcceptList) -> Bool {
    guard let place = list.place(of: finding, at: ordinal) else { return false }
    used.append(place)
    return true
  }

  private mutating func noteUnaccepted(_ divergence: Divergence?) {
    guard let divergence, firstUnaccepted.map({ divergence.ordinal < $0.ordinal }) ?? true else { return }
    firstUnaccepted = divergence
  }

  /// The same, whoever counted in whichever order.
  fileprivate var ordered: AcceptanceTally {
    var tally = self
    tally.used.sort()
    return tally
  }
}

/// An accept list, and what of it a whole replay found.
package struct Acceptance: Equatable, Sendable {
  package let list: AcceptList
  package let tally: AcceptanceTally

  package init(_ list: AcceptList, _ tally: AcceptanceTally) {
    self.list = list
    self.tally = tally.ordered
    precondition(
      zip(self.tally.used, self.tally.used.dropFirst()).allSatisfy { $0 < $1 }, "a line accepts one finding of the log")
  }

  /// Lines that accepted something.
  package var usedCount: Int { tally.used.count }

  /// Lines that accepted nothing, by ordinal.
  ///
  /// - Complexity: O(lines).
  package var unused: [AcceptList.Line] {
    var used = tally.used[...]
    return list.lines.indices.compactMap { place in
      guard used.first == place else { return list.lines[place] }
      used = used.dropFirst()
      return nil
    }
  }

  /// For a report: counts, and the first lines that were not used.
  package var json: JSONObject {
    let unused = unused
    let shown = unused.prefix(BoundedList<AcceptList.Line>.itemsMax)
    return JSONObject([
      "sha256": .hexadecimal(list.sha256), "lines": .integer(list.lines.count), "used": .integer(usedCount),
      "unused": .array(shown.map(\.json)), "unused_omitted": .integer(unused.count - shown.count),
      "divergences": .integer(tally.divergences), "diverged": .integer(tally.diverged),
      "rejected": .integer(tally.rejected), "unsupported": .integer(tally.unsupported),
    ])
  }
}
