package import ControlPlan
package import Hashing
package import LogDecoding
package import StateCommitment
package import StorageProtocol

/// Derives batches: what of an entry depends on the entry and its timeline version alone (protocol.md 5, 7 and 9).
///
/// A batch is hashed in rounds, each with everything in it side by side: first names, contents, blocks and recorded events;
/// then placements and the levels of Merkle trees; then the events that the derivation itself emits. Keeps no state of the
/// log; its buffers are reused, and one worker has one.
package struct Deriver: ~Copyable {
  let configuration: ReplayConfiguration
  let ranges: KeyRanges
  var firstRound: DigestBatch
  var laterRound: DigestBatch
  var placeholders: PlaceholderContent
  let costs: CostTable
  var trees = BlockTrees()
  var sums = CreditSums()
  var rereading = EntryRereading()
  private var work = WorkTable()
  /// The tables of the current batch.
  var view = BatchView.empty
  /// The current batch's arena, while it is derived: nobody else's, so that no access to it needs a check.
  var arena = ByteArena()
  /// Bytes hashed so far, in all rounds: what throughput is measured in.
  package internal(set) var hashedBytes: UInt64 = 0
  /// Permutations of Keccak-f so far, in all rounds and for placeholder content: what hashing costs.
  package var permutationCount: UInt64 {
    firstRound.permutationCount + laterRound.permutationCount + placeholders.permutationCount
  }

  package init(_ configuration: ReplayConfiguration, ranges: KeyRanges, backend: HashBackend) {
    self.configuration = configuration
    self.ranges = ranges
    firstRound = DigestBatch(backend)
    laterRound = DigestBatch(backend)
    placeholders = PlaceholderContent(configuration.constants)
    costs = CostTable(configuration.constants)
  }

  /// Derives the entries of `batch` before `limit` (all of them if it is nil) into `derived`.
  package mutating func derive(
    _ batch: DecodedBatch, _ planned: PlannedBatch, into derived: DerivedBatch, limit: Int? = nil
  ) {
    let count = limit ?? batch.count
    derived.reset(count: count)
    guard let entries = batch.records.baseAddress, let records = derived.records.baseAddress else {
      preconditionFailure("a batch has memory for its records")
    }
    view = BatchView(entries: UnsafePointer(entries), derived: records, work: work.reset(count: count))
    swap(&arena, &derived.arena)
    defer { swap(&arena, &derived.arena) }
    placeholders.trim()
    gatherFirstRound(derived)
    firstRound.hash()
    checkIntegrity(derived)
    gatherPlacements(derived)
    laterRound.hash()
    place(planned, derived)
    climbTrees(derived)
    emit(batch, planned, derived)
    sum(planned, derived)
    route(derived)
  }
}

/// Where the messages of one entry are in the rounds.
struct Work: BitwiseCopyable {
  /// The first shard's name in the first round; those of the others follow it.
  var name = 0
  /// The content's message in the first round.
  var content = -1
  /// The recorded event's message in the first round.
  var recordedEvent = -1
  /// The first shard's placement in the second round.
  var placement = 0
  /// The first chunk's tree.
  var tree = -1
  /// The cost's decimal text.
  var costText = ByteView.empty
  /// The derived event's message in the last round.
  var derivedEvent = -1
  /// The partition that owns the object's key, of an entry that touches objects.
  var partition: UInt16 = 0
  /// The place among recorded replica sets of each shard; nil where they are in the order of the shards.
  var setOrder: UnsafePointer<UInt32>?
}

/// One ``Work`` for each entry of a batch.
struct WorkTable: ~Copyable {
  private var works: UnsafeMutableBufferPointer<Work> = .init(start: nil, count: 0)

  deinit { works.deallocate() }

  /// Makes `count` fresh ones; valid until the next call.
  mutating func reset(count: Int) -> UnsafeMutablePointer<Work> {
    if works.count < max(1, count) {
      works.deallocate()
      works = .allocate(capacity: max(1024, count + count / 4))
    }
    guard let first = works.baseAddress else { preconditionFailure("the table has room") }
    // `count` is at most the table's size.
    first.initialize(repeating: Work(), count: count)
    return first
  }
}

/// The tables of a batch while it is derived: each has an element for every entry that is looked at.
struct BatchView {
  let entries: UnsafePointer<EntryRecord>
  let derived: UnsafeMutablePointer<DerivedRecord>
  let work: UnsafeMutablePointer<Work>

  /// No entries.
  static var empty: BatchView {
    // Never read: a view is set before any pass over a batch.
    BatchView(entries: .nowhere, derived: .init(mutating: .nowhere), work: .init(mutating: .nowhere))
  }
}

extension UnsafePointer where Pointee: BitwiseCopyable {
  fileprivate static var nowhere: UnsafePointer<Pointee> {
    UnsafeRawPointer(ByteView.empty.start).assumingMemoryBound(to: Pointee.self)
  }
}
