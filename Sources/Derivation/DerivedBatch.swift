package import LogDecoding
package import StorageProtocol

/// What an entry is worth, given the timeline: everything but what needs the state of objects.
package struct DerivedRecord: BitwiseCopyable {
  package struct Flags: OptionSet, BitwiseCopyable {
    package let rawValue: UInt8
    @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

    // Spelt out: what all option sets share is a call, and an entry asks a hundred times.
    @inlinable package func contains(_ other: Flags) -> Bool { rawValue & other.rawValue == other.rawValue }
    @inlinable package mutating func formUnion(_ other: Flags) { self = Flags(rawValue: rawValue | other.rawValue) }
    @discardableResult @inlinable package mutating func insert(
      _ other: Flags
    ) -> (inserted: Bool, memberAfterInsert: Flags) {
      defer { formUnion(other) }
      return (!contains(other), other)
    }

    /// It changes the state or is acknowledged by it: not rejected.
    @inlinable package static var isApplied: Flags { Flags(rawValue: 1) }
    @inlinable package static var emitsEvent: Flags { Flags(rawValue: 1 << 1) }
    @inlinable package static var isDiverged: Flags { Flags(rawValue: 1 << 2) }
    /// Something of its record was compared.
    @inlinable package static var isCompared: Flags { Flags(rawValue: 1 << 3) }
    /// Its chunks are placed as recorded, not as derived.
    @inlinable package static var isPlacedAsRecorded: Flags { Flags(rawValue: 1 << 4) }
    /// A proof of which nobody can compare the nodes.
    @inlinable package static var isCarriedProof: Flags { Flags(rawValue: 1 << 5) }
    /// The epoch it recorded is not the log's.
    @inlinable package static var epochDiffers: Flags { Flags(rawValue: 1 << 6) }
    // Combinations as values: building them from a list costs a call for every entry.
    @inlinable package static var appliedEvent: Flags { Flags(rawValue: 0b11) }
    @inlinable package static var appliedStore: Flags { Flags(rawValue: 0b1000_0011) }
    @inlinable package static var comparedProof: Flags { Flags(rawValue: 0b1011) }

    /// A STORE, or a proof that names an object: ``DerivedRecord/key`` is set.
    @inlinable package static var touchesObjects: Flags { Flags(rawValue: 1 << 7) }
  }

  package var flags: Flags = []
  /// Of a STORE: chunks of the content.
  package var chunkCount = 0
  /// The object's key K: of a STORE, and of a proof that names one.
  package var key = Digest.zero
  package var eventID = Digest.zero
  /// Canonical JSON of the event it emits; empty where only ``RecordComparison`` gives it, in another stage.
  package var eventText = ByteView.empty
  package var hashCommit = Digest.zero
  /// Raw.
  package var atrCost: UInt128 = 0
  /// One root a chunk; nil where nobody knows.
  package var merkleRoots: UnsafePointer<Digest>?
  /// One a chunk.
  package var placements: UnsafePointer<Placement>?
  /// For each chunk the place of its first node in the eligible list; nil where no node is eligible.
  package var firstNodes: UnsafePointer<UInt32>?

  package init() {}
}

/// What the STOREs between two control entries add to totals and nodes.
package struct Segment: Sendable {
  /// Entries of the batch, the control entry after them not among them.
  package let entries: Range<Int>
  /// The sum of costs, raw; nil where it does not fit.
  package let fees: UInt128?
  /// In ``DerivedBatch/credits``.
  package let credits: Range<Int>
  package let eventCount: Int
  /// The last STORE with a chunk placed on an eligible node; nil where there is none.
  package let lastPlacing: Int?
}

/// What a segment adds to the counters of one node.
package struct Credit: Sendable, BitwiseCopyable {
  package let slot: UInt32
  /// Whole bytes, not scaled.
  package var bytes: UInt128
  package var proofs: UInt64
}

/// A batch derived: used over and over with its ``DecodedBatch``.
package final class DerivedBatch {
  // No access is checked at run time: the schedule hands a batch to one worker at a time.
  @exclusivity(unchecked) package private(set) var records: UnsafeMutableBufferPointer<DerivedRecord> = .allocate(
    capacity: 256)
  @exclusivity(unchecked) package private(set) var count = 0
  @exclusivity(unchecked) package var arena = ByteArena()
  package var rejections: [DecodedBatch.Rejected] = []
  /// By entry, each entry's fields in order.
  package private(set) var divergences: [(entry: Int, divergence: Divergence)] = []
  package internal(set) var segments: [Segment] = []
  package internal(set) var credits: [Credit] = []
  /// Placements that a word cannot say.
  package internal(set) var explicitPlacements: [[Identifier]] = []
  /// Entries that touch objects, by partition, in log order; as much room as for records.
  private var routedEntries: UnsafeMutablePointer<UInt32> = .allocate(capacity: 256)
  /// The end among them of each partition's.
  @exclusivity(unchecked) var routeEnds: [Int] = []

  package init() {}

  deinit {
    records.deallocate()
    routedEntries.deallocate()
  }

  func reset(count: Int) {
    if records.count < count {
      records.deallocate()
      records = .allocate(capacity: count + count / 4)
      routedEntries.deallocate()
      routedEntries = .allocate(capacity: records.count)
    }
    self.count = count
    // `count` is at most the buffer's size.
    records.baseAddress?.initialize(repeating: DerivedRecord(), count: count)
    arena.removeAll()
    rejections.removeAll(keepingCapacity: true)
    divergences.removeAll(keepingCapacity: true)
    segments.removeAll(keepingCapacity: true)
    credits.removeAll(keepingCapacity: true)
    explicitPlacements.removeAll(keepingCapacity: true)
    routeEnds.removeAll(keepingCapacity: true)
  }

  /// Room for the entries of all partitions, of which none has any yet.
  func beginRouting(partitionCount: Int) -> UnsafeMutablePointer<UInt32> {
    routeEnds.removeAll(keepingCapacity: true)
    for _ in 0..<partitionCount { routeEnds.append(0) }
    return routedEntries
  }

  /// The entries that `partition` applies, in log order; until the batch is derived again.
  package func routed(to partition: Int) -> UnsafeBufferPointer<UInt32> {
    let first = partition == 0 ? 0 : routeEnds[partition - 1]
    // The entries of all partitions lie one behind the other.
    return UnsafeBufferPointer(start: routedEntries + first, count: routeEnds[partition] - first)
  }

  /// Takes an applied entry back: its arithmetic overflows.
  package func reject(_ entry: Int, _ fault: EntryFault) {
    records[entry].flags = []
    rejections.append(DecodedBatch.Rejected(entry: entry, fault: fault))
  }

  /// Adds the differences of an entry, in order of entries. It may be rejected later: then they do not count.
  func addDivergences(_ found: [Divergence], entry: Int) {
    records[entry].flags.insert(.isDiverged)
    for divergence in found { divergences.append((entry, divergence)) }
  }
}
