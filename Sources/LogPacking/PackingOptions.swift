/// How an archive is written: none of it changes what a replay of it gives.
package struct PackingOptions: Sendable {
  /// Of liblz4.
  package var level = 1
  /// Bytes of the log after which a segment ends, and bytes stored after which a pack ends.
  package var segmentBytes: UInt64 = 256 << 20
  /// Bytes of the log after which a frame ends: it is what a reader decompresses at once.
  package var frameBytes = 1 << 20

  package init() {}
}
