internal import LogReading
internal import ReplayEvidence
internal import StateSnapshot
internal import StorageProtocol
internal import SystemFiles

/// What a verb says of a snapshot that it wrote.
struct WrittenSnapshot: Sendable {
  private let digests: SnapshotDigests
  private let rowCount: UInt64
  private let elapsed: Duration
  private let sha256: Digest
  private let bytes: UInt64

  /// - Parameter path: where the snapshot is for now; it is read once more, for its SHA-256.
  /// - Throws: `.output`.
  init(path: String, _ digests: SnapshotDigests, rowCount: UInt64, elapsed: Duration) throws(ReplayFailure) {
    self.digests = digests
    self.rowCount = rowCount
    self.elapsed = elapsed
    do {
      let identity = try LogReader.storedIdentity(of: .file(path: path), options: LogReadingOptions())
      sha256 = identity.sha256
      bytes = identity.bytes
    } catch {
      throw .output(OutputFailure(description: "cannot read back \(error)"))
    }
  }

  /// What evidence has of it.
  func identity(name: String) -> SnapshotIdentity {
    SnapshotIdentity(name: name, sha256: sha256, bytes: bytes, rows: rowCount, digests: digests.all)
  }

  func json(path: String) -> JSONValue {
    guard case .object(var object) = identity(name: TargetFile(path: path, replaces: false).name).json else {
      preconditionFailure("an identity is an object")
    }
    object.add("path", .text(path), inFront: true)
    object.add("seconds", .number(Array(elapsed.secondsText.utf8)))
    return .object(object)
  }

  func lines(path: String) -> [String] {
    [
      "", ResultText.row("state", path),
      ResultText.row("", "\(rowCount) rows in \(elapsed.secondsText) s, \(elapsed.perSecond(rowCount)) rows/s"),
      ResultText.row("", "SHA-256 \(sha256.hexadecimal)"),
    ]
  }
}

extension SnapshotDigests {
  /// By the names of the tables.
  var all: [(table: String, digest: Digest)] { tables.map { ($0.table.rawValue, $0.digest) } + [("meta", meta)] }

  var json: JSONObject { JSONObject(all.map { (Array($0.table.utf8), .hexadecimal($0.digest)) }) }
}
