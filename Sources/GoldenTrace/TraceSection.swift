/// The parts of a golden trace file, format `eqm-golden/1`.
///
/// A file is the line `eqm-golden/1` with its U+000A, then sections one after the other: four ASCII letters, the length of
/// what follows as a big-endian 64-bit integer, and as many bytes. A reader skips sections whose letters it does not know, so
/// that later versions can add some; it refuses a file whose first line is another.
enum TraceSection: String {
  /// First: a JSON object with `format`, `tool`, `detail`, `constants`, `profile` and `max_content_size`.
  case header = "HEAD"
  /// Event ids in log order, 32 bytes each; any number of such sections, together all events.
  case events = "EVID"
  /// Roots of the log tree's subtrees over ``blockEvents`` events each, 32 bytes each, in log order; the last, incomplete block
  /// has none.
  case blockRoots = "BLKR"
  /// Packed: an ``EntryOutcome`` for every entry of the log, in order.
  case outcomes = "OUTC"
  /// Packed: a line of JSON for every control entry that was applied, in order: `ordinal` and `call`.
  case controls = "CTRL"
  /// Packed: a line of JSON for every event, in order: ``TracedEvent``.
  case eventLines = "EVNT"
  /// A JSON object as in `checkpoints` of a result document, after the events before it.
  case checkpoint = "CHKP"
  /// A JSON object: `log` (sha256, stored_bytes, raw_bytes, entries), `entries`, `stores`, `proofs`, `state`, `commitment`.
  case result = "RSLT"
  /// Last: SHA-256 of everything before this section.
  case seal = "SEAL"

  static let firstLine = Array("eqm-golden/1\n".utf8)
  /// Letters and length.
  static let headBytes = 12
  /// Ids in one section at most: what bounds a writer's and a reader's memory.
  static let eventsMax = 32_768
  /// Bytes of a section that is a JSON object, at most.
  static let objectBytesMax = 16 << 20
  /// Bytes of a checkpoint, at most: it has ten members of known size.
  static let checkpointBytesMax = 4 << 10
  /// Events of a block.
  static let blockEvents = 4096
}
