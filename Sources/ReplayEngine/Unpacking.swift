internal import LogPacking
internal import LogReading
internal import StorageProtocol
internal import SystemFiles

/// The verb `unpack`: the entries of an archive as a plain log, with their contents, as they were before `pack`.
public struct Unpacking: Sendable {
  private let options: ReplayOptions
  private let target: TargetFile
  private let services: Services

  /// - Parameter replaces: whether a file at `path` may be replaced.
  /// - Throws: `.usage` for a name that tells no form of a log.
  public init(_ options: ReplayOptions, path: String, replaces: Bool, services: Services) throws(ReplayFailure) {
    self.options = options
    target = TargetFile(path: path, replaces: replaces)
    self.services = services
    guard LogFileWriter.isLogName(target.name) else {
      throw .usage(UsageError(description: "-o ends in .json or .jsonl, either with .lz4 after it: \(path) does not"))
    }
  }

  /// - Throws: `.precondition`, `.log`, `.output`; no file is left then.
  public func run() throws(ReplayFailure) -> Report {
    let expectedBytes = try expectedBytes()
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.check(log: options.source.path, expectedBytes: expectedBytes / 2)
    }
    services.onPlan([PlannedStep(.load, readings: 1)])
    do {
      var output = try LogFileWriter(target, level: 1)
      var reader = try LogReader(options.source, options: options.reading(services, step: .load))
      while let entry = try reader.next() { try output.append(entry.bytes) }
      let extent = reader.extent
      try output.publish()
      return report(extent)
    } catch let error as LogError {
      throw ReplayFailure(error)
    } catch let error as FileError {
      throw ReplayFailure(output: error)
    } catch {
      preconditionFailure("reading and writing throw nothing else")
    }
  }

  /// Bytes that the log will take: all of an archive's text and contents, or what is known of another log.
  private func expectedBytes() throws(ReplayFailure) -> UInt64 {
    guard case .archive(let path) = options.source else { return options.source.storedBytes ?? 0 }
    let manifest = try ReplayFailure.reading { () throws(LogError) in
      try LogArchive(path: path, options: options.reading(services, step: .prepare)).manifest
    }
    return target.name.hasSuffix(".lz4")
      ? manifest.segmentBytes + manifest.packBytes : manifest.rawBytes + manifest.packBytes / 3 * 4
  }

  private func report(_ extent: LogExtent) -> Report {
    let json = JSONValue.members([
      "schema": .text("eqm-replay/unpack/1"), "log": .text(target.path), "entries": .integer(extent.entries),
    ])
    return Report(
      status: .done, json: json,
      text: [ResultText.row("log", target.path), ResultText.row("entries", "\(extent.entries)")])
  }
}
