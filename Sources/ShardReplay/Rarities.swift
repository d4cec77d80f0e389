internal import Derivation
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

/// Placements that a word cannot say: rare, and used again when a shard is replaced.
struct ExplicitPlacements {
  private var lists: [[Identifier]] = []
  private var freePlaces: [Int] = []
  /// Bytes of memory, about.
  private(set) var memoryBytes = 0

  var isEmpty: Bool { lists.isEmpty }

  /// The placement of a batch as one of the partition: an explicit list is copied.
  mutating func adopt(_ placement: Placement, from batch: [[Identifier]]) -> Placement {
    guard let place = placement.explicitIndex else { return placement }
    let list = batch[place]
    memoryBytes += ExplicitPlacements.bytes(list)
    if let free = freePlaces.popLast() {
      lists[free] = list
      return Placement(explicit: free)
    }
    lists.append(list)
    return Placement(explicit: lists.count - 1)
  }

  mutating func remove(_ placement: Placement) {
    guard let place = placement.explicitIndex else { return }
    memoryBytes -= ExplicitPlacements.bytes(lists[place])
    lists[place] = []
    freePlaces.append(place)
  }

  func nodes(_ placement: Placement, _ nodeNames: [Identifier]) -> [Identifier] {
    if let place = placement.explicitIndex { return lists[place] }
    return placement.names.map { nodeNames[$0] }
  }

  private static func bytes(_ list: [Identifier]) -> Int {
    list.reduce(MemorySize.listBytes) { $0 + MemorySize.listBytes + $1.bytes.count }
  }
}

private enum MemorySize {
  /// What an array takes besides its elements, its place in another one or in a table among that.
  static let listBytes = 56
}

// MARK: Images

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

extension ExplicitPlacements {
  func writeImage<Failure: Error>(_ write: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    try ImageCoding.write(freePlaces, write)
    try ImageCoding.write(lists.map(\.count), write)
    for list in lists where !list.isEmpty {
      try ImageCoding.write(list.map { $0.bytes.count }, write)
      try ImageCoding.write(elements: list.flatMap(\.bytes), write)
    }
  }

  mutating func readImage<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    self = ExplicitPlacements()
    freePlaces = try ImageCoding.numbers(read)
    for count in try ImageCoding.numbers(read) {
      let list = try count == 0 ? [] : ExplicitPlacements.readList(read)
      if count > 0 { memoryBytes += ExplicitPlacements.bytes(list) }
      lists.append(list)
    }
  }

  private static func readList<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> [Identifier] {
    let sizes = try ImageCoding.numbers(read)
    var rest = try ImageCoding.elements(sizes.reduce(0, +), read) as [UInt8]
    var list: [Identifier] = []
    for size in sizes.reversed() {
      list.append(Identifier(bytes: Array(rest.suffix(size))))
      rest.removeLast(size)
    }
    return list.reversed()
  }
}
