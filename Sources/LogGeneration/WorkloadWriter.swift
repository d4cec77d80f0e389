internal import Hashing
internal import StorageProtocol

/// Writes a workload's lines, a batch of entries at a time: whatever must be hashed is hashed together.
struct WorkloadWriter: ~Copyable {
  /// The last STORE of an object version.
  private struct StoreRecord {
    let object: WorkloadObject
    let shard: WorkloadEvent.Shard
    let hashCommit: Digest
  }

  /// STOREs remembered for proofs. A version's place depends on the version alone, so that what is there is its last STORE.
  private static let remembered = 4096
  /// Text of a batch, about, in bytes: 1024 recorded entries.
  private static let batchBytes = 8 << 20

  private let workload: Workload
  private var plan: WorkloadPlan
  private var random: SeededGenerator
  private let costs: WorkloadCosts
  private var hashes = DigestBatch(.chosen(simd: nil))
  private let nodes: WorkloadNodes
  private var lines: WorkloadText
  private var canonical: WorkloadText
  private var contents: WorkloadContents
  /// Of each event of the batch: its canonical text, and where the digits of its id are to be.
  private var events: [(text: Range<Int>, idPosition: Int)] = []
  private var records: [StoreRecord?] = Array(repeating: nil, count: remembered)
  private var lastRecord: StoreRecord?
  private var epoch = 0
  private var tick = 100

  init(_ workload: Workload) {
    self.workload = workload
    plan = WorkloadPlan(workload)
    // Another stream than the plan's.
    random = SeededGenerator(seed: ~workload.seed)
    costs = WorkloadCosts(workload.kind)
    nodes = WorkloadNodes(count: workload.nodeCount)
    lines = WorkloadText(.recorded, nodes)
    canonical = WorkloadText(.canonical, nodes)
    contents = WorkloadContents(contentBytes: workload.kind.contentBytes ?? 0)
  }

  /// The lines of the next batch; nil at the end of the log.
  mutating func nextBlock() -> [UInt8]? {
    let steps = nextSteps()
    guard !steps.isEmpty else { return nil }
    let objects = steps.compactMap(\.object)
    let shards = shards(of: objects)
    let commits = contentHashes(of: objects)
    lines.removeAll()
    canonical.removeAll()
    events.removeAll(keepingCapacity: true)
    var slot = 0
    for step in steps {
      switch step {
      case .registration(let node): register(node)
      case .epochAdvancement: advanceEpoch()
      case .proofGenerated: proveLast()
      case .proofFailed: failProof()
      case .fault(let number):
        lines.append(WorkloadFaults.line(number))
        lines.append("\n")
      case .store(let object):
        store(object, shards[slot], commits.isEmpty ? nil : commits[slot], slot)
        slot += 1
      }
    }
    fillInIDs()
    return lines.bytes
  }

  private mutating func nextSteps() -> [WorkloadStep] {
    let stepsMax = max(4, min(1024, WorkloadWriter.batchBytes / max(1, workload.kind.contentBytes ?? 0)))
    var steps: [WorkloadStep] = []
    while steps.count < stepsMax, let step = plan.next() { steps.append(step) }
    return steps
  }

  // MARK: Names and contents

  /// The shards of each object, by index.
  private mutating func shards(of objects: [WorkloadObject]) -> [[WorkloadEvent.Shard]] {
    let chunkCount = costs.chunkCount
    var names = WorkloadText(.canonical, nodes)
    var ranges: [Range<Int>] = []
    for object in objects {
      for index in 0..<chunkCount {
        let start = names.count
        names.appendShardName(object, index)
        ranges.append(start..<names.count)
      }
    }
    let ids = digests(of: ranges, in: names.bytes)
    names.removeAll()
    for id in ids { names.append(id) }
    let places = digests(of: ids.indices.map { 64 * $0..<64 * ($0 + 1) }, in: names.bytes)
    let shards = zip(ids, places).map { id, place in
      WorkloadEvent.Shard(id: id, firstNode: place.remainder(dividingBy: nodes.count))
    }
    return objects.indices.map { Array(shards[chunkCount * $0..<chunkCount * ($0 + 1)]) }
  }

  /// The content hash of each object; none where there is no content.
  private mutating func contentHashes(of objects: [WorkloadObject]) -> [Digest] {
    guard workload.kind.contentBytes != nil else { return [] }
    contents.removeAll()
    for object in objects { contents.append(object, &random) }
    return digests(of: contents.hashed, in: contents.bytes)
  }

  /// The digests of parts of a text.
  private mutating func digests(of ranges: [Range<Int>], in text: [UInt8]) -> [Digest] {
    hashes.removeAll()
    return text.withUnsafeBytes { text in
      // The text stays where it is until all of it is hashed.
      for range in ranges { hashes.append(UnsafeRawBufferPointer(rebasing: text[range])) }
      hashes.hash()
      return ranges.indices.map { hashes.digest($0) }
    }
  }

