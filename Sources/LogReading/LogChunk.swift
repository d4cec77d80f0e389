/// Text of whole entries, in log order, to be decoded on any thread.
///
/// Sendable: a chunk is owned by one job at a time, and whoever hands it on does not touch it until it comes back. The
/// scheduler that hands it on orders the jobs' accesses.
package final class LogChunk: @unchecked Sendable {
  /// Bytes behind ``text`` that may be read, whatever they hold.
  package static let slackBytes = ByteBuffer.slackBytes

  /// How the log's entries are held together.
  package internal(set) var container = LogContainer.lines
  /// Offset in the decompressed log of the first byte of ``text``.
  package internal(set) var byteOffset: UInt64 = 0
  /// For an array, where in ``text`` each entry lies, without the white space around it. Empty for lines: an entry is
  /// what lies between two U+000A, without white space around it, if anything is left.
  package internal(set) var entries: [Range<Int>] = []
  /// Why the log is broken behind the entries of this chunk; the chunk is the last then.
  ///
  /// `byteOffset` is right; `ordinal` is nil, for the chunks do not count entries: see ``failure(entriesBefore:)``.
  package internal(set) var failure: LogError?
  /// Whether no entry follows in this log.
  package internal(set) var isLast = false

  var buffer = ByteBuffer()

  package init() {}

  /// The text, in memory that stays as it is until the chunk is split into again.
  package var text: UnsafeBufferPointer<UInt8> { buffer.bytes }

  /// ``failure`` with its ordinal: the number of the log's entries before it, those of this chunk included.
  ///
  /// Without a `byteOffset` the failure lies before the first byte that tells the container, and no entry with it.
  package func failure(entriesBefore count: UInt64) -> LogError? {
    guard var failure, failure.byteOffset != nil else { return self.failure }
    failure.ordinal = count
    return failure
  }
}
