internal import Glibc
internal import SystemFiles

/// The packs of an archive, open for reading at any place.
package final class ContentPacks: Sendable {
  let archive: LogArchive
  /// -1 for a pack that is missing, in a salvage.
  private let descriptors: [Int32]
  /// Bytes that each has.
  private let sizes: [UInt64]
  /// Whether each pack is as its manifest says, as far as was looked.
  private let areProven: [Bool]
  private let literalOffsets: Set<UInt64>

  /// - Throws: `.archive` with a pack that is missing, or of another size; in a salvage only what vanished since it was looked at.
  ///
  /// - Parameter salvage: where files are, in a salvage.
  package init(_ archive: LogArchive, salvage: SalvageMap? = nil) throws(LogError) {
    self.archive = archive
    literalOffsets = Set(archive.manifest.literalOffsets)
    areProven = archive.manifest.packs.indices.map { number in
      if case .damaged? = salvage?.packs[number] { false } else { true }
    }
    var descriptors: [Int32] = []
    for (number, pack) in archive.manifest.packs.enumerated() {
      do throws(LogError) {
        switch salvage?.packs[number] {
        case nil: descriptors.append(try archive.folder.open(pack.file, declaredBytes: pack.storedBytes))
        case .whole(let name)?, .damaged(let name)?: descriptors.append(try archive.folder.open(name))
        case .missing?: descriptors.append(-1)
        }
      } catch {
        for descriptor in descriptors { close(descriptor) }
        throw error
      }
    }
    self.descriptors = descriptors
    sizes = descriptors.map { descriptor in
      var status = stat()
      return descriptor >= 0 && fstat(descriptor, &status) == 0 ? UInt64(status.st_size) : 0
    }
  }

  deinit { for descriptor in descriptors where descriptor >= 0 { close(descriptor) } }

  /// Whether a content of this pack needs a checksum of its own.
  func needsChecksum(_ pack: UInt64) -> Bool { !areProven[Int(pack)] }

  /// Whether the payload of the entry at `byteOffset` is as the log had it, and no reference.
  package func isLiteral(_ byteOffset: UInt64) -> Bool { literalOffsets.contains(byteOffset) }

  /// The pack with the content of the entry at `byteOffset`, where it is not as its manifest says.
  package func unprovenPack(ofContent text: UnsafeBufferPointer<UInt8>, byteOffset: UInt64) -> String? {
    guard !isLiteral(byteOffset), let payload = PayloadText(text), payload.isReference,
      let reference = payload.reference, reference.pack < UInt64(areProven.count), needsChecksum(reference.pack)
    else { return nil }
    return archive.manifest.packs[Int(reference.pack)].file
  }

  /// Reads the frame of a content.
  ///
  /// - Throws: `.archive` with `.noSuchPack`, `.referenceOutside`; `.cannotRead`.
  func read(_ reference: ContentReference, into buffer: inout ByteBuffer) throws(LogError) {
    guard reference.pack < UInt64(descriptors.count) else { throw LogError(.archive(.noSuchPack(reference.pack))) }
    let number = Int(reference.pack)
    let pack = archive.manifest.packs[number]
    guard descriptors[number] >= 0 else { throw error(.missingFile, reference) }
    let (end, overflow) = reference.offset.addingReportingOverflow(reference.storedBytes)
    guard !overflow, end <= sizes[number],
      reference.storedBytes <= FrameWalk.storedBytesBound(contentBytes: reference.contentBytes)
    else { throw error(.referenceOutside, reference) }
    // The frame lies in the file, and is hardly larger than its content, which is at most the limit: memory can have it.
    buffer.clear(byteCount: Int(reference.storedBytes))
    while UInt64(buffer.count) < reference.storedBytes {
      let rest = Int(reference.storedBytes) - buffer.count
      // The kernel writes at most `rest` bytes, for which there is room.
      let received = pread(
        descriptors[number], buffer.free.baseAddress, rest, off_t(reference.offset) + off_t(buffer.count))
      if received < 0, errno == EINTR { continue }
      guard received >= 0 else {
        throw LogError(.cannotRead(SystemError(errno)), storedOffset: reference.offset, file: pack.file)
      }
      guard received > 0 else { throw error(.referenceOutside, reference) }
      buffer.didFill(received)
    }
  }

  /// - Parameter reference: of a pack that there is.
  func error(_ fault: ArchiveFault, _ reference: ContentReference) -> LogError {
    LogError(
      .archive(fault), storedOffset: reference.offset, file: archive.manifest.packs[Int(reference.pack)].file)
  }
}

