package import GoldenRun
package import LogReading
package import StorageProtocol

/// Logs written by tests.
package enum LogText {
  /// Lines for the entries, in the order given.
  package static func lines(_ entries: [String]) -> [UInt8] {
    Array(entries.map { $0 + "\n" }.joined().utf8)
  }

  /// Replays entries and returns the engine.
  package static func replay(
    _ entries: [String], configuration: ReplayConfiguration = ReplayConfiguration()
  ) throws -> GoldenEngine {
    var engine = GoldenEngine(configuration)
    for (ordinal, entry) in entries.enumerated() {
      _ = try engine.replay(RawEntry(Array(entry.utf8), ordinal: UInt64(ordinal)))
    }
    return engine
  }
}

extension RawEntry {
  /// An entry that does not come from a file.
  package init(_ bytes: [UInt8], ordinal: UInt64, byteOffset: UInt64 = 0) {
    self.init(ordinal: Ordinal(ordinal), byteOffset: byteOffset, bytes: bytes)
  }
}

/// JSON that tests read.
package enum JSONText {
  package static func value(_ text: [UInt8]) throws -> JSONValue { try JSONReader.read(text).value }
}
