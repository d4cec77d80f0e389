internal import StateCommitment
internal import StorageProtocol

/// A snapshot file that nobody has looked at: nothing of it can be used before it is verified.
package struct UnverifiedSnapshot: Sendable {
  private let connection: SnapshotConnection

  /// Opens a file for reading.
  ///
  /// - Throws: `.unreadable`, `.notASnapshot`, `.schema`.
  package init(path: String) throws(SnapshotFault) { connection = try SnapshotConnection(path: path) }

  /// What a SQLite database begins with (sqlite.org/fileformat2.html).
  package static let magic = Array("SQLite format 3\0".utf8)

  /// Computes everything anew that the rows give, and compares it with what the table `meta` says.
  ///
  /// Every row is read and hashed; event ids and shard ids are hashed from what they name.
  ///
  /// - Complexity: time of all rows; memory of 64 bytes an object, the nodes and the checkpoints.
  /// - Throws: `.unreadable`, `.row`, `.differs`.
  package consuming func verified() throws(SnapshotFault) -> VerifiedSnapshot {
    let said = try SaidMeta(connection)
    var computation = SnapshotComputation(connection)
    try computation.run()
    let commitment = try said.commitment(computation)
    let meta = SnapshotMeta(commitment, computation.digests)
    let differences = said.differences(from: meta)
    guard differences.isEmpty else { throw .differs(path: connection.path, differences) }
    return VerifiedSnapshot(connection, computation, commitment: commitment, digests: meta.digests)
  }
}

/// What the table `meta` says.
private struct SaidMeta {
  private let path: String
  private var rows: [(name: String, value: String)] = []

  init(_ connection: SnapshotConnection) throws(SnapshotFault) {
    path = connection.path
    var scan = try connection.scan(.meta, "SELECT name, value FROM meta ORDER BY name")
    while try scan.next() {
      rows.append(
        (String(decoding: try scan.text(0), as: UTF8.self), String(decoding: try scan.text(1), as: UTF8.self)))
    }
  }

  private subscript(name: String) -> String? { rows.first { $0.name == name }?.value }

  /// What rows give, with what only the table `meta` has: totals and epoch, which the state root covers, and constants.
  func commitment(_ computation: SnapshotComputation) throws(SnapshotFault) -> SnapshotCommitment {
    guard let epoch = self["current_epoch"].flatMap({ Int64($0) }), let fees = number("total_atr_fees"),
      let rewards = number("total_nod_rewards"), let constants = self["constants"]
    else { throw .schema(path: path, name: "meta") }
    let summary = StateSummary(
      nodeCount: UInt64(computation.nodes.count), objectCount: UInt64(computation.objectLeaves.count),
      shardCount: computation.shardCount, currentEpoch: Epoch(epoch), totalAtrFees: fees, totalNodRewards: rewards,
      eventLogCount: computation.eventLog.count)
    let roots = StateRoots(
      objects: SparseTree.root(of: computation.objectLeaves), nodes: SparseTree.root(of: computation.nodes.map(\.leaf)),
      log: computation.eventLog.root, summary: summary)
    return SnapshotCommitment(roots: roots, summary: summary, constants: constants)
  }

  private func number(_ name: String) -> BigNum128? {
    self[name].flatMap { try? BigNum128(parsing: Array($0.utf8)) }
  }

  func differences(from meta: SnapshotMeta) -> [SnapshotFault.Difference] {
    var differences: [SnapshotFault.Difference] = []
    for row in meta.rows where self[row.name] != row.value {
      differences.append(.init(name: row.name, said: self[row.name], computed: row.value))
    }
    for row in rows where !meta.rows.contains(where: { $0.name == row.name }) {
      differences.append(.init(name: row.name, said: row.value, computed: nil))
    }
    return differences
  }
}
