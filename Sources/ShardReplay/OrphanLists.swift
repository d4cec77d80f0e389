internal import StorageProtocol

/// What is known of an orphan besides its ``ShardRecord``.
struct Orphan: BitwiseCopyable {
  /// The event of the STORE that wrote it.
  let writer: Digest
  let chunkBytes: UInt64
}

/// The orphans of the objects that have any, in order.
struct OrphanLists {
  private var lists: [RecordReference: [Orphan]] = [:]
  /// Bytes of memory, about.
  private(set) var memoryBytes = 0

  var isEmpty: Bool { lists.isEmpty }

  subscript(_ reference: RecordReference) -> [Orphan] {
    get { lists[reference] ?? [] }
    set {
      memoryBytes += OrphanLists.bytes(newValue) - OrphanLists.bytes(self[reference])
      lists[reference] = newValue.isEmpty ? nil : newValue
    }
  }

  private static func bytes(_ orphans: [Orphan]) -> Int {
    orphans.isEmpty ? 0 : MemorySize.listBytes + orphans.count * MemoryLayout<Orphan>.stride
  }
}

// MARK: Image

extension OrphanLists {
  func writeImage<Failure: Error>(_ write: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    let references = lists.keys.sorted { $0.unit < $1.unit }
    try ImageCoding.write(references.flatMap { [Int($0.unit), self[$0].count] }, write)
    for reference in references { try ImageCoding.write(elements: self[reference], write) }
  }

  mutating func readImage<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    self = OrphanLists()
    let numbers = try ImageCoding.numbers(read)
    for place in stride(from: 0, to: numbers.count, by: 2) {
      self[RecordReference(unit: UInt32(numbers[place]))] = try ImageCoding.elements(numbers[place + 1], read)
    }
  }
}
