internal import LogReading
internal import StorageProtocol

/// The content of a payload.
struct DecodedContent {
  /// None where the content is lost.
  let bytes: ByteView
  let byteCount: UInt64
  let isLost: Bool

  init(_ bytes: ByteView) {
    self.bytes = bytes
    byteCount = UInt64(bytes.count)
    isLost = false
  }

  init(lost reference: ContentReference) {
    bytes = .empty
    byteCount = reference.contentBytes
    isLost = true
  }
}

extension EntryDecoder {
  /// The content that a payload of an archive refers to (archive.md); nil where the payload is as the log had it.
  ///
  /// - Throws: a content that is too large; anything with ``damage`` set, where the archive is broken.
  mutating func referredContent(
    _ payload: JSONTape.Node, _ content: JSONTape.Node
  ) throws(EntryFault) -> DecodedContent? {
    guard content == 0, contents != nil else { return nil }
    // One slot a name.
    let nodes = withUnsafeTemporaryAllocation(of: JSONTape.Node.self, capacity: ReferenceField.allCases.count) {
      values in
      guard let found = values.baseAddress else { preconditionFailure("slots were asked for") }
      tape.find(referenceNames, in: payload, found)
      return Array(values)
    }
    guard nodes[ReferenceField.pack.rawValue] != 0, contents?.isLiteral(byteOffset) == false else { return nil }
    let numbers = nodes.map { $0 == 0 ? nil : tape.unsigned($0) }
    guard let pack = numbers[ReferenceField.pack.rawValue], let offset = numbers[ReferenceField.offset.rawValue],
      let stored = numbers[ReferenceField.stored.rawValue], let size = numbers[ReferenceField.size.rawValue]
    else {
      damage = LogError(.archive(.referenceNotUnderstood))
      throw .contentNotString
    }
    try check(size)
    return try read(ContentReference(pack: pack, offset: offset, storedBytes: stored, contentBytes: size))
  }

  private mutating func read(_ reference: ContentReference) throws(EntryFault) -> DecodedContent {
    do throws(LogError) {
      try contents?.load(reference)
      let count = Int(reference.contentBytes)
      let output = arena.allocate(count)
      // The arena has `count` bytes from `output` on.
      try contents?.decompress(into: UnsafeMutableRawBufferPointer(start: output, count: count))
      return DecodedContent(ByteView(UnsafePointer(output.assumingMemoryBound(to: UInt8.self)), count))
    } catch {
      if losesContents, error.isDamage {
        lostContent = error
        return DecodedContent(lost: reference)
      }
      damage = error
      throw .contentNotString
    }
  }
}
