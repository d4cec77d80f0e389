/// A stretch of a log between two cuts that lie anywhere: as read, then as text.
///
/// Goes through three kinds of work and back: ``LogChunkReader/read(into:)`` (in log order), ``decompress()`` (on any
/// thread, blocks side by side), ``LogSplitter/split(_:into:)`` (in log order); then it may be read into again. Its
/// memory stays with it.
///
/// Sendable: a block is owned by one job at a time, and whoever hands it on does not touch it until it comes back. The
/// scheduler that hands it on orders the jobs' accesses.
package final class LogBlock: @unchecked Sendable {
  /// Room in front of the text for the start of an entry that the block before holds, so that the text need not move.
  static let headroomBytes = 256 << 10

  private struct Frame {
    var range: Range<Int>
    var storedOffset: UInt64
    var contentBytesMax: Int
    var declared: DeclaredFrame?
    /// Whether nothing of it could be read.
    var isLost = false
  }

  /// What of the log the block holds, once it is decompressed.
  var text = ByteBuffer()
  /// Why the log is broken behind the block's bytes; the block is the last then.
  package internal(set) var failure: LogError?
  /// Whether nothing of the log follows.
  package internal(set) var isLast = false

  /// Bytes of the file as stored, or of an archive's segments, up to the block's end.
  package internal(set) var storedEnd: UInt64 = 0

  /// Whether a damaged frame of an archive becomes lost entries.
  var salvages = false

  /// Whole frames as stored, still to be decompressed.
  private var stored = ByteBuffer()
  private var frames: [Frame] = []
  /// No more than this comes out of the frames.
  private var contentBytesMax = 0
  private var context = FrameContext?.none

  package init() {}

  /// Bytes of text: what the block holds once it is decompressed.
  package var textBytes: Int { text.count }

  /// Whether ``decompress()`` has work to do.
  package var isCompressed: Bool { !frames.isEmpty }

  /// Whether frames of about `byteCount` bytes are here.
  func isFull(_ byteCount: Int) -> Bool { contentBytesMax >= byteCount || stored.count >= byteCount }

  /// Drops what the block held, and leaves room for `byteCount` bytes of text.
  func reset(byteCount: Int) {
    text.clear(headroom: LogBlock.headroomBytes, byteCount: byteCount)
    dropFrames()
    failure = nil
    isLast = false
  }

  /// Adds a whole frame of which at most `contentBytesMax` bytes come out; of an archive, just what is `declared`.
  func append(
    _ frame: UnsafeBufferPointer<UInt8>, storedOffset: UInt64, contentBytesMax: Int, declared: DeclaredFrame? = nil
  ) {
    frames.append(
      Frame(
        range: stored.count..<stored.count + frame.count, storedOffset: storedOffset,
        contentBytesMax: contentBytesMax, declared: declared))
    stored.append(frame)
    self.contentBytesMax += contentBytesMax
  }

  /// Turns the block's frames into text; damage is kept as ``failure``, and the bytes of the frames before it stay.
  ///
  /// Does nothing for a block that holds text already. Reserves what the sizes of the blocks in the frames bound.
  package func decompress() {
    guard isCompressed else { return }
    text.clear(headroom: LogBlock.headroomBytes, byteCount: contentBytesMax)
    for frame in frames {
      if frame.isLost, let declared = frame.declared {
        fill(declared)
        continue
      }
      do throws(LogError) {
        try decompress(frame)
      } catch {
        if salvages, let declared = frame.declared, error.reason != .outOfMemory {
          fill(declared)
          continue
        }
        failure = error
        isLast = true
        break
      }
    }
    dropFrames()
  }

  private func decompress(_ frame: Frame) throws(LogError) {
    if context == nil { context = try FrameContext() }
    let bytes = UnsafeBufferPointer(rebasing: stored.bytes[frame.range])
    let room = UnsafeMutableRawBufferPointer(rebasing: text.free.prefix(frame.contentBytesMax))
    guard let step = context?.decompress(whole: bytes, into: room) else {
      preconditionFailure("the context was made above")
    }
    let start = text.count
    text.didFill(step.produced)
    do throws(LogError) {
      if let reason = step.fault { throw LogError(reason) }
      guard step.endsFrame, step.consumed == bytes.count else {
        throw LogError(frame.declared?.inflates ?? LogBlock.overlong)
      }
      try frame.declared?.check(UnsafeBufferPointer(rebasing: text.bytes[start...]))
    } catch {
      text.truncate(to: start)
      throw LogError(
        error.reason, storedOffset: frame.storedOffset, file: frame.declared?.file, frame: frame.declared?.number)
    }
  }

  private static let overlong = LogError.Reason.damagedFrame(
    libraryReason: "the frame does not end behind its last block")

  /// Adds a frame of which nothing could be read: entries that are lost.
  func append(lost declared: DeclaredFrame) {
    frames.append(
      Frame(range: 0..<0, storedOffset: 0, contentBytesMax: Int(declared.rawBytes), declared: declared, isLost: true))
    contentBytesMax += Int(declared.rawBytes)
  }

  private func fill(_ declared: DeclaredFrame) {
    LostEntry.frame(declared).withUnsafeBufferPointer { text.append($0) }
  }

  private func dropFrames() {
    stored.clear()
    frames.removeAll(keepingCapacity: true)
    contentBytesMax = 0
  }
}
