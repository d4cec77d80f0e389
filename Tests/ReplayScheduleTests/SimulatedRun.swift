import ReplayPipeline
import StorageProtocol

/// A schedule driven by workers that finish in any order, over a log that is nothing but its shape.
struct SimulatedRun {
  /// The shape of a log: which blocks are compressed, what each split of them gives, and what the batches hold.
  struct Log {
    struct Block {
      let isCompressed: Bool
      /// For each piece that is taken of the block, whether it completes a batch.
      var pieces: [Bool]
    }

    var blocks: [Block] = []
    var hasContext: [Bool] = []
    var isDamaged: [Bool] = []
    /// The piece behind which nothing follows: the last one, unless the splitter finds damage in an earlier one.
    private(set) var lastPiece: (block: Int, piece: Int)

    init(_ random: inout SeededGenerator, damagePercent: UInt64) {
      let count = 1 + random.index(below: 24)
      let (batchPercent, contextPercent) = (
        random.choice([30, 70, 100] as [UInt64]), random.choice([0, 5, 60] as [UInt64])
      )
      let compressedPercent = random.choice([0, 50, 100] as [UInt64])
      for _ in 0..<count {
        let pieceCount = random.happens(percent: 80) ? 1 : 1 + random.index(below: 4)
        blocks.append(
          Block(
            isCompressed: random.happens(percent: compressedPercent),
            pieces: (0..<pieceCount).map { _ in random.happens(percent: batchPercent) }))
      }
      let isCut = damagePercent > 0 && random.happens(percent: 30)
      let block = isCut ? random.index(below: count) : count - 1
      let pieceCount = blocks[block].pieces.count
      lastPiece = (block, isCut ? random.index(below: pieceCount) : pieceCount - 1)
      blocks[block].pieces[lastPiece.piece] = true
      for batch in 0..<batchCount {
        hasContext.append(random.happens(percent: contextPercent))
        isDamaged.append(random.happens(percent: damagePercent) || (isCut && batch == batchCount - 1))
      }
    }

    func isLast(_ block: Int, _ piece: Int) -> Bool { (block, piece) == lastPiece }

    /// Batches up to the last piece.
    var batchCount: Int {
      blocks[..<lastPiece.block].reduce(0) { $0 + $1.pieces.count { $0 } }
        + blocks[lastPiece.block].pieces[...lastPiece.piece].count { $0 }
    }

    var firstDamage: Int? { isDamaged.firstIndex(of: true) }
  }

  enum Ending: Equatable { case done, aborted, stuck }

  let log: Log
  let workers: Int
  private var schedule: ReplaySchedule
  private(set) var journal: ScheduleJournal
  private(set) var hasFailed = false
  private(set) var isAborted = false
  /// Jobs begun after it was known that the run is aborted, and reading and committing begun after it was known that the log is
  /// damaged.
  private(set) var lateStarts: [ReplayJob] = []
  private var abortsAfter: Int?
  /// Of the block that is being split.
  private var takenPieces = 0
  private var finishedCount = 0

  init(_ log: Log, _ random: inout SeededGenerator, abortsAfter: Int? = nil) {
    self.log = log
    self.abortsAfter = abortsAfter
    workers = 1 + random.index(below: 8)
    let (blockWindow, batchWindow) = (1 + random.index(below: 5), 1 + random.index(below: 6))
    let groupCount = 1 + random.index(below: 5)
    schedule = ReplaySchedule(blockWindow: blockWindow, batchWindow: batchWindow, groupCount: groupCount)
    journal = ScheduleJournal(blockWindow: blockWindow, batchWindow: batchWindow, groupCount: groupCount)
  }

  var decodedPrefix: Int { schedule.decodedPrefix }

  /// Runs to the end. `.stuck`: more steps than the log can need, or waiting with nobody at work.
  mutating func run(_ random: inout SeededGenerator) -> Ending {
    for _ in 0..<100_000 {
      let mustFinish = journal.running.count == workers
      if !journal.running.isEmpty, mustFinish || random.happens(percent: 50) {
        finishAny(&random)
        continue
      }
      switch schedule.next(choose: { random.index(below: $0) }) {
      case .run(let job): start(job)
      case .wait:
        guard !journal.running.isEmpty else { return .stuck }
        finishAny(&random)
      case .done: return isAborted ? .aborted : .done
      }
    }
    return .stuck
  }

  private mutating func start(_ job: ReplayJob) {
    if isAborted || (hasFailed && [.read, .commit].contains(job.stage)) { lateStarts.append(job) }
    let firstContext = log.hasContext.firstIndex(of: true)
    journal.start(job, bringsFirstContext: { $0 == firstContext })
  }

  private mutating func finishAny(_ random: inout SeededGenerator) {
    let job = random.choice(journal.running)
    finishedCount += 1
    if let abortsAfter, finishedCount > abortsAfter, !isAborted {
      isAborted = true
      journal.drop(job)
      schedule.abort()
    } else {
      finish(job)
    }
  }

  private mutating func finish(_ job: ReplayJob) {
    switch job {
    case .read(let block):
      let shape = log.blocks[block]
      journal.finish(job, isCompressed: shape.isCompressed)
      schedule.didRead(isCompressed: shape.isCompressed, isLast: block == log.blocks.count - 1)
    case .split(let block): finishSplit(job, block)
    default:
      journal.finish(job)
      tell(job)
    }
  }

  private mutating func finishSplit(_ job: ReplayJob, _ block: Int) {
    let piece = takenPieces
    let hasBatch = log.blocks[block].pieces[piece]
    let isBlockTaken = piece == log.blocks[block].pieces.count - 1
    takenPieces = isBlockTaken ? 0 : piece + 1
    journal.finish(job, hasBatch: hasBatch, isBlockTaken: isBlockTaken)
    schedule.didSplit(hasBatch: hasBatch, isBlockTaken: isBlockTaken, isLast: log.isLast(block, piece))
  }

  private mutating func tell(_ job: ReplayJob) {
    switch job {
    case .decompress(let block): schedule.didDecompress(block: block)
    case .decode(let batch):
      schedule.didDecode(batch: batch, hasContext: log.hasContext[batch])
      guard log.isDamaged[batch] else { return }
      hasFailed = true
      schedule.didFail(batch: batch)
    case .plan(let batch): schedule.didPlan(batch: batch)
    case .derive(let batch): schedule.didDerive(batch: batch)
    case .settle(let batch): schedule.didSettle(batch: batch)
    case .apply(let group, let batches): schedule.didApply(group: group, batches: batches)
    case .merge(let batch): schedule.didMerge(batch: batch)
    case .append: schedule.didAppend()
    case .commit(let group): schedule.didCommit(group: group)
    case .read, .split: preconditionFailure("told where it is finished")
    }
  }
}
