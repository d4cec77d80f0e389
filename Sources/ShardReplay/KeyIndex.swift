internal import StorageProtocol

/// An open-addressing index over the keys of one partition: 5 bytes a slot.
///
/// A key's home keeps the order of keys, so that a walk over the slots is nearly sorted; a tag of 8 other bits of the key
/// spares most looks at foreign records. Probing goes upwards and never wraps: past the homes there is a tail of slots, and
/// a table whose tail fills grows.
struct KeyIndex: ~Copyable {
  private static let tailCountUsual = 64
  /// Homes a key at most: where clusters overflow all the same, keys that agree in many bits are there, and more homes do
  /// not part them.
  private static let homesPerKeyMax = 64
  private static let emptyTag: UInt8 = 0
  /// Slots that a walk over all of them asks memory for ahead: a dozen records on their way at a time.
  private static let prefetchDistance = 16

  /// The partition's first key prefix, and how many it has less one.
  private let firstPrefix: UInt64
  private let granuleCount: UInt64
  private var homeCount = 0
  private var tailCount = KeyIndex.tailCountUsual
  private var slotCount = 0
  private var multiplier: UInt64 = 0
  private var tags: UnsafeMutablePointer<UInt8>
  private var references: UnsafeMutablePointer<RecordReference>
  private(set) var count = 0

  /// - Parameters:
  ///   - firstPrefix: the first 64 bits of the smallest key of the partition.
  ///   - granuleCount: the size of its range in units of 2^52 prefixes.
  init(firstPrefix: UInt64, granuleCount: Int) {
    self.firstPrefix = firstPrefix
    self.granuleCount = UInt64(max(1, granuleCount))
    tags = .allocate(capacity: 1)
    references = .allocate(capacity: 1)
    allocate(homeCount: 64)
  }

  deinit {
    tags.deallocate()
    references.deallocate()
  }

  private mutating func allocate(homeCount: Int) {
    self.homeCount = homeCount
    slotCount = homeCount + tailCount
    // prefix offset · multiplier / 2^64 is below `homeCount` for every offset below granuleCount·2^52.
    multiplier = UInt64(homeCount) * 4096 / granuleCount
    tags = .allocate(capacity: slotCount)
    tags.initialize(repeating: KeyIndex.emptyTag, count: slotCount)
    references = .allocate(capacity: slotCount)
  }

  private func home(_ key: Digest) -> Int {
    Int((key.prefix &- firstPrefix).multipliedFullWidth(by: multiplier).high)
  }

  private static func tag(_ key: Digest) -> UInt8 { UInt8(truncatingIfNeeded: key.suffix) | 1 }

  /// Returns the record of `key`, or nil. - Complexity: O(1) on average.
  func find(_ key: Digest, in records: borrowing RecordArena) -> RecordReference? {
    guard let slot = slot(of: key, in: records) else { return nil }
    return references[slot]
  }

  private func slot(of key: Digest, in records: borrowing RecordArena) -> Int? {
    let tag = KeyIndex.tag(key)
    var slot = home(key)
    // An insertion leaves an empty slot before the end of the tail: `slot` stays below `slotCount`.
    while tags[slot] != KeyIndex.emptyTag {
      if tags[slot] == tag, records.header(references[slot]).pointee.key == key { return slot }
      slot += 1
    }
    return nil
  }

  /// Adds a key that is not there.
  mutating func insert(_ key: Digest, _ reference: RecordReference, in records: borrowing RecordArena) {
    if count * 4 >= homeCount * 3 { grow(records) }
    while !place(key, reference) { grow(records) }
    count += 1
  }

  /// Lets a key that is there refer to another record.
  mutating func replace(_ key: Digest, _ reference: RecordReference, in records: borrowing RecordArena) {
    guard let slot = slot(of: key, in: records) else { preconditionFailure("only a key that is there is replaced") }
    references[slot] = reference
  }

  /// Takes the first free slot from a key's home on; false where the tail is full.
  private func place(_ key: Digest, _ reference: RecordReference) -> Bool {
    var slot = home(key)
    while tags[slot] != KeyIndex.emptyTag { slot += 1 }
    // The last slot stays empty: it ends every probe.
    guard slot < slotCount - 1 else { return false }
    tags[slot] = KeyIndex.tag(key)
    references[slot] = reference
    return true
  }

