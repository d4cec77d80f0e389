internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StorageProtocol
internal import SystemFiles

extension ReplayOptions {
  /// The resume points of the replay; nil where none are kept.
  ///
  /// - Throws: `.precondition` for a log that is no archive, a folder that cannot be written, a point that does not fit, and one
  ///   that would be lost.
  func checkpoints() throws(ReplayFailure) -> ReplayCheckpoints? {
    guard let checkpointing else { return nil }
    guard let archive, let parallelism else {
      throw ReplayOptions.precondition("resume points are bound to an archive's sums: pack the log first")
    }
    let folder = checkpointing.folder
    let checkpoints = ReplayCheckpoints(
      in: folder, binding: binding(archive, partitions: parallelism.partitions), interval: checkpointing.interval,
      resumes: checkpointing.resumes)
    try ReplayFailure.checking { () throws(TargetFault) in
      try folder.create()
      try folder.check(expectedBytes: 0)
    }
    guard checkpointing.resumes || checkpointing.replaces || !ReplayCheckpoints.isThere(in: folder) else {
      throw ReplayOptions.precondition(
        "\(folder.path) has a resume point: go on from it with --resume, or replace it with --force")
    }
    do {
      try checkpoints.check()
    } catch {
      throw ReplayOptions.precondition(error.description)
    }
    return checkpoints
  }

  private static func precondition(_ sentence: String) -> ReplayFailure {
    .precondition(PreconditionFailure(description: sentence))
  }

  /// A digest of everything that decides the result, and of the program.
  private func binding(_ archive: LogArchive, partitions: Int) -> Digest {
    let json = JSONValue.members([
      "program": .text(Program.versionedName), "executable": .hexadecimal(Program.executableDigest),
      "archive": .hexadecimal(archive.sha256),
      "constants": configuration.constants.json, "profile": .text(configuration.profile.rawValue),
      "max_content_size": .integer(configuration.contentBytesMax), "stop": .text("\(stop)"),
      "partitions": .integer(partitions),
      "accept": configuration.accepting.map { .hexadecimal($0.sha256) } ?? .null,
    ])
    return Digest.sha256(JSONFormat.canonical.encode(json))
  }

  /// What the log was to give and what it gave.
  func completeness(_ run: ReplayRun) -> Completeness {
    let found = run.result.entries.total
    guard let manifest = archive?.manifest else {
      return Completeness(
        stop: stop, isVerified: false, segments: nil,
        rawBytes: stop == .end ? .init(expected: nil, found: run.extent.rawBytes) : nil,
        entries: .init(expected: nil, found: found))
    }
    let expected =
      switch stop {
      case .end: manifest.entryCount
      case .before(let ordinal): min(ordinal.value, manifest.entryCount)
      case .after: found
      }
    if salvages { return salvaged(run, manifest) }
    func segmentCount(_ entries: UInt64) -> UInt64 { UInt64(manifest.segments.count { $0.firstOrdinal < entries }) }
    return Completeness(
      stop: stop, isVerified: true, hasPacks: !manifest.packs.isEmpty,
      segments: .init(expected: segmentCount(expected), found: segmentCount(found)),
      rawBytes: stop == .end ? .init(expected: manifest.rawBytes, found: run.extent.rawBytes) : nil,
      entries: .init(expected: expected, found: found))
  }

  /// Of a salvage: segments count as found where none of their entries is lost.
  private func salvaged(_ run: ReplayRun, _ manifest: ArchiveManifest) -> Completeness {
    let whole = manifest.segments.count { segment in
      let ordinals = segment.firstOrdinal..<segment.firstOrdinal + segment.entryCount
      return !run.lost.contains { $0.lowerBound < ordinals.upperBound && $0.upperBound >= ordinals.lowerBound }
    }
    return Completeness(
      stop: .end, isVerified: true, hasPacks: !manifest.packs.isEmpty,
      segments: .init(expected: UInt64(manifest.segments.count), found: UInt64(whole)), rawBytes: nil,
      entries: .init(expected: manifest.entryCount, found: run.result.entries.total), lost: run.lost)
  }
}
