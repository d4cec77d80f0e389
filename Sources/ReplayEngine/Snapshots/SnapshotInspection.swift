internal import StateSnapshot
internal import StorageProtocol

/// `inspect` of a snapshot: every row is checked first.
struct SnapshotInspection {
  let path: String
  /// The object that is wanted; nil for the whole.
  let object: Identifier?

  /// - Throws: `.snapshot`, `.input`.
  func run() throws(ReplayFailure) -> Report {
    let snapshot = try SnapshotInput.verified(path)
    var json = snapshot.json(schema: SnapshotDescription.schema)
    guard let object else { return Report(status: .done, json: .object(json), text: snapshot.lines) }
    let versions = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in
      var objects = try snapshot.objects(object)
      var versions: [SnapshotObject] = []
      while let version = try objects.next() { versions.append(version) }
      return versions
    }
    json.add("objects", .array(versions.map { .object($0.json) }))
    return Report(
      status: .done, json: .object(json),
      text: versions.map { String(decoding: JSONFormat.line.encode(.object($0.json)), as: UTF8.self) })
  }
}
