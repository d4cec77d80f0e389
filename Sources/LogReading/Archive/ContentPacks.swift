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
  package func isLiteral(_ byteOffset: UInt64) -> Bool {
    // Hardly an archive has any.
    !literalOffsets.isEmpty && literalOffsets.contains(byteOffset)
  }

  /// The pack with the content of the entry at `byteOffset`, where it is not as its manifest says.
  package func unprovenPack(ofContent text: UnsafeBufferPointer<UInt8>, byteOffset: UInt64) -> String? {
    guard !isLiteral(byteOffset), let payload = PayloadText(text), payload.isReference,
      let reference = payload.reference, reference.pack < UInt64(areProven.count), needsChecksum(reference.pack)
    else { return nil }
    return archive.manifest.packs[Int(reference.pack)].file
  }

  /// Whether a frame may lie where `reference` says: inside a pack that is there, and hardly larger than its content.
  func mayHold(_ reference: ContentReference) -> Bool {
    guard reference.pack < UInt64(descriptors.count), descriptors[Int(reference.pack)] >= 0 else { return false }
    let (end, overflow) = reference.offset.addingReportingOverflow(reference.storedBytes)
    return !overflow && end <= sizes[Int(reference.pack)]
      && reference.storedBytes <= FrameWalk.storedBytesBound(contentBytes: reference.contentBytes)
  }

  /// How ``fill(_:fromPack:at:)`` ended.
  enum Filling: Equatable {
    case whole
    /// The pack ended first.
    case cut
    case failed(SystemError)
  }

  /// Reads bytes of a pack that is there, as many as `memory` has.
  func fill(_ memory: UnsafeMutableRawBufferPointer, fromPack number: Int, at offset: UInt64) -> Filling {
    var count = 0
    while count < memory.count {
      let room = UnsafeMutableRawBufferPointer(rebasing: memory[count...])
      // The kernel writes at most as many bytes as there is room for.
      let received = pread(descriptors[number], room.baseAddress, room.count, off_t(offset) + off_t(count))
      if received < 0, errno == EINTR { continue }
      guard received >= 0 else { return .failed(SystemError(errno)) }
      guard received > 0 else { return .cut }
      count += received
    }
    return .whole
  }

  /// Reads the frame of a content.
  ///
  /// - Throws: `.archive` with `.noSuchPack`, `.referenceOutside`; `.cannotRead`.
  func read(_ reference: ContentReference, into buffer: inout ByteBuffer) throws(LogError) {
    guard reference.pack < UInt64(descriptors.count) else { throw LogError(.archive(.noSuchPack(reference.pack))) }
    let number = Int(reference.pack)
    guard descriptors[number] >= 0 else { throw error(.missingFile, reference) }
    guard mayHold(reference) else { throw error(.referenceOutside, reference) }
    // The frame lies in the file, and is hardly larger than its content, which is at most the limit: memory can have it.
    let byteCount = Int(reference.storedBytes)
    buffer.clear(byteCount: byteCount)
    switch fill(
      UnsafeMutableRawBufferPointer(rebasing: buffer.free.prefix(byteCount)), fromPack: number, at: reference.offset)
    {
    case .whole: buffer.didFill(byteCount)
    case .cut: throw error(.referenceOutside, reference)
    case .failed(let systemError):
      throw LogError(
        .cannotRead(systemError), storedOffset: reference.offset, file: archive.manifest.packs[number].file)
    }
  }

  /// - Parameter reference: of a pack that there is.
  func error(_ fault: ArchiveFault, _ reference: ContentReference) -> LogError {
    LogError(
      .archive(fault), storedOffset: reference.offset, file: archive.manifest.packs[Int(reference.pack)].file)
  }
}
