package import LogReading

/// The scanner of JSON by itself, over chunks of a log: what decoding is measured against.
package struct JSONScan: ~Copyable {
  private var tape = JSONTape()

  package init() {}

  /// Finds the values of every entry's text, and forgets them.
  ///
  /// - Throws: `.notJSON`, `.outOfMemory`.
  package mutating func scan(_ chunk: LogChunk) throws(LogError) {
    guard let start = chunk.text.baseAddress else { return }
    if chunk.container == .lines {
      var lines = LineIterator(ByteView(start, chunk.text.count))
      while let line = lines.next() { try scan(line) }
    } else {
      // The ranges lie in the chunk's text.
      for range in chunk.entries { try scan(ByteView(start + range.lowerBound, range.count)) }
    }
  }

  private mutating func scan(_ text: ByteView) throws(LogError) {
    switch tape.read(text) {
    case .json: return
    case .syntaxError(let fault, _): throw LogError(.notJSON(fault))
    case .noMemory: throw LogError(.outOfMemory)
    }
  }
}
