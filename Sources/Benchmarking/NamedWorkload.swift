/// A log that is measured, by its name on the command line.
package struct NamedWorkload: Hashable, Sendable {
  /// Where the log comes from.
  package enum Source: Hashable, Sendable {
    /// A file that is there, never scaled.
    case file(path: String)
    case generated(GeneratedLog)
  }

  /// The names that can be asked for, in the order in which they are measured. `tiny` stands for a small log of each kind.
  package static let names = ["vm-trace"] + generated.map(\.name) + ["tiny"]

  /// Large enough that a replay takes a second or more, small enough that the sequential engine takes a minute or so.
  private static let generated: [(name: String, log: GeneratedLog, tinyEntryCount: Int)] = [
    ("small-content", GeneratedLog(.content(bytes: 1 << 10), entryCount: 200_000), 1500),
    ("large-content", GeneratedLog(.content(bytes: 1 << 20), entryCount: 2000), 24),
    ("recorded", GeneratedLog(.recorded, entryCount: 1_000_000), 2000),
    ("hot-object", GeneratedLog(.hotObject(percent: 20), entryCount: 1_000_000), 2000),
    ("epoch-storm", GeneratedLog(.epochStorm(dataEntryCount: 10), entryCount: 1_000_000), 2000),
    ("many-nodes", GeneratedLog(.manyNodes(count: 5000), entryCount: 1_000_000), 6000),
  ]

  /// The word for it in tables.
  package let name: String
  package let source: Source

  package init(name: String, source: Source) {
    self.name = name
    self.source = source
  }

  /// The logs of a name: one, or some for `tiny`; none for an unknown one.
  ///
  /// - Parameters:
  ///   - trace: path of the log that `vm-trace` is.
  ///   - scale: of the usual number of entries of generated logs; `tiny` has its own.
  package static func named(_ name: String, trace: String, scale: Double = 1) -> [NamedWorkload] {
    switch name {
    case "vm-trace": [NamedWorkload(name: name, source: .file(path: trace))]
    case "tiny":
      generated.map { workload in
        let log = GeneratedLog(workload.log.kind, entryCount: workload.tinyEntryCount)
        return NamedWorkload(name: "tiny/\(workload.name)", source: .generated(log))
      }
    default:
      generated.filter { $0.name == name }.map { workload in
        let entryCount = max(10, Int((Double(workload.log.entryCount) * scale).rounded()))
        let log = GeneratedLog(workload.log.kind, entryCount: entryCount)
        return NamedWorkload(name: name, source: .generated(log))
      }
    }
  }

  /// Bytes of the messages that most of a replay's hashing is: Merkle blocks and contents, or texts of events.
  package var messageBytes: Int {
    guard case .generated(let log) = source, case .content(let bytes) = log.kind else { return 600 }
    return max(1, min(bytes, 4096))
  }
}

/// A log that `generate` makes from a seed: the same for the same kind, entries and seed.
package struct GeneratedLog: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Contents of so many bytes, in the packs of an archive.
    case content(bytes: Int)
    case recorded
    /// So many entries of a hundred store one object.
    case hotObject(percent: Int)
    /// An EPOCH_ADVANCEMENT behind so many data entries.
    case epochStorm(dataEntryCount: Int)
    case manyNodes(count: Int)
  }

  package let kind: Kind
  package let entryCount: Int
  package let seed: UInt64

  package init(_ kind: Kind, entryCount: Int, seed: UInt64 = 1) {
    self.kind = kind
    self.entryCount = entryCount
    self.seed = seed
  }

  /// The workload of `generate`, and its options in full: another version's usual shape must not matter.
  private var workload: (name: String, shape: [String]) {
    switch kind {
    case .content(let bytes): ("uniform", ["--content-bytes=\(bytes)"])
    case .recorded: ("recorded", [])
    case .hotObject(let percent): ("hot-object", ["--hot-percent=\(percent)"])
    case .epochStorm(let count): ("epoch-storm", ["--epoch-every=\(count)"])
    case .manyNodes(let count): ("many-nodes", ["--nodes=\(count)"])
    }
  }

  /// What tells this log from others: `hot-object-hot-20-1000000-1.jsonl.lz4`, `content-1024-200000-1.eqm`.
  package var fileName: String {
    let kindName =
      switch kind {
      case .content(let bytes): "content-\(bytes)"
      case .recorded: "recorded"
      case .hotObject(let percent): "hot-object-hot-\(percent)"
      case .epochStorm(let count): "epoch-storm-epoch-\(count)"
      case .manyNodes(let count): "many-nodes-nodes-\(count)"
      }
    return "\(kindName)-\(entryCount)-\(seed).\(isArchive ? "eqm" : "jsonl.lz4")"
  }

  /// Contents are in packs, as a restore would find them; base64 would be most of what is read.
  package var isArchive: Bool {
    if case .content = kind { true } else { false }
  }

  /// The command line, but for the program, that writes it to `path`.
  package func arguments(output path: String) -> [String] {
    let (name, shape) = workload
    return ["generate", "-o", path, "--entries=\(entryCount)", "--seed=\(seed)", "--workload=\(name)"] + shape + ["-q"]
  }
}
