internal import Glibc
package import StorageProtocol

/// An archive that was opened: its manifest is checked and agrees with `SHA256SUMS`, and every file that it names is there,
/// with its size.
///
/// What the files hold is checked as it is read.
package struct LogArchive: Sendable {
  package let manifest: ArchiveManifest
  /// SHA-256 of the manifest as stored, which names every other file's: what identifies the archive.
  package let sha256: Digest
  /// Whether `SHA256SUMS` names the manifest too.
  package let coversManifest: Bool
  let folder: ArchiveFolder

  /// Files must be there with their sizes; of a salvage's archive none need be, of one that may have lost contents no pack.
  ///
  /// - Throws: `.archive`.
  package init(path: String, options: LogReadingOptions) throws(LogError) {
    let folder = ArchiveFolder(path: path)
    let text = try LogArchive.manifestText(folder, options)
    manifest = try ArchiveManifest(parsing: text)
    sha256 = Digest.sha256(text)
    self.folder = folder
    let sums = try ArchiveSums(in: folder, of: manifest, options: options)
    coversManifest = try sums.check(manifest, sha256: sha256)
    guard !options.salvages else { return }
    for segment in manifest.segments { close(try folder.open(segment.file, declaredBytes: segment.storedBytes)) }
    guard !options.losesContents else { return }
    for pack in manifest.packs { close(try folder.open(pack.file, declaredBytes: pack.storedBytes)) }
  }

  private static func manifestText(_ folder: ArchiveFolder, _ options: LogReadingOptions) throws(LogError) -> [UInt8] {
    do throws(LogError) {
      let bytesMax = ArchiveManifest.bytesMax
      return try folder.read(
        ArchiveManifest.fileName, bytesMax: bytesMax, tooLong: .manifestTooLong(bytesMax: bytesMax), options: options)
    } catch {
      guard error.reason == .archive(.missingFile) else { throw error }
      throw LogError(.archive(.noManifest))
    }
  }

  /// - Throws: `.archive` where so many entries are not what the manifest says.
  package func check(entryCount: UInt64) throws(LogError) {
    guard entryCount == manifest.entryCount else {
      throw LogError(.archive(.entryCount(declared: manifest.entryCount, found: entryCount)))
    }
  }

  /// Compares the digest of the segment that the entry before `ordinal` is in: what a replay that stops there has not read to
  /// its end.
  ///
  /// - Throws: `.archive` with `.fileDigest`; `.cannotRead`, `.interrupted`.
  package func verifySegment(before ordinal: UInt64, options: LogReadingOptions) throws(LogError) {
    guard ordinal > 0, let place = place(of: ordinal - 1) else { return }
    if let damage = damage(of: allFiles[place.segment], options: options) { throw damage }
  }

  /// Compares the digest of the segment that ends in front of the entry `ordinal`, if one does: who goes on from there reads
  /// nothing of it.
  ///
  /// - Throws: `.archive` with `.fileDigest`; `.cannotRead`, `.interrupted`.
  package func verifySegment(endingAt ordinal: UInt64, options: LogReadingOptions) throws(LogError) {
    guard manifest.segments.contains(where: { $0.firstOrdinal + $0.entryCount == ordinal }) else { return }
    try verifySegment(before: ordinal, options: options)
  }

  /// The numbers of segment and frame in which the entry `ordinal` is; nil behind the end.
  package func place(of ordinal: UInt64) -> (segment: Int, frame: Int, firstOrdinal: UInt64)? {
    for (number, segment) in manifest.segments.enumerated()
    where ordinal < segment.firstOrdinal + segment.entryCount {
      var first = segment.firstOrdinal
      for (frame, layout) in segment.frames.enumerated() {
        if ordinal < first + layout.entryCount { return (number, frame, first) }
        first += layout.entryCount
      }
    }
    return nil
  }
}

/// A file of an archive with what its manifest says of it.
package struct ArchiveFile: Sendable {
  package let name: String
  package let storedBytes: UInt64
  package let sha256: Digest
}

extension LogArchive {
  /// The packs.
  package var packFiles: [ArchiveFile] {
    manifest.packs.map { ArchiveFile(name: $0.file, storedBytes: $0.storedBytes, sha256: $0.sha256) }
  }

  /// Segments, then packs.
  package var allFiles: [ArchiveFile] {
    manifest.segments.map { ArchiveFile(name: $0.file, storedBytes: $0.storedBytes, sha256: $0.sha256) } + packFiles
  }

  /// Reads a whole file and compares it with its sum; nil where they agree.
  package func damage(of file: ArchiveFile, options: LogReadingOptions) -> LogError? {
    do throws(LogError) {
      let descriptor = try folder.open(file.name, declaredBytes: file.storedBytes)
      let stored = StoredFile(owning: descriptor, options: options, isHashed: true)
      while try !stored.read().isEmpty {}
      return stored.digest == file.sha256 ? nil : LogError(.archive(.fileDigest), file: file.name)
    } catch {
      return error
    }
  }
}

/// `SHA256SUMS`: what `sha256sum -c` checks.
struct ArchiveSums {
  private var digests: [String: Digest] = [:]

  /// - Throws: `.archive` with `.missingFile`, `.sumsNotUnderstood`.
  init(in folder: ArchiveFolder, of manifest: ArchiveManifest, options: LogReadingOptions) throws(LogError) {
    // A line has 66 characters and a name of at most 511.
    let bytesMax = 1024 * (manifest.segments.count + manifest.packs.count + 2)
    let text = try folder.read(
      ArchiveManifest.sumsName, bytesMax: bytesMax, tooLong: .sumsNotUnderstood(line: 0), options: options)
    for (number, line) in text.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard line.count > 66, let digest = Digest(hexadecimal: Array(line.prefix(64))),
        line.dropFirst(64).prefix(2).elementsEqual([UInt8(ascii: " "), UInt8(ascii: " ")]),
        digests.updateValue(digest, forKey: String(decoding: line.dropFirst(66), as: UTF8.self)) == nil
      else { throw LogError(.archive(.sumsNotUnderstood(line: number + 1)), file: ArchiveManifest.sumsName) }
    }
  }

  /// Compares the sums with a manifest, which must name the same files.
  ///
  /// - Returns: whether the manifest itself is among them.
  /// - Throws: `.archive` with `.sumsLack`, `.sumsDiffer`, `.manifestDigest`.
  func check(_ manifest: ArchiveManifest, sha256: Digest) throws(LogError) -> Bool {
    var digests = digests
    let files = manifest.segments.map { ($0.file, $0.sha256) } + manifest.packs.map { ($0.file, $0.sha256) }
    for (file, sha256) in files {
      guard let digest = digests.removeValue(forKey: file) else { throw ArchiveSums.error(.sumsLack(file: file)) }
      guard digest == sha256 else { throw ArchiveSums.error(.sumsDiffer(file: file)) }
    }
    let own = digests.removeValue(forKey: ArchiveManifest.fileName)
    if let stranger = digests.keys.sorted().first { throw ArchiveSums.error(.sumsDiffer(file: stranger)) }
    guard own == nil || own == sha256 else { throw LogError(.archive(.manifestDigest), file: ArchiveManifest.fileName) }
    return own != nil
  }

  private static func error(_ fault: ArchiveFault) -> LogError {
    LogError(.archive(fault), file: ArchiveManifest.sumsName)
  }
}
