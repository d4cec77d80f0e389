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

  /// A content that ``EntryDecoder/readContents(into:)`` will read.
  init(awaited reference: ContentReference) {
    bytes = .empty
    byteCount = reference.contentBytes
    isLost = false
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
    let reference = withUnsafeTemporaryAllocation(of: JSONTape.Node.self, capacity: ReferenceField.allCases.count) {
      values -> (isNamed: Bool, reference: ContentReference?) in
      guard let nodes = values.baseAddress else { preconditionFailure("slots were asked for") }
      tape.find(referenceNames, in: payload, nodes)
      guard nodes[ReferenceField.pack.rawValue] != 0 else { return (false, nil) }
      return (true, contentReference(nodes))
    }
    guard reference.isNamed, contents?.isLiteral(byteOffset) == false else { return nil }
    guard let reference = reference.reference else {
      damage = LogError(.archive(.referenceNotUnderstood))
      throw .contentNotString
    }
    try check(reference.contentBytes)
    return try read(reference)
  }

  /// The reference that four members spell; nil where one is not there or no number.
  private func contentReference(_ nodes: UnsafePointer<JSONTape.Node>) -> ContentReference? {
    func number(_ field: ReferenceField) -> UInt64? {
      // One slot a field.
      let node = nodes[field.rawValue]
      return node == 0 ? nil : tape.unsigned(node)
    }
    guard let pack = number(.pack), let offset = number(.offset), let stored = number(.stored), let size = number(.size)
    else { return nil }
    return ContentReference(pack: pack, offset: offset, storedBytes: stored, contentBytes: size)
  }

  /// Leaves the content to be read with others, but where an entry may go on without it.
  private mutating func read(_ reference: ContentReference) throws(EntryFault) -> DecodedContent {
    guard salvages || losesContents else {
      awaited.append(reference)
      awaitedEntries.append(AwaitedContent(entry: entry, byteOffset: byteOffset))
      return DecodedContent(awaited: reference)
    }
    do throws(LogError) {
      return DecodedContent(try readAlone(reference))
    } catch {
      if losesContents, error.isDamage {
        lostContent = error
        return DecodedContent(lost: reference)
      }
      damage = error
      throw .contentNotString
    }
  }

  /// Reads one content by itself.
  ///
  /// - Throws: `.archive` with what is wrong with it; `.cannotRead`, `.outOfMemory`.
  mutating func readAlone(_ reference: ContentReference) throws(LogError) -> ByteView {
    try contents?.load(reference)
    let count = Int(reference.contentBytes)
    let output = arena.allocate(count)
    // The arena has `count` bytes from `output` on.
    try contents?.decompress(into: UnsafeMutableRawBufferPointer(start: output, count: count))
    return ByteView(UnsafePointer(output.assumingMemoryBound(to: UInt8.self)), count)
  }
}
