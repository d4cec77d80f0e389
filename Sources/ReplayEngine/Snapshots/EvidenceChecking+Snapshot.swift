internal import ReplayEvidence
internal import StateSnapshot
internal import StorageProtocol

extension EvidenceChecking {
  /// Whether the snapshot that is given holds the rows that the evidence names, and gives its roots.
  ///
  /// Another version of SQLite writes other bytes of the same rows: the digests of tables decide, not that of the file.
  ///
  /// - Throws: `.input`, `.snapshot`.
  func checkSnapshot(_ document: JSONObject, _ verification: inout EvidenceVerification) throws(ReplayFailure) {
    let stated = document["snapshot"]?.objectValue
    guard let path = arguments.snapshot else {
      if stated != nil { verification.add(.snapshot, .notChecked, "the snapshot was not given") }
      return
    }
    guard let stated else {
      verification.add(.snapshot, .fails, "the evidence names none")
      return
    }
    let snapshot = try SnapshotInput.verified(path)
    let commitment = document["result"]?.objectValue?["commitment"] ?? .null
    guard JCS.areEqual(.object(snapshot.digests.json), stated["sha3_256"] ?? .null) else {
      verification.add(.snapshot, .fails, "its rows are others, by their digests")
      return
    }
    let isSame = JCS.areEqual(.object(snapshot.commitment.roots.json), commitment)
    verification.add(
      .snapshot, isSame ? .holds : .fails,
      isSame
        ? "every row was read: digests and roots are those of the evidence" : "its roots are not those of the result")
  }
}
