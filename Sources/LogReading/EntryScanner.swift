/// Finds where entries start and end in a stream of bytes, without looking into them (protocol.md 9).
///
/// A pure state machine: it is given bytes as they come and says what it found. What lies between two borders it calls
/// an entry; that the entry is JSON is for a parser to find. For an array, entries that are all JSON make a log that
/// is JSON.
struct EntryScanner {
  /// What the bytes so far allow to say.
  enum Finding: Equatable {
    /// An entry lies in these positions of the buffer.
    case entry(Range<Int>)
    /// More bytes are needed, or the log has ended.
    case needsMore
    /// The log is damaged at this position.
    case damage(LogError.Reason, position: Int)
  }

  private enum Place {
    case beforeArray, beforeFirstValue, beforeValue, afterArray
    case line
    case value(start: Int, depth: Int, isInString: Bool, isEscaped: Bool)
  }

  private var place: Place
  private let container: LogContainer
  /// The first position not yet looked at.
  private var position = 0

  init(_ container: LogContainer) {
    self.container = container
    place = container == .array ? .beforeArray : .line
  }

  /// The first position of the buffer that is still needed.
  var firstNeededPosition: Int {
    switch place {
    case .value(let start, _, _, _): start
    case .line: lineStart
    default: position
    }
  }

  private var lineStart = 0

  /// Says that the first `count` bytes of the buffer were dropped.
  mutating func didDrop(_ count: Int) {
    precondition(count <= firstNeededPosition, "the scanner still needs these bytes")
    position -= count
    lineStart -= count
    if case .value(let start, let depth, let isInString, let isEscaped) = place {
      place = .value(start: start - count, depth: depth, isInString: isInString, isEscaped: isEscaped)
    }
  }

  /// Looks for the next entry in `buffer`, from where the last call stopped.
  ///
  /// - Parameter isComplete: whether no bytes will follow.
  mutating func next(in buffer: [UInt8], isComplete: Bool) -> Finding {
    buffer.withUnsafeBufferPointer { next(in: $0, isComplete: isComplete) }
  }

  mutating func next(in bytes: UnsafeBufferPointer<UInt8>, isComplete: Bool) -> Finding {
    container == .lines ? nextLine(bytes, isComplete) : nextValue(bytes, isComplete)
  }

  // MARK: Lines

  private mutating func nextLine(_ bytes: UnsafeBufferPointer<UInt8>, _ isComplete: Bool) -> Finding {
    while true {
      let lineEnd = bytes[position...].firstIndex(of: UInt8(ascii: "\n"))
      guard lineEnd != nil || isComplete else {
        position = bytes.count
        return .needsMore
      }
      let line = EntryScanner.trimmed(lineStart..<(lineEnd ?? bytes.count), in: bytes)
      position = lineEnd.map { $0 + 1 } ?? bytes.count
      lineStart = position
      if !line.isEmpty { return .entry(line) }
      if lineEnd == nil { return .needsMore }
    }
  }

  // MARK: The array

  private mutating func nextValue(_ bytes: UnsafeBufferPointer<UInt8>, _ isComplete: Bool) -> Finding {
    while position < bytes.count {
      if case .value = place { return scanValue(bytes, isComplete) }
      let byte = bytes[position]
      if !EntryScanner.isBlank(byte), let finding = step(byte) { return finding }
      if case .value = place { continue }
      position += 1
    }
    return isComplete ? end(at: bytes.count) : .needsMore
  }

  /// Handles one byte outside of values; a byte that starts a value is left in place.
  private mutating func step(_ byte: UInt8) -> Finding? {
    switch (place, byte) {
    case (.beforeArray, UInt8(ascii: "[")): place = .beforeFirstValue
    case (.beforeArray, _): return .damage(.notAnArray, position: position)
    case (.beforeFirstValue, UInt8(ascii: "]")): place = .afterArray
    case (.afterArray, _): return .damage(.bytesAfterArray, position: position)
    default: place = .value(start: position, depth: 0, isInString: false, isEscaped: false)
    }
    return nil
  }

  private mutating func scanValue(_ bytes: UnsafeBufferPointer<UInt8>, _ isComplete: Bool) -> Finding {
    guard case .value(let start, var depth, var isInString, var isEscaped) = place else {
      preconditionFailure("only called inside a value")
    }
    // A copy: the loop stores it in a register.
    var position = position
    while position < bytes.count {
      if isInString {
        EntryScanner.scanString(bytes, &position, &isInString, &isEscaped)
        continue
      }
      switch bytes[position] {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}") where depth > 0: depth -= 1
      case UInt8(ascii: "]") where depth > 0: depth -= 1
      case UInt8(ascii: ",") where depth == 0, UInt8(ascii: "]"):
        self.position = position
        return endValue(start..<position, closesArray: bytes[position] == UInt8(ascii: "]"), bytes)
      default: break
      }
      position += 1
    }
    self.position = position
    place = .value(start: start, depth: depth, isInString: isInString, isEscaped: isEscaped)
    return isComplete ? end(at: bytes.count) : .needsMore
  }

  /// Goes behind the quote that ends the string, or to the end.
  @inline(__always)
  private static func scanString(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ isInString: inout Bool, _ isEscaped: inout Bool
  ) {
    while position < bytes.count {
      if isEscaped {
        isEscaped = false
      } else {
        position = plainEnd(bytes, from: position)
        guard position < bytes.count else { return }
        isEscaped = bytes[position] == UInt8(ascii: "\\")
        isInString = isEscaped
      }
      position += 1
      if !isInString { return }
    }
  }

  private mutating func endValue(
    _ range: Range<Int>, closesArray: Bool, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Finding {
    let value = EntryScanner.trimmed(range, in: bytes)
    guard !value.isEmpty else { return .damage(.missingValue, position: position) }
    place = closesArray ? .afterArray : .beforeValue
    position += 1
    return .entry(value)
  }

  private func end(at position: Int) -> Finding {
    switch place {
    case .afterArray: .needsMore
    case .beforeArray: .damage(.notAnArray, position: position)
    case .value(let start, _, _, _): .damage(.unclosedEntry, position: start)
    default: .damage(.unclosedArray, position: position)
    }
  }

  /// The position of the first quote or backslash from `start` on, or the end: most of a log lies inside strings.
  @inline(__always)
  private static func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var position = start
    let words = UnsafeRawBufferPointer(bytes)
    while position + 8 <= bytes.count {
      // The loop's condition keeps the eight bytes inside the buffer.
      let word = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let found = zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
      if found != 0 { return position + found.trailingZeroBitCount / 8 }
      position += 8
    }
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
      position += 1
    }
    return position
  }

  /// Sets the high bit of the lowest byte that is zero, maybe those of bytes above it, and none below it.
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  // MARK: White space

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private static func trimmed(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, isBlank(bytes[start]) { start += 1 }
    while start < end, isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }
}
