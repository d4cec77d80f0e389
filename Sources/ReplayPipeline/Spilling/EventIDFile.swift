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
  private static let blockCount = 1 << 15

  private let file: ScratchFile

  init(in folder: String) throws(FileError) { file = try ScratchFile(in: folder) }

  private static func offset(_ ordinal: Ordinal) -> UInt64 { ordinal.value * UInt64(Digest.byteCount) }

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

  /// Writes the ids of entries that follow on each other.
  func write(_ ids: [Digest], from ordinal: Ordinal) throws(FileError) {
    try ids.withUnsafeBufferPointer { (ids) throws(FileError) in
      try file.write(UnsafeRawBufferPointer(ids), at: EventIDFile.offset(ordinal))
    }
  }

  /// The ids of events of `count` entries from `ordinal` on, at most; the next ordinal goes into `ordinal`.
  func next(from ordinal: inout Ordinal, before end: Ordinal) throws(FileError) -> [Digest] {
    while ordinal < end {
      let count = Int(min(UInt64(EventIDFile.blockCount), end.value - ordinal.value))
      var outcome = Result<Void, FileError>.success(())
      let ids = [Digest](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        outcome = Result { () throws(FileError) in
          try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: EventIDFile.offset(ordinal))
        }
        if case .success = outcome { initializedCount = count }
      }
      try outcome.get()
      ordinal = Ordinal(ordinal.value + UInt64(count))
      let found = ids.filter { $0 != .zero }
      if !found.isEmpty { return found }
    }
    return []
  }
}
