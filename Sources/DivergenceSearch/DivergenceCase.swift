package import LogReading
package import StorageProtocol

/// A divergence as far as it was located: where the sides part, where that shows first, and the entries of the log that it takes to
/// see it again.
package struct DivergenceCase: Sendable {
  /// How closely it was located.
  package enum Precision: String, Sendable {
    /// To the first entry of which something else became than in the golden run.
    case entry
    /// To the first event with another id: the entry that emitted it, or one before that emits none.
    case event
    /// To the block of events; the ordinal is that of its first.
    case block
    /// To the first checkpoint at which the state is another.
    case checkpoint
    /// To the log's end.
    case end
  }

  /// Where a difference shows first.
  package enum Sighting: Sendable {
    /// The event, by its place in the event log, and the entry that emitted it; nil where the log emitted none any more.
    case event(index: UInt64, ordinal: Ordinal?)
    /// A checkpoint, a block of events, or the log's end: a field of it and both values.
    case value(ordinal: Ordinal?, field: String, expected: JSONValue?, actual: JSONValue?)

    /// Of a value the field of a block's root.
    package static let blockField = "block_root"

    /// How closely a difference is located by where it shows alone.
    package var precision: Precision {
      switch self {
      case .event: .event
      case .value(_, let field, _, _):
        field.hasPrefix("checkpoint.") ? .checkpoint : field == Sighting.blockField ? .block : .end
      }
    }

    package var ordinal: Ordinal? {
      switch self {
      case .event(_, let ordinal), .value(let ordinal, _, _, _): ordinal
      }
    }
  }

  package var precision: Precision
  /// The entry of the log, and that of the trace's log; behind the last one where a side has none any more. Nil where no entry
  /// is known.
  package var logOrdinal: Ordinal?
  package var goldenOrdinal: Ordinal?
  /// What became of the log's entry in the replay of the whole log; nil where it has none there.
  package var logOutcome: EntryOutcome?
  package var sighting: Sighting
  /// Entries of the log, with the ordinals and offsets that they have there, in order: what decides both places.
  package var entries: [RawEntry]

  package init(
    precision: Precision, logOrdinal: Ordinal?, goldenOrdinal: Ordinal?, logOutcome: EntryOutcome? = nil,
    sighting: Sighting, entries: [RawEntry]
  ) {
    self.precision = precision
    self.logOrdinal = logOrdinal
    self.goldenOrdinal = goldenOrdinal
    self.logOutcome = logOutcome
    self.sighting = sighting
    self.entries = entries
  }
}
