/// Contents that lie in their packs as they are, to be used from where their frames were read to.
///
/// Views, as long as whoever made room for the frames keeps it.
struct PlainContents {
  /// Nil for a content whose frame is not of that kind, or not whole: it has to be read by itself.
  private(set) var contents: [UnsafeBufferPointer<UInt8>?] = []
  private var checksums = ChecksumBatch()
  /// What was read and has a checksum to be compared: which content, and what it should be.
  private var declared: [(index: Int, checksum: UInt32)] = []

  mutating func removeAll() {
    contents.removeAll(keepingCapacity: true)
    declared.removeAll(keepingCapacity: true)
    checksums.removeAll()
  }

  /// Adds the content of `frame`, or that there is none.
  mutating func append(_ frame: UnsafeBufferPointer<UInt8>?, _ reference: ContentReference, needsChecksum: Bool) {
    guard let frame, let plain = PlainFrame(frame), UInt64(plain.content.count) == reference.contentBytes,
      !needsChecksum || plain.checksum != nil
    else { return contents.append(nil) }
    if let checksum = plain.checksum {
      declared.append((contents.count, checksum))
      checksums.append(plain.content)
    }
    contents.append(plain.content)
  }

  /// Drops contents that are not what their checksums say.
  mutating func check() {
    checksums.compute()
    for (place, item) in declared.enumerated() where checksums[place] != item.checksum { contents[item.index] = nil }
  }
}

extension ContentReader {
  /// The room that ``readPlain(_:into:)`` needs for the frame of `reference`: none where it cannot hold its content as it is.
  package func plainBytes(_ reference: ContentReference) -> Int {
    reference.storedBytes > reference.contentBytes && packs.mayHold(reference) ? Int(reference.storedBytes) : 0
  }

  /// Reads the frames of `references` that may hold their contents as they are, and checks those that do, several at once.
  ///
  /// Frames that lie one behind the other are read by one call of the system. Says nothing of what is wrong: who finds that
  /// ``plainContent(_:)`` has nothing reads the content by itself.
  ///
  /// - Parameter memory: just as many bytes as ``plainBytes(_:)`` says of all together.
  package mutating func readPlain(
    _ references: ArraySlice<ContentReference>, into memory: UnsafeMutableRawBufferPointer
  ) {
    plainContents.removeAll()
    var next = references.startIndex
    var position = 0
    while next < references.endIndex {
      let run = run(references[next...])
      // The runs take together what all references do.
      let room = UnsafeMutableRawBufferPointer(rebasing: memory[position..<position + run.storedBytes])
      read(references[next..<next + run.count], into: room)
      next += run.count
      position += run.storedBytes
    }
    plainContents.check()
  }

  /// The content of the `index`-th of the references, where ``readPlain(_:into:)`` found it whole.
  package func plainContent(_ index: Int) -> UnsafeBufferPointer<UInt8>? { plainContents.contents[index] }

  /// How many of `references`, from the first on, lie one behind the other in a pack, and the bytes of their frames; or one that
  /// needs no room.
  private func run(_ references: ArraySlice<ContentReference>) -> (count: Int, storedBytes: Int) {
    var count = 0
    var storedBytes = 0
    var previous: ContentReference?
    for reference in references {
      let byteCount = plainBytes(reference)
      if let previous {
        guard byteCount > 0, reference.pack == previous.pack, reference.offset == previous.offset + previous.storedBytes
        else { break }
      }
      count += 1
      storedBytes += byteCount
      if byteCount == 0 { break }
      previous = reference
    }
    return (count, storedBytes)
  }

  /// Reads the frames of a run.
  private mutating func read(_ run: ArraySlice<ContentReference>, into room: UnsafeMutableRawBufferPointer) {
    guard let first = run.first else { return }
    let isRead = !room.isEmpty && packs.fill(room, fromPack: Int(first.pack), at: first.offset) == .whole
    var position = 0
    for reference in run {
      guard isRead else {
        plainContents.append(nil, reference, needsChecksum: false)
        continue
      }
      let end = position + Int(reference.storedBytes)
      // The frames of a run fill its room.
      let frame = UnsafeRawBufferPointer(rebasing: room[position..<end]).bindMemory(to: UInt8.self)
      plainContents.append(frame, reference, needsChecksum: packs.needsChecksum(reference.pack))
      position = end
    }
  }
}
