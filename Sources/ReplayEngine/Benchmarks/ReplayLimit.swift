internal import Benchmarking
internal import LogDecoding
internal import LogReading
internal import StorageProtocol

/// What the work on a log takes without a replay around it, on this thread: LZ4 frames decompressed, entries scanned as JSON, and
/// permutations of Keccak-f.
struct ReplayLimit {
  private static let chunkBytes = 128 << 10

  private let options: LogReadingOptions
  private let clock = ContinuousClock()
  private var decompression = Duration.zero
  private var scanning = Duration.zero
  private var byteCount: UInt64 = 0

  /// Measures the log at `path`.
  ///
  /// - Parameter messageBytes: of the messages that are hashed.
  /// - Throws: `.cannotRun` with what is wrong with the log; `.interrupted`.
  static func measure(
    _ path: String, messageBytes: Int, _ services: Services
  ) throws(BenchFault) -> BenchRounds.Limit {
    var limit = ReplayLimit(services)
    do throws(LogError) {
      try limit.read(LogSource(argument: path))
    } catch {
      if error.reason == .interrupted { throw .interrupted }
      throw .cannotRun(error.description)
    }
    return BenchRounds.Limit(
      permutationsPerSecond: PermutationThroughput.measure(messageBytes: messageBytes),
      decompressionSeconds: limit.decompression.inSeconds, scanSeconds: limit.scanning.inSeconds,
      bytes: limit.byteCount)
  }

  private init(_ services: Services) {
    var options = LogReadingOptions()
    options.isInterrupted = services.isInterrupted
    options.wakeDescriptor = services.wakeDescriptor
    self.options = options
  }

  /// An archive's files are read as what they are, concatenations of frames: without sums, ordinals, references.
  private mutating func read(_ source: LogSource) throws(LogError) {
    guard case .archive(let path) = source else { return try read(source, isText: true) }
    let manifest = try LogArchive(path: path, options: options).manifest
    for segment in manifest.segments {
      try read(.copy(path: "\(path)/\(segment.file)", name: "segment.jsonl.lz4"), isText: true)
    }
    for pack in manifest.packs { try read(.copy(path: "\(path)/\(pack.file)", name: "pack.lz4"), isText: false) }
  }

  private mutating func read(_ source: LogSource, isText: Bool) throws(LogError) {
    var reader = try LogChunkReader(source, options: options, chunkBytes: ReplayLimit.chunkBytes, hashesFile: false)
    var splitter = LogSplitter(source, options: options, chunkBytes: ReplayLimit.chunkBytes)
    var scan = JSONScan()
    let (block, chunk) = (LogBlock(), LogChunk())
    while !reader.isComplete {
      reader.read(into: block)
      let start = clock.now
      block.decompress()
      decompression += clock.now - start
      if let failure = block.failure { throw failure }
      byteCount += UInt64(block.textBytes)
      guard isText else { continue }
      repeat {
        guard splitter.split(block, into: chunk) else { continue }
        if let failure = chunk.failure { throw failure }
        let start = clock.now
        try scan.scan(chunk)
        scanning += clock.now - start
      } while !splitter.isBlockTaken && !splitter.isComplete
    }
  }
}
