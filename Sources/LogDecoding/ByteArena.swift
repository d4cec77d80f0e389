internal import Glibc

/// Bytes that live as long as the batch they belong to: in its text or in its arena.
package struct ByteView {
  package let start: UnsafePointer<UInt8>
  package let count: Int

  @inlinable package init(_ start: UnsafePointer<UInt8>, _ count: Int) {
    self.start = start
    self.count = count
  }

  /// No bytes. Nobody writes to the address it has.
  package nonisolated(unsafe) static let empty = ByteView(ByteArena.nowhere, 0)

  package var array: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

  @inlinable package var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// Negative, 0 or positive as these bytes come before, equal or come after `other`.
  package func compare(_ other: ByteView) -> Int {
    // Looks at the bytes that both have.
    let order = memcmp(start, other.start, min(count, other.count))
    return order != 0 ? Int(order) : count - other.count
  }

  /// Whether the bytes are equal.
  package func isEqual(to other: ByteView) -> Bool {
    // Both have `count` bytes.
    count == other.count && memcmp(start, other.start, count) == 0
  }
}

/// Memory for what a batch needs besides its text: handed out in order, given back all at once.
///
/// Slabs are never moved, so that pointers into them stay valid until ``removeAll()``; they are kept for the next batch.
package struct ByteArena: ~Copyable {
  @usableFromInline static let slabBytes = 1 << 18
  private static let largePageBytes = 2 << 20
  /// A valid address for empty views.
  @usableFromInline nonisolated(unsafe) static let nowhere = UnsafePointer(
    UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

  private var slabs: [UnsafeMutableRawBufferPointer] = []
  private var nextSlab = 0
  @usableFromInline var free = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(ByteArena.nowhere))
  @usableFromInline var freeCount = 0

  package init() {}

  deinit { for slab in slabs { slab.deallocate() } }

  /// Returns room for `count` bytes, aligned to 16; what it holds is undefined.
  @inlinable package mutating func allocate(_ count: Int) -> UnsafeMutableRawPointer {
    let rounded = (count + 15) & ~15
    if rounded > freeCount { addSlab(rounded) }
    let start = free
    free += rounded
    freeCount -= rounded
    return start
  }

  /// Returns room for `count` values; what it holds is undefined.
  @inlinable package mutating func allocate<Value: BitwiseCopyable>(
    _ type: Value.Type, _ count: Int
  ) -> UnsafeMutablePointer<Value> {
    allocate(count * MemoryLayout<Value>.stride).bindMemory(to: Value.self, capacity: count)
  }

  /// Takes back the end of the last allocation.
  @inlinable package mutating func giveBack(
    from start: UnsafeMutablePointer<UInt8>, to end: UnsafeMutablePointer<UInt8>
  ) {
    // The last allocation ends where free memory starts, but for its rounding.
    guard UnsafeMutableRawPointer(end) <= free, free - UnsafeMutableRawPointer(end) < 16 else { return }
    let first = UnsafeMutableRawPointer(bitPattern: (UInt(bitPattern: start) + 15) & ~15) ?? free
    guard first < free else { return }
    freeCount += free - first
    free = first
  }

  /// Copies `count` bytes from `bytes`.
  @inlinable package mutating func copy(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> ByteView {
    let start = allocate(count)
    start.copyMemory(from: bytes, byteCount: count)
    return ByteView(UnsafePointer(start.assumingMemoryBound(to: UInt8.self)), count)
  }

  @usableFromInline mutating func addSlab(_ byteCount: Int) {
    while nextSlab < slabs.count, slabs[nextSlab].count < byteCount { nextSlab += 1 }
    if nextSlab == slabs.count { slabs.append(ByteArena.slab(byteCount)) }
    guard let start = slabs[nextSlab].baseAddress else { preconditionFailure("a slab has memory") }
    free = start
    freeCount = slabs[nextSlab].count
    nextSlab += 1
  }

  /// What holds many contents is made of large pages, as far as the system has them: hashed four at a time, each content is a
  /// page of its own to the processor's tables.
  private static func slab(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    guard byteCount >= 2 * largePageBytes else {
      return .allocate(byteCount: max(byteCount, slabBytes), alignment: 16)
    }
    let slab = UnsafeMutableRawBufferPointer.allocate(
      byteCount: (byteCount + largePageBytes - 1) / largePageBytes * largePageBytes, alignment: largePageBytes)
    // A request: that it is not granted changes nothing but speed.
    _ = madvise(slab.baseAddress, slab.count, MADV_HUGEPAGE)
    return slab
  }

  /// Forgets everything handed out. Slabs of the usual size stay for the next batch; larger ones, made for one large
  /// thing, only as far as `keptBytes` go.
  package mutating func removeAll(keeping keptBytes: Int = 16 << 20) {
    var keptCount = 0
    var total = 0
    for index in slabs.indices {
      let slab = slabs[index]
      if total + slab.count <= keptBytes {
        total += slab.count
        slabs[keptCount] = slab
        keptCount += 1
      } else {
        slab.deallocate()
      }
    }
    slabs.removeLast(slabs.count - keptCount)
    nextSlab = 0
    freeCount = 0
  }
}
