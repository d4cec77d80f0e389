internal import LogReading
internal import StorageProtocol

extension JSONReader {
  /// Reads over the container at the current position without recursion and without building a value: an entry that
  /// is nested too deeply is rejected, yet must still be JSON, and must not exhaust the stack.
  mutating func skipContainer() throws(SyntaxError) {
    var open: [UInt8] = []
    repeat {
      if try !skipOpening(&open) { _ = try scalar() }
      try skipClosings(&open)
    } while !open.isEmpty
  }

  /// Enters the containers that start here; false where a scalar is next. An empty container is entered and left.
  private mutating func skipOpening(_ open: inout [UInt8]) throws(SyntaxError) -> Bool {
    while let byte = current, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
      position += 1
      open.append(byte == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]"))
      skipBlanks()
      if current == open.last {
        position += 1
        open.removeLast()
        return true
      }
      try skipKey(inside: open)
    }
    return false
  }

  /// Leaves the containers that end here, up to the next value.
  private mutating func skipClosings(_ open: inout [UInt8]) throws(SyntaxError) {
    while let close = open.last {
      if try continues(until: close) {
        skipBlanks()
        return try skipKey(inside: open)
      }
      open.removeLast()
    }
  }

  private mutating func skipKey(inside open: [UInt8]) throws(SyntaxError) {
    guard open.last == UInt8(ascii: "}") else { return }
    _ = try string()
    skipBlanks()
    try expect(UInt8(ascii: ":"))
    skipBlanks()
  }
}