  /// Bytes of memory.
  var memoryBytes: Int { slotCount * (1 + MemoryLayout<RecordReference>.stride) }

  /// Forgets every key.
  mutating func removeAll() {
    tags.deallocate()
    references.deallocate()
    count = 0
    tailCount = KeyIndex.tailCountUsual
    allocate(homeCount: 64)
  }

  func writeImage<Failure: Error>(_ write: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    try ImageCoding.write([homeCount, tailCount, count], write)
    // Both tables have `slotCount` elements.
    try write(UnsafeRawBufferPointer(start: tags, count: slotCount))
    try write(UnsafeRawBufferPointer(start: references, count: slotCount * MemoryLayout<RecordReference>.stride))
  }

  mutating func readImage<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let numbers = try ImageCoding.numbers(read)
    tags.deallocate()
    references.deallocate()
    tailCount = numbers[1]
    count = numbers[2]
    allocate(homeCount: numbers[0])
    // Both tables have `slotCount` elements.
    try read(UnsafeMutableRawBufferPointer(start: tags, count: slotCount))
    try read(UnsafeMutableRawBufferPointer(start: references, count: slotCount * MemoryLayout<RecordReference>.stride))
  }

  private mutating func grow(_ records: borrowing RecordArena) {
    let (oldTags, oldReferences, oldCount) = (tags, references, slotCount)
    var isPlaced = false
    var homeCount = self.homeCount
    while !isPlaced {
      if homeCount < KeyIndex.homesPerKeyMax * (count + 1) { homeCount *= 2 } else { tailCount *= 2 }
      allocate(homeCount: homeCount)
      isPlaced = true
      for slot in 0..<oldCount where isPlaced && oldTags[slot] != KeyIndex.emptyTag {
        let ahead = slot + KeyIndex.prefetchDistance
        if ahead < oldCount, oldTags[ahead] != KeyIndex.emptyTag { records.prefetch(oldReferences[ahead]) }
        isPlaced = place(records.header(oldReferences[slot]).pointee.key, oldReferences[slot])
      }
      if !isPlaced {
        tags.deallocate()
        references.deallocate()
      }
    }
    oldTags.deallocate()
    oldReferences.deallocate()
  }

  /// Looks at what an insertion of `key` will look at, so that memory fetches it meanwhile: calls for many keys in a row do
  /// not wait for each other, insertions do.
  ///
  /// - Returns: nothing of meaning, but it depends on what was looked at.
  func touch(_ key: Digest, in records: borrowing RecordArena) -> UInt64 {
    let slot = home(key)
    // A home is below `slotCount`.
    guard tags[slot] == KeyIndex.tag(key) else { return 0 }
    return records.header(references[slot]).pointee.key.prefix
  }

  /// A record and the first bits of its key: sorting and splitting need no look at the record.
  struct Sorted: BitwiseCopyable {
    let prefix: UInt64
    let reference: RecordReference
  }

  /// Every record in the order of keys. - Complexity: O(n): neighbours are at most a cluster out of place.
  func sorted(in records: borrowing RecordArena) -> [Sorted] {
    var sorted: [Sorted] = []
    sorted.reserveCapacity(count)
    // All records are looked at first: memory fetches many at once then.
    for slot in 0..<slotCount where tags[slot] != KeyIndex.emptyTag {
      sorted.append(
        Sorted(prefix: records.header(references[slot]).pointee.key.prefix, reference: references[slot]))
    }
    for start in sorted.indices.dropFirst() {
      let item = sorted[start]
      var place = start
      while place > 0, isBefore(item, sorted[place - 1], records) {
        sorted[place] = sorted[place - 1]
        place -= 1
      }
      sorted[place] = item
    }
    return sorted
  }

  private func isBefore(_ left: Sorted, _ right: Sorted, _ records: borrowing RecordArena) -> Bool {
    guard left.prefix == right.prefix else { return left.prefix < right.prefix }
    return records.header(left.reference).pointee.key < records.header(right.reference).pointee.key
  }
}
