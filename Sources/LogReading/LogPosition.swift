/// A place between two entries of a log.
package struct LogPosition: Equatable, Sendable, Codable {
  /// Of the entry behind it.
  package var ordinal: UInt64
  /// Offset in the decompressed log, somewhere between the two entries.
  package var byteOffset: UInt64

  package init(ordinal: UInt64, byteOffset: UInt64) {
    self.ordinal = ordinal
    self.byteOffset = byteOffset
  }

  /// In front of the first entry.
  package static let start = LogPosition(ordinal: 0, byteOffset: 0)
}
