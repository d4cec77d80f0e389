/// Cuts decompressed blocks, in log order, into chunks of whole entries (protocol.md 9).
///
/// Finds the same entries and the same damage as ``LogReader``, whatever the sizes of the blocks; but of a damaged frame
/// ``LogReader`` has handed out the whole mebibytes before the fault, and here nothing of that frame is used. A block's text moves
/// into the chunk by exchange of memory; what is copied is the start of an entry that the next block continues.
package struct LogSplitter: ~Copyable, Sendable {
  /// Entries a chunk holds at least, where the log has them and they take less than ``chunkBytesEnough``: four contents
  /// side by side fill the lanes of the hash.
  package static let chunkEntriesMin = 4
  /// Bytes at which a chunk is handed out with fewer entries.
  package static let chunkBytesEnough = 8 << 20

  private let entryBytesMax: Int
  private let chunkBytes: Int
  /// How the entries are held together; nil until the log's name or its first byte that is not blank tells.
  package private(set) var container: LogContainer?
  /// Whether the last chunk was handed out.
  package private(set) var isComplete = false
  /// Whether all of the block that was split last is taken: else it must be split again, before the next one.
  package private(set) var isBlockTaken = true

  /// Text not yet handed out.
  private var pending = ByteBuffer()
  /// Offset in the decompressed log of the first byte of `pending`.
  private var pendingOffset: UInt64 = 0
  /// Where in `pending` the last whole entry found so far ends.
  private var cut = 0
  /// Whole entries in front of `cut`; of lines, no more than ``chunkEntriesMin`` are counted, blank ones too.
  private var entryCount = 0
  /// Why the log is broken behind `cut`.
  private var damage: LogError?
  private var lineScan = 0
  private var valueScanner = EntryScanner(.array)
  private var entries: [Range<Int>] = []
  private var weights: WeightScan
  /// Bytes to drop before the first entry.
  private var skipCount: Int
  /// Whether all of the block's text is in `pending`.
  private var isTextTaken = true
  /// Whether whole entries lie behind `cut`, because those before it weigh enough for a chunk.
  private var holdsBack = false

  /// Creates a splitter for the blocks of one log.
  ///
  /// - Parameters:
  ///   - chunkBytes: Bytes of text a chunk holds, about: of a block with more than twice as many, a frame say, so many are
  ///     taken at a time.
  ///   - offset: Where in the decompressed log the first entry begins; text before it is dropped.
  ///   - textStart: Offset of the first byte of the first block, at most `offset`.
  ///   - refersToContents: Whether entries may refer to contents elsewhere.
  package init(
    _ source: LogSource, options: LogReadingOptions, chunkBytes: Int, from offset: UInt64 = 0, textStart: UInt64 = 0,
    refersToContents: Bool = false
  ) {
    self.chunkBytes = chunkBytes
    skipCount = Int(offset - textStart)
    pendingOffset = textStart
    weights = WeightScan(chunkBytes: options.shardBytes, countsContents: refersToContents)
    container = source.isArchive ? .lines : LogForm(name: source.name).container
    entryBytesMax = options.entryBytesMax
  }

  /// Bytes of the decompressed log that were split: all of it once the last chunk was handed out without failure.
  package var rawBytes: UInt64 { pendingOffset + UInt64(pending.count) }

  /// Takes the text of a decompressed block, which may be read into again once ``isBlockTaken``, and fills `chunk` with the whole
  /// entries there are; false where they are still too few, and the chunk is as it was. The last chunk may be empty.
  ///
  /// A block behind the end of the log, or behind damage, is dropped.
  ///
  /// - Complexity: O(1) a byte of text, over all calls: however long an entry, its bytes are scanned once.
  package mutating func split(_ block: LogBlock, into chunk: LogChunk) -> Bool {
    guard !isComplete else { return false }
    precondition(!block.isCompressed, "the block was not decompressed")
    if !holdsBack { takeText(of: block) }
    skipText()
    holdsBack = false
    let isEnd = isTextTaken && block.isLast && block.failure == nil
    findContainer(isEnd: isEnd)
    switch container {
    case .lines: scanLines(isEnd: isEnd)
    case .array: scanValues(isEnd: isEnd)
    case nil: break
    }
    isBlockTaken = isTextTaken && !holdsBack
    if damage == nil, isBlockTaken, let failure = block.failure { damage = placed(failure) }
    let isLast = isBlockTaken && block.isLast
    guard isLast || damage != nil || isEnough else { return false }
    isComplete = isLast || damage != nil
    handOut(chunk)
    return true
  }

  private var isEnough: Bool {
    holdsBack || entryCount >= LogSplitter.chunkEntriesMin
      || (entryCount > 0 && pending.count >= LogSplitter.chunkBytesEnough)
  }

  private mutating func skipText() {
    let count = min(skipCount, pending.count)
    drop(count)
    skipCount -= count
  }

  private mutating func takeText(of block: LogBlock) {
    isTextTaken = block.text.count <= 2 * chunkBytes
    if isTextTaken { take(&block.text) } else { takePiece(of: &block.text) }
  }

  /// Puts the text behind what is pending: moves the shorter of the two, so that long entries cost no more.
  private mutating func take(_ text: inout ByteBuffer) {
    if pending.count <= min(text.count, text.headroom) {
      text.prepend(pending.bytes)
      swap(&text, &pending)
    } else {
      pending.append(text.bytes)
    }
  }

  /// Puts the first bytes of a large block behind what is pending.
  private mutating func takePiece(of text: inout ByteBuffer) {
    pending.append(UnsafeBufferPointer(rebasing: text.bytes.prefix(chunkBytes)))
    text.dropFirst(chunkBytes)
  }

  /// A failure of reading or decompressing, behind all the text there is. Until the container is known there is no
  /// position to tell, as with ``LogReader``.
  private func placed(_ failure: LogError) -> LogError {
    var failure = failure
    if container != nil { failure.byteOffset = rawBytes }
    return failure
  }

  /// Tells the container by the first byte that is not blank, and drops the blanks before it.
  private mutating func findContainer(isEnd: Bool) {
    guard container == nil else { return }
    drop(pending.bytes.prefix(while: EntryScanner.isBlank).count)
    if let first = pending.bytes.first {
      container = first == UInt8(ascii: "[") ? .array : .lines
    } else if isEnd {
      container = .lines
    }
  }

  private mutating func drop(_ byteCount: Int) {
    pending.dropFirst(byteCount)
    pendingOffset += UInt64(byteCount)
  }

  // MARK: Lines

  private mutating func scanLines(isEnd: Bool) {
    let weighed = cut
    findLines(isEnd: isEnd)
    guard let heavy = weights.weigh(pending.bytes, weighed..<cut),
      let lineEnd = pending.firstLineEnd(in: heavy..<cut), lineEnd + 1 < cut
    else { return }
    // What was found behind is found again when it is looked at again.
    damage = nil
    cut = lineEnd + 1
    lineScan = cut
    holdsBack = true
  }

  private mutating func findLines(isEnd: Bool) {
    var position = lineScan
    while entryCount < LogSplitter.chunkEntriesMin,
      let lineEnd = pending.firstLineEnd(in: position..<pending.count)
    {
      entryCount += 1
      position = lineEnd + 1
    }
    if let lineEnd = pending.lastLineEnd(in: lineScan..<pending.count) { cut = lineEnd + 1 }
    lineScan = pending.count
    if pending.count - cut > entryBytesMax {
      let blankCount = pending.bytes[cut...].prefix(while: EntryScanner.isBlank).count
      damage = tooLong(at: cut + blankCount)
    } else if isEnd {
      cut = pending.count
    }
    if cut > entryBytesMax { findTooLongLine() }
  }

  /// Looks at the lines one by one, in text that is longer than an entry may be.
  private mutating func findTooLongLine() {
    var scanner = EntryScanner(.lines)
    let text = UnsafeBufferPointer(rebasing: pending.bytes[..<cut])
    while case .entry(let line) = scanner.next(in: text, isComplete: true) {
      guard line.count > entryBytesMax else { continue }
      damage = tooLong(at: line.lowerBound)
      cut = line.lowerBound
      return
    }
  }

  // MARK: The array

  private mutating func scanValues(isEnd: Bool) {
    while true {
      switch valueScanner.next(in: pending.bytes, isComplete: false) {
      case .entry(let range):
        guard range.count <= entryBytesMax else { return damage = tooLong(at: range.lowerBound) }
        entries.append(range)
        entryCount += 1
        cut = range.upperBound
        guard weights.weigh(pending.bytes, range) == nil else { return holdsBack = true }
      case .damage(let reason, let position):
        return damage = error(reason, at: position)
      case .needsMore:
        return pauseInArray(isEnd: isEnd)
      }
    }
  }

  private mutating func pauseInArray(isEnd: Bool) {
    cut = valueScanner.firstNeededPosition
    if pending.count - cut > entryBytesMax {
      damage = tooLong(at: cut)
    } else if isEnd, case .damage(let reason, let position) = valueScanner.next(in: pending.bytes, isComplete: true) {
      damage = error(reason, at: position)
    } else if entries.isEmpty {
      // White space and the array's brackets; without this, blanks without end would stay in memory.
      drop(cut)
      valueScanner.didDrop(cut)
      cut = 0
    }
  }

  private func tooLong(at position: Int) -> LogError { error(.entryTooLong(bytesMax: entryBytesMax), at: position) }

  private func error(_ reason: LogError.Reason, at position: Int) -> LogError {
    LogError(reason, byteOffset: pendingOffset + UInt64(position))
  }

  // MARK: The chunk

  /// Hands out what lies in front of the cut; the rest stays pending, in the memory that the chunk had.
  private mutating func handOut(_ chunk: LogChunk) {
    chunk.buffer.clear()
    swap(&chunk.buffer, &pending)
    pending.append(UnsafeBufferPointer(rebasing: chunk.buffer.bytes[cut...]))
    chunk.buffer.truncate(to: cut)
    swap(&chunk.entries, &entries)
    entries.removeAll(keepingCapacity: true)
    chunk.container = container ?? .lines
    chunk.byteOffset = pendingOffset
    chunk.failure = damage
    chunk.isLast = isComplete
    pendingOffset += UInt64(cut)
    if !isComplete { restartScan() }
  }

  /// Makes the scan go on behind the cut.
  private mutating func restartScan() {
    if container == .array { valueScanner.didDrop(cut) }
    lineScan -= cut
    cut = 0
    entryCount = 0
    weights.restart()
  }
}
