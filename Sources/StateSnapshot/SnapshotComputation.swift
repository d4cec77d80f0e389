internal import StateCommitment
internal import StorageProtocol

/// What the rows of a snapshot give: computed, not read.
struct SnapshotComputation {
  private let connection: SnapshotConnection
  private(set) var digests: [(table: SnapshotTable, digest: Digest)] = []
  private(set) var nodes: [StorageNode] = []
  private(set) var checkpoints: [Checkpoint] = []
  private(set) var objectLeaves: [SparseTree.Leaf] = []
  private(set) var shardCount: UInt64 = 0
  private(set) var eventLog = LogTree()
  private(set) var firstEventID: Digest?

  init(_ connection: SnapshotConnection) { self.connection = connection }

  mutating func run() throws(SnapshotFault) {
    let nodes = try digestNodes()
    let epochs = try digestEpochs()
    let (objects, shards) = try digestObjects()
    digests = [
      (.nodes, nodes), (.objects, objects), (.shards, shards), (.replicas, try digestReplicas()),
      (.events, try digestEvents()), (.epochs, epochs),
    ]
  }

  private mutating func digestNodes() throws(SnapshotFault) -> Digest {
    var scan = try connection.digested(.nodes)
    while try scan.next() { nodes.append(try StorageNode(scan.rows)) }
    return scan.value
  }

  private mutating func digestEpochs() throws(SnapshotFault) -> Digest {
    var scan = try connection.digested(.epochs)
    while try scan.next() { checkpoints.append(try Checkpoint(scan.rows)) }
    return scan.value
  }

  private func digestReplicas() throws(SnapshotFault) -> Digest {
    var scan = try connection.digested(.replicas)
    while try scan.next() {}
    return scan.value
  }

  /// Both tables are in the order of objects.
  private mutating func digestObjects() throws(SnapshotFault) -> (objects: Digest, shards: Digest) {
    var objects = try connection.digested(.objects)
    var shards = try connection.digested(.shards)
    _ = try shards.next()
    while try objects.next() {
      let object = try SnapshotObject(objects.rows)
      let key = object.key
      var committed: [CommittedObject.Shard] = []
      while try object.owns(shards.rows) {
        committed.append(try SnapshotComputation.shard(committed.count, of: object, key, shards.rows))
        _ = try shards.next()
      }
      guard committed.count >= object.currentShardCount else {
        throw objects.rows.fault("not all of its shards are there")
      }
      shardCount += UInt64(committed.count)
      objectLeaves.append(
        CommittedObject(
          key: key, writer: object.writer, currentShardCount: object.currentShardCount, shards: committed
        ).leaf)
    }
    guard !shards.rows.hasRow else { throw shards.rows.fault("there is no such object") }
    objectLeaves.sort { $0.key < $1.key }
    return (objects.value, shards.value)
  }

  private static func shard(
    _ index: Int, of object: SnapshotObject, _ key: Digest, _ row: borrowing TableScan
  ) throws(SnapshotFault) -> CommittedObject.Shard {
    guard try row.integer(2) == Int64(index) else { throw row.fault("shard_index is not \(index)") }
    let id =
      index == 0 ? key : ObjectNaming.shardID(object: object.id, version: object.version, index: UInt64(index))
    guard try row.digest(3) == id else { throw row.fault("shard_id is not the name that the object gives") }
    let writer = try row.digest(6)
    guard index >= object.currentShardCount || writer == object.writer else {
      throw row.fault("store_event_id is not that of the object")
    }
    return CommittedObject.Shard(merkleRoot: row.isNull(5) ? nil : try row.digest(5), writer: writer)
  }

  private mutating func digestEvents() throws(SnapshotFault) -> Digest {
    var events = try connection.digested(.events)
    var next = checkpoints[...]
    try checkLogRoots(&next)
    while try events.next() {
      let event = try SnapshotEvent(events.rows)
      guard event.number == eventLog.count else { throw events.rows.fault("event_number is not \(eventLog.count)") }
      guard Digest.sha3(event.fields) == event.id else { throw events.rows.fault("event_id is not the hash of fields") }
      firstEventID = firstEventID ?? event.id
      eventLog.append(event.id)
      try checkLogRoots(&next)
    }
    guard next.isEmpty else { throw fault(next.startIndex, "event_count is more than there are events") }
    return events.value
  }

  /// Checks the roots of the checkpoints that were taken at this place of the log.
  private func checkLogRoots(_ next: inout ArraySlice<Checkpoint>) throws(SnapshotFault) {
    while let checkpoint = next.first, checkpoint.summary.eventLogCount <= eventLog.count {
      guard checkpoint.summary.eventLogCount == eventLog.count, checkpoint.logRoot == eventLog.root else {
        throw fault(next.startIndex, "log_root is not that of the events")
      }
      next = next.dropFirst()
    }
  }

  private func fault(_ epoch: Int, _ problem: String) -> SnapshotFault {
    .row(path: connection.path, .epochs, number: UInt64(epoch) + 1, problem: problem)
  }
}