/// Reads contents out of packs, with buffers of its own: one for each thread.
package struct ContentReader: ~Copyable {
  private let packs: ContentPacks
  private var stored = ByteBuffer()
  private var context = FrameContext?.none
  private var loaded: ContentReference?

  package init(_ packs: ContentPacks) { self.packs = packs }

  /// Whether the payload of the entry at `byteOffset` is as the log had it, and no reference.
  package func isLiteral(_ byteOffset: UInt64) -> Bool { packs.isLiteral(byteOffset) }

  /// Reads the frame of a content, and finds that as much can come out of it as the reference says: only then is room for
  /// ``decompress(into:)`` to be made.
  ///
  /// - Throws: `.archive`; `.cannotRead`.
  package mutating func load(_ reference: ContentReference) throws(LogError) {
    try packs.read(reference, into: &stored)
    guard let layout = FrameWalk.layout(of: stored.bytes),
      !packs.needsChecksum(reference.pack) || FrameWalk.hasContentChecksum(stored.bytes)
    else {
      throw packs.error(.contentFrame(libraryReason: "there is not one whole LZ4 frame"), reference)
    }
    guard reference.contentBytes <= UInt64(layout.contentBytesMax) else {
      throw packs.error(
        .contentBytes(declared: reference.contentBytes, found: UInt64(layout.contentBytesMax)), reference)
    }
    loaded = reference
  }

  /// Decompresses the content that was loaded into `output`, which has just its size.
  ///
  /// - Throws: `.archive` with `.contentFrame`, `.contentBytes`; `.outOfMemory`.
  package mutating func decompress(into output: UnsafeMutableRawBufferPointer) throws(LogError) {
    guard let reference = loaded, UInt64(output.count) == reference.contentBytes else {
      preconditionFailure("a content is loaded first, and decompressed into its own size")
    }
    if context == nil { context = try FrameContext() }
    guard let step = context?.decompress(stored.bytes, into: output, keepsOutput: true) else {
      preconditionFailure("the context was made above")
    }
    if case .damagedFrame(let reason)? = step.fault {
      throw packs.error(.contentFrame(libraryReason: reason), reference)
    }
    guard step.endsFrame, step.consumed == stored.count, step.produced == output.count else {
      context = nil
      throw packs.error(
        .contentBytes(declared: reference.contentBytes, found: UInt64(step.produced) + (step.endsFrame ? 0 : 1)),
        reference)
    }
  }

  /// The content that a reference names.
  ///
  /// - Throws: as ``load(_:)`` and ``decompress(into:)``.
  mutating func content(_ reference: ContentReference) throws(LogError) -> [UInt8] {
    try load(reference)
    var failure: LogError?
    let content = [UInt8](unsafeUninitializedCapacity: Int(reference.contentBytes)) { buffer, count in
      do throws(LogError) {
        try decompress(
          into: UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer).prefix(Int(reference.contentBytes))))
        count = Int(reference.contentBytes)
      } catch {
        failure = error
        count = 0
      }
    }
    if let failure { throw failure }
    return content
  }

  /// The text of an entry as it was packed: with its content in the place of a reference, if it has one.
  ///
  /// - Throws: as ``load(_:)``; `.archive` with `.referenceNotUnderstood`.
  mutating func original(_ text: [UInt8], byteOffset: UInt64) throws(LogError) -> [UInt8] {
    guard !isLiteral(byteOffset) else { return text }
    let found = text.withUnsafeBufferPointer { bytes -> (isReference: Bool, reference: ContentReference?) in
      guard let payload = PayloadText(bytes), payload.isReference else { return (false, nil) }
      return (true, payload.reference)
    }
    guard found.isReference else { return text }
    guard let reference = found.reference else { throw LogError(.archive(.referenceNotUnderstood)) }
    let content = try content(reference)
    return text.withUnsafeBufferPointer { PayloadText($0)?.inlining(content) ?? text }
  }
}
