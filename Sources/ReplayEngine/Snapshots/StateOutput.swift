internal import EpochMerge
internal import LogReading
internal import ReplayPipeline
internal import ShardReplay
internal import StateSnapshot
internal import StorageProtocol
internal import Synchronization
internal import SystemFiles

/// Where the state of a replay goes: a snapshot under a temporary name, until it is published.
///
/// Sendable: events are appended by one worker at a time, which the schedule orders; the rest happens once they are done.
final class StateOutput: Sendable {
  let target: TargetFile
  private let file: Mutex<TemporaryFile>
  private let writer: SnapshotWriter
  /// Of the temporary name.
  let path: String
  private let elapsed = Mutex(Duration.zero)

  /// - Throws: `.output`.
  init(_ target: TargetFile) throws(ReplayFailure) {
    self.target = target
    do {
      let file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-state")
      path = file.path
      self.file = Mutex(file)
    } catch {
      throw ReplayFailure(output: error)
    }
    do {
      writer = try SnapshotWriter(path: path)
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  /// What a replay must hand out for a snapshot of its state.
  static func adapt(_ parallel: inout ParallelConfiguration) {
    parallel.events = .texts
    parallel.keepsMetadata = true
  }

  /// Appends the events of the next batch of the log.
  func append(_ batch: MergedBatch) throws(PipelineError) {
    do {
      try measure { () throws(DatabaseFailure) in
        try writer.append(eventIDs: batch.eventIDs, fields: batch.eventTexts, ends: batch.eventTextEnds)
      }
    } catch {
      throw .output(error)
    }
  }

  /// Writes everything else that a replay gave.
  ///
  /// - Throws: `.output`.
  func finish(_ replay: ParallelReplay, _ constants: GovernedConstants) throws(ReplayFailure) -> WrittenSnapshot {
    try writing { (writer) throws(DatabaseFailure) in try writer.append(replay) }
    return try finish(
      SnapshotCommitment(roots: replay.result.roots, summary: replay.result.state, constants: constants))
  }

  /// Writes what is left, and what the rows are to give.
  ///
  /// - Throws: `.output`.
  func finish(_ commitment: SnapshotCommitment) throws(ReplayFailure) -> WrittenSnapshot {
    let digests = try writing { (writer) throws(DatabaseFailure) in try writer.finish(commitment) }
    return try WrittenSnapshot(path: path, digests, rowCount: writer.rowCount, elapsed: elapsed.withLock { $0 })
  }

  /// Writes rows; the time is kept.
  ///
  /// - Throws: `.output`.
  func writing<Value>(_ body: (SnapshotWriter) throws(DatabaseFailure) -> Value) throws(ReplayFailure) -> Value {
    do {
      return try measure { () throws(DatabaseFailure) in try body(writer) }
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  private func measure<Value>(_ body: () throws(DatabaseFailure) -> Value) throws(DatabaseFailure) -> Value {
    let clock = ContinuousClock()
    let start = clock.now
    defer { elapsed.withLock { $0 += clock.now - start } }
    return try body()
  }

  /// Gives the snapshot its name.
  ///
  /// - Throws: `.output`.
  func publish() throws(ReplayFailure) {
    do {
      try file.withLock { (file) throws(FileError) in
        try file.publish(to: target)
      }
    } catch {
      throw ReplayFailure(output: error)
    }
  }
}

extension SnapshotWriter {
  /// Appends what a replay gave besides events.
  fileprivate func append(_ replay: ParallelReplay) throws(DatabaseFailure) {
    try append(replay.nodes)
    try append(replay.result.checkpoints)
    try replay.forEachObject { (object, nodeNames) throws(DatabaseFailure) in
      let key = ObjectKey(id: object.id, version: object.version)
      try append(
        object: key, hashCommit: object.hashCommit, createdAtTick: object.createdAtTick, metadata: object.metadata,
        shardCount: object.currentShardCount, writer: object.writer)
      for index in 0..<object.shardCount {
        let shard = object.shard(index)
        try append(
          shard: index, of: key, id: object.shardID(index), chunkBytes: shard.chunkBytes,
          merkleRoot: shard.merkleRoot, writer: shard.writer)
        try object.forEachNode(ofShard: index, nodeNames) { (place, node) throws(DatabaseFailure) in
          try append(replica: place, ofShard: index, of: key, node: node)
        }
      }
    }
  }
}

extension ReplayFailure {
  init(output failure: DatabaseFailure) { self = .output(OutputFailure(description: "cannot write \(failure)")) }
}
