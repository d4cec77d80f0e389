package import StorageProtocol

/// Whether a replay did all of what there was to do, as an equation: found = expected = applied + acknowledged + rejected +
/// unsupported (+ lost, in a salvage).
package struct Completeness: Equatable, Sendable {
  /// A number that an archive's manifest declares, and what was found of it.
  package struct Sum: Equatable, Sendable {
    /// Nil where nobody declared it.
    package let expected: UInt64?
    package let found: UInt64

    package init(expected: UInt64?, found: UInt64) {
      self.expected = expected
      self.found = found
    }

    var json: JSONValue {
      .members(["expected": expected.map(JSONValue.integer) ?? .null, "found": .integer(found)])
    }

    var holds: Bool { expected == nil || expected == found }
  }

  /// Where the replay was asked to stop.
  package let stop: ReplayStop
  /// Whether the log has sums that were verified: an archive's.
  package let isVerified: Bool
  /// Whether contents lie in packs, of which a replay reads pieces.
  package let hasPacks: Bool
  package let segments: Sum?
  /// Bytes of the decompressed log; nil where the replay stopped before its end.
  package let rawBytes: Sum?
  package let entries: Sum
  /// Ordinals of entries that were lost; nil where nothing was to be salvaged: then a loss ends the replay.
  package let lost: [ClosedRange<UInt64>]?

  package init(
    stop: ReplayStop, isVerified: Bool, hasPacks: Bool = false, segments: Sum?, rawBytes: Sum?, entries: Sum,
    lost: [ClosedRange<UInt64>]? = nil
  ) {
    self.lost = lost
    self.hasPacks = hasPacks
    self.stop = stop
    self.isVerified = isVerified
    self.segments = segments
    self.rawBytes = rawBytes
    self.entries = entries
  }

  /// Entries that were lost.
  package var lostCount: UInt64 { (lost ?? []).reduce(0) { $0 + UInt64($1.count) } }

  /// The equation, with what became of the entries.
  package func json(_ counts: EntryCounts) -> JSONValue {
    let accounted = counts.applied + counts.acknowledged + counts.rejected + counts.unsupported
    let span = entries.found + lostCount
    let holds = [segments, rawBytes, entries].allSatisfy { $0?.holds ?? true } && accounted == entries.found
    var json = JSONObject([
      // Of a log without sums nobody knows whether it is whole.
      "complete": lost == nil && (isVerified || !holds)
        ? .boolean(holds) : lost?.isEmpty == false ? .boolean(false) : .null,
      "integrity": .text(integrity),
      "stop": stopJSON, "segments": segments?.json ?? .null, "raw_bytes": rawBytes?.json ?? .null,
      "ordinals": .members([
        "first": span == 0 ? .null : .integer(0), "last": span == 0 ? .null : .integer(span - 1),
      ]),
      "entries": .members([
        "expected": entries.expected.map(JSONValue.integer) ?? .null, "found": .integer(entries.found),
        "applied": .integer(counts.applied), "acknowledged": .integer(counts.acknowledged),
        "rejected": .integer(counts.rejected), "unsupported": .integer(counts.unsupported),
      ]),
    ])
    if let lost {
      json.add("lost_entries", .integer(lostCount))
      json.add(
        "lost",
        .array(lost.map { .members(["first": .integer($0.lowerBound), "last": .integer($0.upperBound)]) }))
    }
    return .object(json)
  }

  /// What ``integrity`` says of a log without sums.
  static let noIntegrity = "none: a plain log carries no sums"

  /// How the log's bytes were verified, for people.
  var integrity: String {
    guard isVerified else { return Completeness.noIntegrity }
    guard lost == nil else { return "salvage: files by sha256, of damaged ones whole frames by their checksums" }
    return hasPacks ? "segments by sha256, contents by the checksums of their frames" : "sha256"
  }

  private var stopJSON: JSONValue {
    switch stop {
    case .end: .null
    case .before(let ordinal): .members(["before_ordinal": .integer(ordinal.value)])
    case .after(let epoch): .members(["after_epoch": .integer(epoch.value)])
    }
  }
}
