import EpochMerge
import ReplayPipeline
import StorageProtocol

/// How one parallel run is cut and scheduled, drawn from a seed.
struct RunShape: CustomStringConvertible {
  var workers: Int
  var partitions: Int
  var chunkBytes: Int
  var window: Int?
  var disturbance: ScheduleDisturbance?
  var events: EventDetail
  var hashesFile: Bool

  init(_ random: inout SeededGenerator) {
    workers = 1 + random.index(below: 4)
    partitions = random.happens(percent: 60) ? 1 + random.index(below: 20) : 1 + random.index(below: 300)
    chunkBytes =
      random.happens(percent: 5)
      ? random.choice([1, 7]) : random.choice([60, 300, 1000, 3000, 3000, 10_000, 100_000, 512 << 10])
    window = random.happens(percent: 20) ? nil : 1 + random.index(below: 8)
    // Every piece of work is delayed: not where a log is thousands of them.
    disturbance =
      chunkBytes >= 1000 && random.happens(percent: 25) ? ScheduleDisturbance(seed: random.next(), delayMax: 40) : nil
    events = random.choice([.ids, .ids, .texts])
    hashesFile = random.happens(percent: 10)
  }

  func configuration(_ replay: ReplayConfiguration) -> ParallelConfiguration {
    var configuration = ParallelConfiguration(replay, workers: workers, partitions: partitions)
    configuration.chunkBytes = chunkBytes
    configuration.window = window
    configuration.disturbance = disturbance
    configuration.events = events
    configuration.keepsMetadata = true
    configuration.hashesFile = hashesFile
    return configuration
  }

  var description: String {
    let disturbed = disturbance.map { ", disturbed by \($0.seed)" } ?? ""
    return
      "\(workers) workers, \(partitions) partitions, chunks of \(chunkBytes) bytes, window \(window ?? 0)\(disturbed)"
  }
}
