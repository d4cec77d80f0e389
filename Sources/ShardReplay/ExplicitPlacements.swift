internal import Derivation
internal import StorageProtocol

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

enum MemorySize {
  /// What an array takes besides its elements, its place in another one or in a table among that.
  static let listBytes = 56
}

// MARK: Image

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
