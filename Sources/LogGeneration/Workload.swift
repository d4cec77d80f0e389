internal import SystemFiles

/// A large log made from a seed: the same for the same kind, number of data entries and seed.
///
/// A recorded log of the event dialect, as a live engine writes it: all 13 fields and the `event_id` of every event, in the
/// engine's own order of keys. It explains itself: its replay rejects nothing and nothing of it diverges. Memory does not
/// grow with its length.
public struct Workload: Hashable, Sendable {
  /// What a log is made of, besides registrations at its start and an EPOCH_ADVANCEMENT now and then.
  public enum Kind: Hashable, Sendable {
    /// STOREs of distinct objects that carry so many bytes of pseudo-random content and three keys of metadata: all of
    /// it is hashed again by a replay.
    case content(bytes: Int)
    /// What `fixtures/recorded-events` is: carried STOREs of one shard, without content, and a tenth of proofs.
    ///
    /// Every STORE stores another object; or all of them store `objects` objects, each once before any is stored again.
    case recorded(objects: Int?)
    /// ``recorded(objects:)`` in which a fifth of all entries store one object, another version each time: a hot id.
    case hotObject
    /// ``recorded(objects:)`` in which a fifth of all entries store one version of one object: a hot key.
    case hotVersion
    /// ``recorded(objects:)`` in which all STOREs store one version of one object: the worst of hot keys.
    case oneVersion
    /// ``recorded(objects:)`` in which the object of number n is stored about 1/n times as often as the first.
    case zipf
    /// ``recorded(objects:)`` with an EPOCH_ADVANCEMENT behind every tenth data entry.
    case epochStorm
    /// ``recorded(objects:)`` whose shards are placed on 5,000 nodes.
    case manyNodes
  }

  public let kind: Kind
  /// STOREs and proofs; registrations and epochs come on top.
  public let dataEntryCount: Int
  public let seed: UInt64
  /// In what the log differs from others of its kind.
  public let shape: Shape
  /// Entries of all kinds at which the log ends; nil where data entries alone decide.
  let entryCountMax: Int?
  /// Whether about one entry of fifty is one that a replay rejects, or of an unknown type.
  let hasFaults: Bool

  public init(_ kind: Kind, dataEntryCount: Int, seed: UInt64 = 1, shape: Shape = Shape()) {
    precondition((0..<WorkloadObject.numberMax).contains(dataEntryCount), "object ids have nine digits")
    shape.assertFits(kind)
    self.kind = kind
    self.shape = shape
    self.dataEntryCount = dataEntryCount
    self.seed = seed
    entryCountMax = nil
    hasFaults = false
  }

  /// Entries of a log at most.
  public static let entryCountLimit = WorkloadObject.numberMax - 1

  /// A log of `entryCount` entries in all, registrations and epochs among them.
  ///
  /// - Parameter hasFaults: whether about one entry of fifty is one that a replay rejects, or of an unknown type.
  public init(_ kind: Kind, entryCount: Int, seed: UInt64, shape: Shape = Shape(), hasFaults: Bool) {
    precondition((0...Workload.entryCountLimit).contains(entryCount), "object ids have nine digits")
    shape.assertFits(kind)
    self.kind = kind
    self.shape = shape
    dataEntryCount = entryCount
    self.seed = seed
    entryCountMax = entryCount
    self.hasFaults = hasFaults
  }

  /// Bytes of every object id.
  public static var objectIDBytes: Int { WorkloadObject(number: 0).id.count }

  /// What tells this log from others, as a part of a file's name: `content-1024-200000-1`, `recorded-nodes-500-1000-1`.
  public var name: String { "\(kind)\(shape)-\(dataEntryCount)-\(seed)" }

  /// Writes the log as lines (`.jsonl`) to `name` in `folder`: the whole log, or no file of that name.
  ///
  /// - Throws: ``WorkloadError`` where the file cannot be written.
  /// - Complexity: linear; 5 µs of processor time for a recorded entry and 8 ns for a byte of content, measured on a Zen 3
  ///   whose cores others used too (SHA3-256 in batches made half of its usual speed).
  public func write(_ name: String, in folder: String) throws(WorkloadError) {
    do throws(FileError) {
      var file = try TemporaryFile(in: folder, prefix: name)
      try forEachBlock { (lines) throws(FileError) in try file.write(lines) }
      _ = try file.publish(as: name, replaces: true)
    } catch {
      throw WorkloadError(description: error.description)
    }
  }

  /// Hands out the log's lines in order, some thousand, or some MiB, at a time.
  package func forEachBlock<Failure: Error>(_ body: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    var writer = WorkloadWriter(self)
    while let lines = writer.nextBlock() { try body(lines) }
  }
}

/// A log that could not be written; a sentence that says why.
public struct WorkloadError: Error, CustomStringConvertible {
  public let description: String
}

extension Workload.Kind: CustomStringConvertible {
  /// The kind as a part of a file's name.
  public var description: String {
    switch self {
    case .content(let bytes): "content-\(bytes)"
    case .recorded(nil): "recorded"
    case .recorded(let objects?): "recorded-\(objects)-objects"
    case .hotObject: "hot-object"
    case .hotVersion: "hot-version"
    case .oneVersion: "one-version"
    case .zipf: "zipf"
    case .epochStorm: "epoch-storm"
    case .manyNodes: "many-nodes"
    }
  }

  /// Bytes of content that each STORE carries; nil for a recorded log.
  var contentBytes: Int? {
    guard case .content(let bytes) = self else { return nil }
    return bytes
  }
}
