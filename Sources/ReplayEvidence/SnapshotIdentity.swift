package import StorageProtocol

/// A snapshot that a drill wrote of the state.
package struct SnapshotIdentity: Equatable, Sendable {
  /// Of the file, without its folder.
  package let name: String
  package let sha256: Digest
  package let bytes: UInt64
  /// Rows of all tables.
  package let rows: UInt64
  /// Over all rows of each table.
  package let digests: [(table: String, digest: Digest)]

  package init(name: String, sha256: Digest, bytes: UInt64, rows: UInt64, digests: [(table: String, digest: Digest)]) {
    self.name = name
    self.sha256 = sha256
    self.bytes = bytes
    self.rows = rows
    self.digests = digests
  }

  package static func == (left: SnapshotIdentity, right: SnapshotIdentity) -> Bool { left.json == right.json }

  /// What does not depend on the version of SQLite that wrote the file.
  package var digestsJSON: JSONValue {
    .object(JSONObject(digests.map { (Array($0.table.utf8), .hexadecimal($0.digest)) }))
  }

  package var json: JSONValue {
    .members([
      "name": .text(name), "sha256": .hexadecimal(sha256), "bytes": .integer(bytes), "rows": .integer(rows),
      "sha3_256": digestsJSON,
    ])
  }

  static let members = ["name", "sha256", "bytes", "rows", "sha3_256"]

  /// The tables that have a digest.
  static let tables = ["nodes", "objects", "shards", "replicas", "events", "epochs", "meta"]
}

extension EvidenceForm {
  /// A snapshot's name, sizes and digests; none of a damaged log.
  static func checkSnapshot(_ document: EvidenceFields) throws(EvidenceFault) {
    guard try !document.value("snapshot").isNull else { return }
    guard try !isDamaged(document.fields("result")) else { throw .impossible(document.path("snapshot")) }
    let snapshot = try document.fields("snapshot")
    try snapshot.require(SnapshotIdentity.members)
    let name = try snapshot.text("name")
    guard !name.isEmpty, !name.contains("/") else { throw .impossible(snapshot.path("name")) }
    _ = try snapshot.digest("sha256")
    guard (1...UInt64(Int64.max)).contains(try snapshot.count("bytes")) else {
      throw .impossible(snapshot.path("bytes"))
    }
    _ = try snapshot.count("rows")
    let digests = try snapshot.fields("sha3_256")
    try digests.require(SnapshotIdentity.tables)
    for table in SnapshotIdentity.tables { _ = try digests.digest(table) }
  }
}
