internal import LogReading

/// An entry whose content is still to be read.
struct AwaitedContent {
  /// Its place in the batch.
  let entry: Int
  let byteOffset: UInt64
}

extension EntryDecoder {
  /// Bytes of frames that are read together, about.
  private static let groupBytes = 16 << 20

  /// Reads the contents that the entries decoded so far refer to, many at once.
  ///
  /// - Throws: what is wrong with the first content that is not there; `batch` holds the entries before.
  mutating func readContents(into batch: DecodedBatch) throws(LogError) {
    defer {
      awaited.removeAll(keepingCapacity: true)
      awaitedEntries.removeAll(keepingCapacity: true)
    }
    var first = 0
    while first < awaited.count {
      let group = group(from: first)
      try readContents(group, into: batch)
      first = group.upperBound
    }
  }

  /// As many of the awaited contents as make a group.
  private func group(from first: Int) -> Range<Int> {
    var end = first
    var byteCount = 0
    repeat {
      byteCount += contents?.plainBytes(awaited[end]) ?? 0
      end += 1
    } while end < awaited.count && byteCount < EntryDecoder.groupBytes
    return first..<end
  }

  private mutating func readContents(_ group: Range<Int>, into batch: DecodedBatch) throws(LogError) {
    let references = awaited[group]
    let byteCount = references.reduce(0) { $0 + (contents?.plainBytes($1) ?? 0) }
    let memory = UnsafeMutableRawBufferPointer(start: arena.allocate(byteCount), count: byteCount)
    contents?.readPlain(references, into: memory)
    for index in group {
      let place = awaitedEntries[index]
      do throws(LogError) {
        let content = try content(index - group.lowerBound, references[index])
        batch.setContent(content, of: place.entry)
      } catch {
        batch.truncate(to: place.entry)
        throw error.inEntry(UInt64(place.entry), place.byteOffset)
      }
    }
  }

  private mutating func content(_ index: Int, _ reference: ContentReference) throws(LogError) -> ByteView {
    guard let plain = contents?.plainContent(index), let start = plain.baseAddress else {
      return try readAlone(reference)
    }
    return ByteView(start, plain.count)
  }
}
