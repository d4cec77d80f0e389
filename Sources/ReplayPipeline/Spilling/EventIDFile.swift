internal import ControlPlan
internal import Derivation
internal import LogDecoding
internal import ShardReplay
internal import StorageProtocol
internal import SystemFiles

/// The event ids of a log on disk, while the ids of entries that are put aside are not known.
///
/// 32 bytes an ordinal; zeros where the entry emits no event, or its id is to come: no event has that id.
final class EventIDFile: Sendable {
  private let file: ScratchFile
  /// Of everything that was written, in whatever order.
  private let written = LockedState(EventIDSum())

  init(in folder: String) throws(FileError) { file = try ScratchFile(in: folder) }

  fileprivate static func offset(_ ordinal: Ordinal) -> UInt64 { ordinal.value * UInt64(Digest.byteCount) }

  /// Writes what is known of a batch.
  func write(_ batch: ApplicableBatch) throws(FileError) {
    var ids: [Digest] = []
    ids.reserveCapacity(batch.decoded.count)
    for entry in 0..<batch.decoded.count {
      let record = batch.derived.records[entry]
      ids.append(record.flags.isSuperset(of: .appliedEvent) ? record.eventID : .zero)
    }
    try write(ids, from: batch.planned.ordinal(of: 0))
  }

  /// Writes the ids of entries that follow on each other, and of which none was written before.
  func write(_ ids: [Digest], from ordinal: Ordinal) throws(FileError) {
    try ImageCoding.write(elements: ids) { (bytes) throws(FileError) in
      try file.write(bytes, at: EventIDFile.offset(ordinal))
    }
    var sum = EventIDSum()
    sum.add(ids, from: ordinal)
    written.withLock { $0.add(sum) }
  }

  /// Reads the events of the entries before `end`, when all have been written.
  func reader(before end: Ordinal) -> EventIDReader {
    EventIDReader(file, before: end, expected: written.withLock { $0 })
  }
}

/// Reads an ``EventIDFile`` from its start.
struct EventIDReader: ~Copyable {
  private static let blockCount = 1 << 15

  private let file: ScratchFile
  private let end: Ordinal
  private let expected: EventIDSum
  private var ordinal = Ordinal(0)
  private var found = EventIDSum()

  fileprivate init(_ file: ScratchFile, before end: Ordinal, expected: EventIDSum) {
    self.file = file
    self.end = end
    self.expected = expected
  }

  /// The next ids, one or more.
  ///
  /// - Throws: where there are none left, that the file is not what was written.
  mutating func next() throws(FileError) -> [Digest] {
    while ordinal < end {
      let ids = try block().filter { $0 != .zero }
      if !ids.isEmpty { return ids }
    }
    throw file.damage
  }

  /// Reads what is left.
  ///
  /// - Throws: where the file is not what was written.
  mutating func finish() throws(FileError) {
    while ordinal < end { _ = try block() }
    guard found == expected else { throw file.damage }
  }

  private mutating func block() throws(FileError) -> [Digest] {
    let count = Int(min(UInt64(EventIDReader.blockCount), end.value - ordinal.value))
    let offset = EventIDFile.offset(ordinal)
    let ids: [Digest] = try ImageCoding.elements(count) { (buffer) throws(FileError) in
      try file.read(into: buffer, at: offset)
    }
    found.add(ids, from: ordinal)
    ordinal = Ordinal(ordinal.value + UInt64(count))
    return ids
  }
}

/// A sum over ids and their places, the same in whatever order they are added; a change of one word changes it.
private struct EventIDSum: Equatable {
  private var value: UInt64 = 0

  mutating func add(_ ids: [Digest], from ordinal: Ordinal) {
    // An odd factor of its own for each word of each ordinal.
    var factor = 8 &* ordinal.value &+ 1
    for id in ids {
      withUnsafeBytes(of: id) { bytes in
        for offset in stride(from: 0, to: Digest.byteCount, by: 8) {
          value &+= bytes.load(fromByteOffset: offset, as: UInt64.self) &* factor
          factor &+= 2
        }
      }
    }
  }

  mutating func add(_ other: EventIDSum) { value &+= other.value }
}
