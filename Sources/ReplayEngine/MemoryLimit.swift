internal import ReplayPipeline
internal import SystemFiles

/// What the whole process may take of memory, and where objects go that do not fit.
struct MemoryLimit: Sendable {
  // Generous: 20,000,000 recorded entries under 256 MiB took 163 MiB with two workers, 60 MiB of objects among that.
  private static let bytesPerWorker: UInt64 = 32 << 20
  private static let bytesOfProgram: UInt64 = 96 << 20
  private static let objectBytesMin: UInt64 = 96 << 20

  let bytes: UInt64
  /// Of scratch files; nil for the folder of temporary files.
  private let folder: String?
  private let workers: Int

  /// Nil where no limit is given.
  ///
  /// - Throws: `.usage`.
  init?(_ arguments: ReplayArguments, workers: Int?) throws(ReplayFailure) {
    guard let text = arguments.memoryLimit else { return nil }
    guard let workers, !arguments.crossCheck else {
      throw ReplayOptions.usage("--memory-limit: the sequential engine keeps everything in memory, leave it out")
    }
    guard arguments.golden == nil, arguments.checkpointFolder == nil else {
      throw ReplayOptions.usage(
        "--memory-limit: a golden trace or a resume point needs all objects in memory, leave it out")
    }
    let least = MemoryLimit.baseBytes(workers) + MemoryLimit.objectBytesMin
    guard let bytes = ByteSize(text)?.bytes, bytes >= least else {
      throw ReplayOptions.usage(
        "--memory-limit is a number of bytes such as 512MiB or 1GiB, with \(workers) workers \(least >> 20)MiB or more")
    }
    self.bytes = bytes
    self.workers = workers
    folder = arguments.spillFolder
  }

  /// What the program takes beside objects, entries of usual sizes in flight included.
  private static func baseBytes(_ workers: Int) -> UInt64 { bytesOfProgram + UInt64(workers) * bytesPerWorker }

  /// Part of the rest is for partitions that are brought back, and for what memory loses between things.
  private var residentBytes: UInt64 {
    (bytes - max(MemoryLimit.baseBytes(workers), bytes / 4)) / 10 * 6
  }

  /// Checks, before any work, that objects can be put aside.
  ///
  /// - Throws: `.precondition`.
  func configuration(_ services: Services) throws(ReplayFailure) -> SpillConfiguration {
    let target = TargetFolder(path: folder ?? services.temporaryFolder)
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.create()
      try target.check(expectedBytes: 0)
    }
    return SpillConfiguration(folder: target.path, residentBytes: Int(clamping: residentBytes))
  }
}
