package import LogReading
package import StorageProtocol
package import SystemFiles

/// Writes an archive, entry by entry (archive.md).
///
/// Everything is on disk, under a temporary name, before any of it is seen; the manifest comes last. The same entries and
/// options give the same bytes.
package struct ArchiveWriter: ~Copyable {
  private let options: PackingOptions
  private let encoder: FrameEncoder
  private let staged: StagedArchive
  private var manifest: ArchiveManifest
  private var segment: ArchivePart?
  private var pack: ArchivePart?
  private var frames: [ArchiveManifest.Frame] = []
  private var chain = Digest.zero
  /// Lines of the frame that is being filled.
  private var text: [UInt8] = []
  private var lineCount: UInt64 = 0
  /// Offset in the log of the next line.
  private var textOffset: UInt64 = 0

  /// - Throws: ``FileError``.
  package init(
    in target: ArchiveTarget, _ options: PackingOptions, constants: GovernedConstants, profile: PlaceholderProfile
  ) throws(FileError) {
    staged = try StagedArchive(in: target)
    self.options = options
    encoder = FrameEncoder(level: options.level)
    manifest = ArchiveManifest(
      entryCount: 0, constants: constants, profile: profile, segments: [], packs: [], literalOffsets: [])
  }

  /// Says that the entries are some of another log's.
  package mutating func describe(_ reproduction: ArchiveReproduction) { manifest.reproduction = reproduction }

  /// A frame is a part of its segment.
  private var frameBytes: Int { Int(min(UInt64(options.frameBytes), options.segmentBytes)) }

  /// Appends an entry.
  ///
  /// - Parameters:
  ///   - line: without a line break.
  ///   - isLiteral: whether its payload looks like a reference and is none.
  /// - Throws: ``FileError``.
  package mutating func append(_ line: some Collection<UInt8>, isLiteral: Bool) throws(FileError) {
    if isLiteral { manifest.literalOffsets.append(textOffset) }
    text += line
    text.append(UInt8(ascii: "\n"))
    textOffset += UInt64(line.count) + 1
    lineCount += 1
    if text.count >= frameBytes { try endFrame() }
  }

  /// Appends a content, as a frame, and returns where it lies.
  ///
  /// - Throws: ``FileError``.
  package mutating func append(content frame: [UInt8], contentBytes: Int) throws(FileError) -> ContentReference {
    if let count = pack?.storedBytes, count > 0, count + UInt64(frame.count) > options.segmentBytes { try endPack() }
    if pack == nil { pack = try ArchivePart(in: staged.path, StagedArchive.packFolder, manifest.packs.count, "pack") }
    let reference = ContentReference(
      pack: UInt64(manifest.packs.count), offset: pack?.storedBytes ?? 0, storedBytes: UInt64(frame.count),
      contentBytes: UInt64(contentBytes))
    try pack?.write(frame)
    return reference
  }

  /// Appends a batch of entries.
  ///
  /// - Throws: ``FileError``.
  package mutating func append(_ batch: PackedBatch) throws(FileError) { try batch.append(to: &self) }

  private mutating func endFrame() throws(FileError) {
    guard lineCount > 0 else { return }
    if segment == nil {
      segment = try ArchivePart(in: staged.path, StagedArchive.segmentFolder, manifest.segments.count, "jsonl.lz4")
    }
    let frame = text.withUnsafeBytes { encoder.frame($0) }
    frames.append(
      ArchiveManifest.Frame(
        offset: segment?.storedBytes ?? 0, storedBytes: UInt64(frame.count), rawBytes: UInt64(text.count),
        entryCount: lineCount))
    try segment?.write(frame)
    text.removeAll(keepingCapacity: text.capacity < 8 * options.frameBytes)
    lineCount = 0
    if frames.reduce(0, { $0 + $1.rawBytes }) >= options.segmentBytes { try endSegment() }
  }

  private mutating func endSegment() throws(FileError) {
    guard let part = segment.take() else { return }
    let (file, storedBytes, sha256) = try part.finish()
    chain = ArchiveManifest.chain(after: chain, sha256)
    let entryCount = frames.reduce(0) { $0 + $1.entryCount }
    manifest.segments.append(
      ArchiveManifest.Segment(
        file: file, firstOrdinal: manifest.entryCount, entryCount: entryCount,
        rawBytes: frames.reduce(0) { $0 + $1.rawBytes }, storedBytes: storedBytes, sha256: sha256, chain: chain,
        frames: frames))
    manifest.entryCount += entryCount
    frames = []
  }

  private mutating func endPack() throws(FileError) {
    guard let part = pack.take() else { return }
    let (file, storedBytes, sha256) = try part.finish()
    manifest.packs.append(ArchiveManifest.Pack(file: file, storedBytes: storedBytes, sha256: sha256))
  }

  /// Completes the archive and gives it its place.
  ///
  /// - Returns: its manifest, and the manifest's SHA-256.
  /// - Throws: ``FileError``; nothing of the archive is left then.
  package consuming func publish() throws(FileError) -> (manifest: ArchiveManifest, sha256: Digest) {
    try endFrame()
    try endSegment()
    try endPack()
    let text = manifest.json
    let sha256 = Digest.sha256(text)
    let files = manifest.segments.map { ($0.file, $0.sha256) } + manifest.packs.map { ($0.file, $0.sha256) }
    let sums = (files + [(ArchiveManifest.fileName, sha256)]).map { "\($0.1.hexadecimal)  \($0.0)\n" }.joined()
    try ArchiveWriter.write(Array(sums.utf8), ArchiveManifest.sumsName, in: staged.path)
    try ArchiveWriter.write(text, ArchiveManifest.fileName, in: staged.path)
    let written = manifest
    try staged.publish()
    return (written, sha256)
  }

  private static func write(_ bytes: [UInt8], _ name: String, in folder: String) throws(FileError) {
    var file = try TemporaryFile(in: folder, prefix: name)
    try file.write(bytes)
    guard try file.publish(as: name, replaces: false) else {
      throw FileError(.publish, "\(folder)/\(name)", errno: FileError.exists)
    }
  }
}

/// A segment or a pack that is being written.
private struct ArchivePart: ~Copyable {
  private let folder: String
  private let name: String
  private let path: String
  private var file: TemporaryFile
  private var hasher = SHA256Hasher()
  private(set) var storedBytes: UInt64 = 0

  init(in staged: String, _ folder: String, _ number: Int, _ suffix: String) throws(FileError) {
    self.folder = folder
    path = "\(staged)/\(folder)"
    let digits = String(number)
    name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".\(suffix)"
    file = try TemporaryFile(in: path, prefix: name)
  }

  mutating func write(_ bytes: [UInt8]) throws(FileError) {
    hasher.update(bytes)
    try file.write(bytes)
    storedBytes += UInt64(bytes.count)
  }

  /// Ends the file, and returns its name in the archive.
  consuming func finish() throws(FileError) -> (file: String, storedBytes: UInt64, sha256: Digest) {
    guard try file.publish(as: name, replaces: false) else {
      throw FileError(.publish, "\(path)/\(name)", errno: FileError.exists)
    }
    return ("\(folder)/\(name)", storedBytes, hasher.finalize())
  }
}
