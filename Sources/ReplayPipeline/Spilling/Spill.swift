internal import CHeap
internal import EpochMerge
internal import LogReading
internal import ShardReplay
internal import StorageProtocol
internal import SystemFiles

/// How much of the objects is kept in memory, and where the rest goes.
package struct SpillConfiguration: Sendable {
  /// The folder of scratch files.
  package var folder: String
  /// Bytes that objects may take, of all partitions together, before they are put aside.
  package var residentBytes: Int

  package init(folder: String, residentBytes: Int) {
    self.folder = folder
    self.residentBytes = residentBytes
  }
}

/// The partitions that memory has no room for.
///
/// Each is written to disk once, and so is what comes for it later, derived already; when the log has ended they are read
/// back, one a worker at a time, and applied. Nothing of that is ordered by time: the result is that of a replay in memory.
///
/// Sendable: a partition's streams are touched by the job that has the partition, the rest is behind locks.
final class Spill: @unchecked Sendable {
  private struct Aside {
    var image = SpillStream()
    var run = SpillStream()
  }

  /// Bytes released that are worth a walk through the heap.
  private static let trimmedBytes = 8 << 20

  private let file: SpillFile
  private let events: EventIDFile
  /// One a partition; nil where it is in memory.
  private let aside: UnsafeMutableBufferPointer<Aside?>
  /// Bytes that the partitions of one group may take in memory.
  private let groupBytes: Int
  private let accepting: AcceptList?
  private let listsEveryDivergence: Bool
  /// Since the heap was last walked through.
  private let releasedBytes = LockedState(0)

  /// Nil where all objects are to stay in memory.
  ///
  /// - Throws: `.output` for a folder in which no file can be made.
  init?(_ configuration: ParallelConfiguration) throws(PipelineError) {
    guard let spill = configuration.spill else { return nil }
    do {
      file = try SpillFile(in: spill.folder, frameBytes: Spill.frameBytes(spill, configuration.partitions))
      events = try EventIDFile(in: spill.folder)
    } catch {
      throw .output(error)
    }
    groupBytes = spill.residentBytes / configuration.groupCount
    accepting = configuration.replay.accepting
    listsEveryDivergence = configuration.listsEveryDivergence
    aside = .allocate(capacity: configuration.partitions)
    aside.initialize(repeating: nil)
  }

  deinit {
    aside.deinitialize()
    aside.deallocate()
  }

  /// Enough that a frame costs little, and little enough that every partition can have one on the way, whose memory is up to
  /// twice as large: of all partitions, at most a quarter of what objects may take.
  private static func frameBytes(_ spill: SpillConfiguration, _ partitionCount: Int) -> Int {
    max(2 << 10, min(64 << 10, spill.residentBytes / (8 * partitionCount)))
  }

  /// Bytes written of objects and entries, and how many partitions they are of.
  var extent: SpillExtent {
    SpillExtent(storedBytes: file.storedBytes, partitionCount: aside.count { $0 != nil })
  }

  func isAside(_ partition: Int) -> Bool { aside[partition] != nil }

  // MARK: While the log is read

  /// Writes a batch's entries of those partitions that are aside.
  func putAside(_ batch: ApplicableBatch, of partitions: [ObjectPartition], _ numbers: Range<Int>) throws(FileError) {
    for number in numbers {
      try aside[number]?.run.append(to: file) { partitions[number].putAside(batch, into: &$0) }
    }
  }

  /// Puts partitions aside, the largest first, until the others and what waits to be written fit.
  func makeRoom(of partitions: [ObjectPartition], _ numbers: Range<Int>) throws(FileError) {
    var resident: [Int] = []
    var residentBytes = 0
    for number in numbers {
      residentBytes += aside[number]?.run.memoryBytes ?? partitions[number].memoryBytes
      if !isAside(number) { resident.append(number) }
    }
    guard residentBytes > groupBytes else { return }
    resident.sort { partitions[$0].memoryBytes < partitions[$1].memoryBytes }
    while residentBytes > groupBytes, let largest = resident.popLast() {
      residentBytes -= partitions[largest].memoryBytes
      aside[largest] = Aside(image: try writeImage(of: partitions[largest]))
      release(partitions[largest])
    }
  }

  /// Gives the memory of a partition back, which holds nothing then.
  func release(_ partition: ObjectPartition) {
    let byteCount = partition.memoryBytes
    partition.removeAll()
    let isDue = releasedBytes.withLock { bytes in
      bytes += byteCount
      guard bytes >= Spill.trimmedBytes else { return false }
      bytes = 0
      return true
    }
    // What was freed lies between other things: only this gives it to the operating system.
    if isDue { cheap_trim() }
  }

  private func writeImage(of partition: ObjectPartition) throws(FileError) -> SpillStream {
    var image = SpillStream()
    try partition.writeImage { (bytes) throws(FileError) in try image.append(to: file, bytes) }
    try image.finish(to: file)
    return image
  }

  /// Keeps the event ids of a batch.
  func keepEvents(of batch: ApplicableBatch) throws(FileError) { try events.write(batch) }

  // MARK: When the log has ended

  /// Brings a partition back that is aside, with everything that came for it applied.
  ///
  /// - Parameter onDivergences: is handed every divergence that is found, in log order, where all are asked for.
  /// - Returns: what was found late; event ids among it are written already.
  func bringBack(
    _ partition: ObjectPartition, _ number: Int, nodeNames: [Identifier], isInterrupted: () -> Bool,
    onDivergences: ([Divergence]) throws(PipelineError) -> Void
  ) throws(PipelineError) -> LatePart {
    guard var streams = aside[number] else { preconditionFailure("only a partition that is aside is brought back") }
    aside[number]?.run = SpillStream()
    try PipelineError.filing { () throws(FileError) in try streams.run.finish(to: file) }
    try readImage(streams.image, of: partition)
    var part = LatePart(accepting: accepting, listsEveryDivergence: listsEveryDivergence)
    var run = try SpillReader(streams.run, in: file)
    while let frame = try run.nextFrame() {
      if isInterrupted() { throw .log(LogError(.interrupted)) }
      partition.apply(run: frame, nodeNames: nodeNames, &part)
      let found = part.takeDivergences()
      if !found.isEmpty { try onDivergences(found) }
      try PipelineError.filing { () throws(FileError) in
        for (ordinal, id) in part.takeEventIDs() { try events.write([id], from: ordinal) }
      }
    }
    return part
  }

  private func readImage(_ stream: SpillStream, of partition: ObjectPartition) throws(PipelineError) {
    var image = try SpillReader(stream, in: file)
    try partition.readImage { (buffer) throws(PipelineError) in try image.read(into: buffer) }
  }

  /// Gives the result its events, those of all entries before `end`, once every partition was brought back.
  ///
  /// - Parameter count: of the events.
  func completeEvents(
    of assembly: inout ResultAssembly, count: UInt64, before end: Ordinal, isInterrupted: () -> Bool
  ) throws(PipelineError) {
    var reader = events.reader(before: end)
    try assembly.completeEvents(count: count) { () throws(PipelineError) in
      if isInterrupted() { throw .log(LogError(.interrupted)) }
      return try PipelineError.filing { () throws(FileError) in try reader.next() }
    }
    try PipelineError.filing { () throws(FileError) in try reader.finish() }
  }
}

/// What a replay put on disk.
package struct SpillExtent: Equatable, Sendable {
  package let storedBytes: UInt64
  /// Partitions that did not stay in memory.
  package let partitionCount: Int
}
