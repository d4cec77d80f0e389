internal import Dispatch
internal import StorageProtocol

/// The digest over all rows of a table: what `.sha3sum --sha3-256 TABLE` of the sqlite3 shell prints.
///
/// SHA3-256 takes about a third of the time of a row; a thread of its own takes it while the next rows are written or read.
///
/// Sendable: the hasher is touched on the queue alone, the piece by whoever owns the digest.
final class TableDigest: @unchecked Sendable {
  /// Bytes that are hashed together.
  private static let pieceBytes = 1 << 18
  /// Pieces that wait at most: memory is bounded where hashing is slower.
  private static let waitingMax = 4

  private let queue = DispatchQueue(label: "table digest")
  private let room = DispatchSemaphore(value: TableDigest.waitingMax)
  private var hasher = SHA3Hasher()
  private var piece: [UInt8] = []

  init(_ table: SnapshotTable) {
    piece += Array("S\(table.digestQuery.utf8.count):\(table.digestQuery)".utf8)
  }

  /// Adds rows, in the order of the table's key.
  func add(_ rows: RowText) {
    piece += rows.bytes
    if piece.count >= TableDigest.pieceBytes { hash() }
  }

  private func hash() {
    room.wait()
    queue.async { [piece] in
      self.hasher.update(piece)
      self.room.signal()
    }
    piece = []
    piece.reserveCapacity(TableDigest.pieceBytes + TableDigest.pieceBytes / 4)
  }

  /// Over the rows so far.
  var value: Digest {
    hash()
    return queue.sync { hasher.finalize() }
  }
}
