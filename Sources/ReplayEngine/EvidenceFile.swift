internal import LogReading
internal import StorageProtocol
internal import SystemFiles

/// Where a drill leaves its evidence: `storage_replay_drill_YYYYMMDD.json` and, of signed evidence, the files beside it.
struct EvidenceFile {
  /// Evidence is a summary of some kilobytes; a hundred divergences of large objects make it longer.
  static let expectedBytes: UInt64 = 1 << 20

  static let prefix = "storage_replay_drill_"

  /// What stands beside evidence, by the end of its name.
  enum Sibling: String, CaseIterable {
    /// The signed statement.
    case envelope = ".dsse.json"
    /// The signed root of the event log.
    case checkpoint = ".checkpoint"
    /// SHA-256 sums of the others, for `sha256sum -c`.
    case sums = ".SHA256SUMS"
  }

  /// The texts of one drill's files.
  struct Texts {
    var evidence: [UInt8]
    /// Nil for evidence that is not signed.
    var envelope: [UInt8]?
    /// Nil where there is no event log, or no key that signs notes.
    var checkpoint: [UInt8]?
  }

  /// Where they are.
  struct Paths {
    let evidence: String
    let envelope: String?
    let checkpoint: String?
    let sums: String?
  }

  let folder: TargetFolder
  /// Whether the evidence of the same day may be replaced.
  let replaces: Bool

  /// Checks that evidence can be written, before any work; creates the folder only for a log that is there.
  ///
  /// - Throws: `.precondition`, `.log`.
  func prepare(at time: TimeOfDay, log: LogSource) throws(ReplayFailure) {
    try ReplayFailure.checking { () throws(TargetFault) in try folder.checkCreatable() }
    try ReplayFailure.reading { () throws(LogError) in try log.checkReadable() }
    try ReplayFailure.checking { () throws(TargetFault) in
      try folder.create()
      if replaces {
        for name in EvidenceFile.names(EvidenceFile.stem(time, attempt: 0)) {
          try folder.checkName(name, replaces: true, log: log.path)
        }
      }
      try folder.check(expectedBytes: EvidenceFile.expectedBytes)
    }
    if replaces { try checkReplaceable(EvidenceFile.stem(time, attempt: 0)) }
  }

  /// - Throws: `.precondition` where other evidence follows what would be replaced: its link would point to nothing.
  private func checkReplaceable(_ stem: String) throws(ReplayFailure) {
    let replaced = EvidenceFile.names(stem)
    let others = FolderContents.names(in: folder.path).sorted().filter { name in
      name.hasPrefix(EvidenceFile.prefix) && name.hasSuffix(".json") && !replaced.contains(name)
    }
    let path = { (name: String) in "\(folder.path)/\(name)" }
    let evidence = replaced.filter { $0.hasSuffix(".json") }.map(path)
    guard let follower = EvidenceChain.follower(of: evidence, among: others.map(path)) else { return }
    throw .precondition(
      PreconditionFailure(
        description:
          "\(path(stem + ".json")) is the evidence that \(follower) follows: replacing it would break the chain;"
          + " leave out --force"))
  }

  /// The runbook's name for the evidence of a day; where that is taken, with the time; then counted up.
  private static func stem(_ time: TimeOfDay, attempt: Int) -> String {
    switch attempt {
    case 0: prefix + time.compactDate
    case 1: prefix + time.compactTime
    default: "\(prefix)\(time.compactTime)_\(attempt)"
    }
  }

  private static func names(_ stem: String) -> [String] {
    [stem + ".json"] + Sibling.allCases.map { stem + $0.rawValue }
  }

  /// The newest evidence in the folder; of a run that replaces that of its day, the newest besides it.
  ///
  /// - Throws: `.precondition` where nobody can tell which that is.
  func newest(at time: TimeOfDay) throws(ReplayFailure) -> String? {
    let replaced = replaces ? EvidenceFile.stem(time, attempt: 0) + ".json" : nil
    let names = FolderContents.names(in: folder.path).filter { $0 != replaced }
    let found = names.compactMap { name in EvidenceName(name, prefix: EvidenceFile.prefix) }
    return try EvidenceChain.head(of: found.sorted().map { "\(folder.path)/\($0.name)" })
  }

  /// Writes the files of one drill under one stem that none of them had before, so that no evidence replaces another.
  ///
  /// - Throws: ``FileError``; none of them is there then.
  func write(_ texts: Texts, at time: TimeOfDay) throws(FileError) -> Paths {
    var attempt = 0
    while true {
      if let paths = try write(texts, EvidenceFile.stem(time, attempt: attempt)) { return paths }
      attempt += 1
    }
  }

  /// - Returns: nil if a name is taken and must stay.
  private func write(_ texts: Texts, _ stem: String) throws(FileError) -> Paths? {
    let siblings = EvidenceFile.siblings(texts, stem)
    if !replaces, EvidenceFile.names(stem).contains(where: folder.holds) { return nil }
    // Everything is on disk before anything has a name.
    var files = [(name: stem + ".json", file: try PendingFile(texts.evidence, in: folder))]
    for sibling in siblings { files.append((sibling.name, try PendingFile(sibling.text, in: folder))) }
    guard try replaces ? replace(stem, files) : claim(stem, files) else { return nil }
    let path = { (kind: Sibling) in
      siblings.first { $0.name == stem + kind.rawValue }.map { "\(folder.path)/\($0.name)" }
    }
    return Paths(
      evidence: "\(folder.path)/\(stem).json", envelope: path(.envelope), checkpoint: path(.checkpoint),
      sums: path(.sums))
  }

  /// Gives all files their names, the evidence first; where one cannot have its own, everything is as it was.
  private func replace(_ stem: String, _ files: [(name: String, file: PendingFile)]) throws(FileError) -> Bool {
    let before = try ReplacedFiles(EvidenceFile.names(stem), in: folder.path)
    do throws(FileError) {
      for (name, file) in files { _ = try file.publish(as: name, replaces: true) }
    } catch {
      before.restore()
      throw error
    }
    before.discard(keeping: files.map(\.name))
    return true
  }

  /// Gives all files their names, which are free; where one cannot have its own, none has.
  ///
  /// - Returns: false if the evidence's name was taken meanwhile.
  private func claim(_ stem: String, _ files: [(name: String, file: PendingFile)]) throws(FileError) -> Bool {
    guard let evidence = files.first, try evidence.file.publish(as: evidence.name, replaces: false) else {
      return false
    }
    do throws(FileError) {
      for (name, file) in files.dropFirst() { _ = try file.publish(as: name, replaces: true) }
    } catch {
      for name in EvidenceFile.names(stem) { FolderContents.remove("\(folder.path)/\(name)") }
      throw error
    }
    return true
  }

  /// What is written beside signed evidence, the sums last.
  private static func siblings(_ texts: Texts, _ stem: String) -> [(name: String, text: [UInt8])] {
    guard let envelope = texts.envelope else { return [] }
    var siblings = [(name: stem + Sibling.envelope.rawValue, text: envelope)]
    if let checkpoint = texts.checkpoint { siblings.append((stem + Sibling.checkpoint.rawValue, checkpoint)) }
    let summed = [(name: stem + ".json", text: texts.evidence)] + siblings
    let sums = summed.map { "\(Digest.sha256($0.text).hexadecimal)  \($0.name)\n" }.joined()
    return siblings + [(stem + Sibling.sums.rawValue, Array(sums.utf8))]
  }
}