  // MARK: Entries

  private mutating func register(_ node: Int) {
    var event = WorkloadEvent(.nodeRegistration, epoch: epoch)
    event.replicaSets = .registration(node: node)
    append(event)
  }

  private mutating func advanceEpoch() {
    epoch += 1
    append(WorkloadEvent(.epochAdvancement, epoch: epoch))
  }

  private mutating func store(
    _ object: WorkloadObject, _ shards: [WorkloadEvent.Shard], _ contentHash: Digest?, _ slot: Int
  ) {
    tick += 1 + random.index(below: 9)
    let size = random.choice(costs.sizes)
    let hashCommit = contentHash ?? Digest(words: (random.next(), random.next(), random.next(), random.next()))
    var event = WorkloadEvent(.store, epoch: epoch)
    event.tick = tick
    event.objectID = object.id
    event.version = object.version
    event.hashCommit = hashCommit
    event.contentBytes = size.contentBytes
    event.shards = shards
    event.atrCost = size.atrCost
    guard contentHash == nil else { return append(event, payload: (object, slot)) }
    append(event)
    let record = StoreRecord(object: object, shard: shards[0], hashCommit: hashCommit)
    records[(object.number + object.version) % WorkloadWriter.remembered] = record
    lastRecord = record
  }

  /// A proof of a remembered STORE's shard.
  private mutating func proveLast() {
    guard let record = random.choice(records) ?? lastRecord else { preconditionFailure("the plan stores first") }
    var event = WorkloadEvent(.proofGenerated, epoch: epoch)
    event.objectID = ObjectNaming.redacted(Identifier(bytes: record.object.id))
    event.version = record.object.version
    event.hashCommit = record.hashCommit
    event.shards = [record.shard]
    append(event)
  }

  /// A request for a proof of an object that nobody stored.
  private mutating func failProof() {
    var event = WorkloadEvent(.proofFailed, epoch: epoch)
    event.objectID = Array(Digest(words: (random.next(), 0, 0, 0)).hexadecimalBytes.prefix(16))
    event.version = 1
    append(event)
  }

  // MARK: Text

  /// Appends the line of an event, but for the digits of its id.
  private mutating func append(_ event: WorkloadEvent, payload: (object: WorkloadObject, slot: Int)? = nil) {
    let start = canonical.count
    canonical.append(event)
    canonical.append("}")
    lines.append(event)
    lines.append(#", "event_id": ""#)
    events.append((start..<canonical.count, lines.count))
    lines.append(Digest.zero)
    lines.append("\"")
    if let payload {
      lines.append(#", "payload": {"metadata": "#)
      lines.append(WorkloadContents.metadata(payload.object, blank: " "))
      lines.append(#", "content": ""#)
      lines.appendBase64(contents.content(payload.slot))
      lines.append("\"}")
    }
    lines.append("}\n")
  }

  private mutating func fillInIDs() {
    let ids = digests(of: events.map(\.text), in: canonical.bytes)
    for (event, id) in zip(events, ids) { lines.set(id, at: event.idPosition) }
  }
}

extension WorkloadStep {
  fileprivate var object: WorkloadObject? {
    guard case .store(let object) = self else { return nil }
    return object
  }
}

extension WorkloadText {
  /// Appends what a shard's id is the hash of (protocol.md 5.3).
  fileprivate mutating func appendShardName(_ object: WorkloadObject, _ index: Int) {
    append(object.id)
    append(":")
    append(object.version)
    append(":")
    append(index)
    append(".000000000000000000")
  }
}

/// The sizes that STOREs of a workload have, each with its fee under some number of metadata keys.
private struct WorkloadCosts {
  struct Size {
    let contentBytes: Int
    let atrCost: [UInt8]
  }

  let sizes: [Size]
  /// Shards of each STORE.
  let chunkCount: Int

  init(_ kind: Workload.Kind) {
    if let contentBytes = kind.contentBytes {
      sizes = [WorkloadCosts.size(contentBytes, WorkloadContents.metadataKeyCount)]
      chunkCount = Int(GovernedConstants().chunkCount(contentBytes: UInt64(contentBytes)))
    } else {
      // One shard each, up to the largest that is one.
      sizes = [1, 17, 1023, 1024, 4096, 4097, 65_536, 262_144].flatMap { contentBytes in
        (0...4).map { WorkloadCosts.size(contentBytes, $0) }
      }
      chunkCount = 1
    }
  }

  private static func size(_ contentBytes: Int, _ keyCount: Int) -> Size {
    do {
      let cost = try AtrCost.cost(
        contentBytes: UInt64(contentBytes), metadataKeyCount: keyCount, constants: GovernedConstants())
      return Size(contentBytes: contentBytes, atrCost: cost.decimalBytes)
    } catch {
      preconditionFailure("the fee of content that fits in memory fits in 128 bits: \(error)")
    }
  }
}
