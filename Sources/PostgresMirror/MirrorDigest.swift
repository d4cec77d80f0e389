package import StorageProtocol

/// The digest over all rows of a table, in the order of its key; SQL computes the same (`PostgreSQL.md`).
///
/// Of every row there is the SHA-256 of its line in the file, without the line break; of every 65,536 rows the SHA-256 over those;
/// the table's is the SHA-256 over the digests of the blocks. Blocks, because PostgreSQL gathers at most 1 GB in one value.
struct MirrorDigest {
  static let blockRows: UInt64 = 65_536

  private var table = SHA256Hasher()
  private var block = SHA256Hasher()
  private(set) var rowCount: UInt64 = 0

  /// Adds the next row.
  mutating func add(_ line: [UInt8]) {
    block.update(Digest.sha256(line).bytes)
    rowCount += 1
    guard rowCount.isMultiple(of: MirrorDigest.blockRows) else { return }
    table.update(block.finalize().bytes)
    block = SHA256Hasher()
  }

  var value: Digest {
    guard !rowCount.isMultiple(of: MirrorDigest.blockRows) else { return table.finalize() }
    var whole = table
    whole.update(block.finalize().bytes)
    return whole.finalize()
  }
}

/// What a table of the mirror is to have.
package struct MirroredTable: Sendable {
  /// Its name.
  package let name: String
  package let rowCount: UInt64
  /// See ``MirrorDigest``.
  package let digest: Digest
}
