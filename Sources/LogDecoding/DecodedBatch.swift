package import LogReading
package import StorageProtocol

/// The entries of one chunk as columns, in log order, and the memory their views point into. Used over and over.
package final class DecodedBatch {
  /// A rejected entry, its place in the batch, and its fault.
  package struct Rejected {
    package let entry: Int
    package let fault: EntryFault

    package init(entry: Int, fault: EntryFault) {
      self.entry = entry
      self.fault = fault
    }
  }

  // No access is checked at run time: the schedule hands a batch to one worker at a time.
  @exclusivity(unchecked) package private(set) var records: UnsafeMutableBufferPointer<EntryRecord> = .allocate(
    capacity: 256)
  @exclusivity(unchecked) package private(set) var count = 0
  @exclusivity(unchecked) package var arena = ByteArena()

  /// Control entries by their place in the batch.
  package internal(set) var controls: [(entry: Int, control: ControlEntry)] = []
  /// In order of the entries.
  package internal(set) var rejections: [Rejected] = []
  /// STOREs without the content that their archive had, and why, in order.
  package internal(set) var lostContents: [(entry: Int, error: LogError)] = []
  /// Unknown event types, one for each such entry, in order.
  package internal(set) var unsupportedTypes: [Identifier] = []

  /// Offset in the decompressed log of ``textStart``.
  @exclusivity(unchecked) package internal(set) var byteOffset: UInt64 = 0
  @exclusivity(unchecked) package internal(set) var textStart = ByteView.empty.start

  package init() {}

  deinit { records.deallocate() }

  /// Offset in the decompressed log of an entry's first byte.
  package func byteOffset(of entry: Int) -> UInt64 {
    byteOffset + UInt64(records[entry].text.start - textStart)
  }

  /// Appends the record of an entry, empty but for its text; its index is the entry's place in the batch.
  ///
  /// - Returns: the record, until the next one is appended.
  func append(_ text: ByteView) -> UnsafeMutablePointer<EntryRecord> {
    if count == records.count { grow() }
    guard let first = records.baseAddress else { preconditionFailure("room was made") }
    // `count` is below the buffer's size.
    let record = first + count
    record.initialize(to: EntryRecord(text: text))
    count += 1
    return record
  }

  /// Says where the content of an entry is.
  func setContent(_ content: ByteView, of entry: Int) {
    precondition(entry < count, "the batch has \(count) entries")
    records[entry].content = content
  }

  /// Forgets every entry from the place `entry` on.
  package func truncate(to entry: Int) {
    guard entry < count else { return }
    let unsupportedCount = records[..<entry].count { $0.kind == .unsupported }
    unsupportedTypes.removeLast(unsupportedTypes.count - unsupportedCount)
    controls.removeAll { $0.entry >= entry }
    rejections.removeAll { $0.entry >= entry }
    lostContents.removeAll { $0.entry >= entry }
    count = entry
  }

  /// Rejects control entries, given in order.
  func reject(controls entries: [Int], _ fault: EntryFault) {
    for entry in entries {
      records[entry].kind = .rejected
      rejections.append(Rejected(entry: entry, fault: fault))
    }
    rejections.sort { $0.entry < $1.entry }
    controls.removeAll { records[$0.entry].kind == .rejected }
    for (index, item) in controls.enumerated() { records[item.entry].control = UInt32(index) }
  }

  /// Takes the last record back.
  func removeLast() { count -= 1 }

  private func grow() {
    let larger = UnsafeMutableBufferPointer<EntryRecord>.allocate(capacity: 2 * records.count)
    _ = larger.moveInitialize(fromContentsOf: records[..<count])
    records.deallocate()
    records = larger
  }

  /// Forgets everything, keeping the memory.
  package func removeAll() {
    count = 0
    controls.removeAll(keepingCapacity: true)
    rejections.removeAll(keepingCapacity: true)
    lostContents.removeAll(keepingCapacity: true)
    unsupportedTypes.removeAll(keepingCapacity: true)
    arena.removeAll()
  }
}
