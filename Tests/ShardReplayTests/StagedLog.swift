import ControlPlan
import Derivation
import Hashing
import LogDecoding
import LogReading
import ReplayTestSupport
import ShardReplay
import StateCommitment
import StorageProtocol

/// A log taken through decode, plan, derive and apply, batch by batch and without a schedule.
///
/// Not covered: totals, nodes and events, which later stages put together; contexts must not occur.
final class StagedLog {
  let ranges: KeyRanges
  let partitions: [ObjectPartition]
  let decoded = DecodedBatch()
  let derived = DerivedBatch()
  private(set) var planned = PlannedBatch()
  private(set) var objectCount = 0
  private(set) var shardCount = 0
  private var plan = ControlPlan()
  private var decoder: EntryDecoder
  private var deriver: Deriver
  private var rereading = EntryRereading()
  private let block = LogBlock()
  private let chunk = LogChunk()
  private let folder: TemporaryFolder

  init(partitionCount: Int, _ configuration: ReplayConfiguration = ReplayConfiguration()) throws {
    folder = try TemporaryFolder()
    let ranges = KeyRanges(partitionCount: partitionCount)
    self.ranges = ranges
    partitions = (0..<partitionCount).map {
      ObjectPartition($0, of: ranges, constants: configuration.constants, keepsMetadata: true)
    }
    decoder = EntryDecoder(configuration)
    deriver = Deriver(configuration, ranges: ranges, backend: .scalar)
  }

  /// Applies entries as one batch.
  ///
  /// - Parameter change: may change what was decoded and derived, before it is applied.
  func apply(_ entries: [String], change: (StagedLog) -> Void = { _ in }) throws {
    try derive(entries)
    change(self)
    apply()
  }

  /// No entry is heavy: a batch is one chunk.
  private static var reading: LogReadingOptions {
    var options = LogReadingOptions()
    options.shardBytes = .max
    return options
  }

  func derive(_ entries: [String]) throws {
    let source = LogSource.file(path: try folder.write(LogText.lines(entries), "log.jsonl"))
    var reader = try LogChunkReader(source, options: LogReadingOptions(), chunkBytes: 64 << 20, hashesFile: false)
    var splitter = LogSplitter(source, options: StagedLog.reading, chunkBytes: 64 << 20)
    reader.read(into: block)
    precondition(splitter.split(block, into: chunk) && chunk.isLast, "a batch is one chunk")
    try decoder.decode(chunk, into: decoded)
    planned = plan.plan(decoded) { _, _, _ in preconditionFailure("there is no context") }
    deriver.derive(decoded, planned, into: derived)
  }

  func apply() {
    let batch = ApplicableBatch(decoded: decoded, planned: planned, derived: derived, checkpointEntries: [])
    var part = AppliedPart()
    for partition in partitions {
      partition.apply(batch, &part)
      objectCount += part.growth.reduce(0) { $0 + $1.objects }
      shardCount += part.growth.reduce(0) { $0 + $1.shards }
    }
  }

  /// All objects in the order of their keys.
  var storedObjects: [StoredObject] {
    var objects: [StoredObject] = []
    ObjectOrder(partitions).forEach { objects.append(StoredObject($0, nodeNames: planned.nodeNames, &rereading)) }
    return objects.sorted { $0.key < $1.key }
  }

  var objectsRoot: Digest { SparseTree.root(above: partitions.flatMap { $0.granuleRoots() }) }
}
