internal import Glibc
internal import SystemFiles

/// Where a log comes from.
package enum LogSource: Equatable, Sendable {
  case file(path: String)
  /// A folder.
  case archive(path: String)
  /// `-` on the command line.
  case standardInput
  /// What comes through an open descriptor, once, and is known as `name`.
  case pipe(descriptor: Int32, name: String)
  /// A copy, in the file at `path`, of a log that can be read only once and is known as `name`.
  case copy(path: String, name: String)

  package init(argument: String) {
    var status = stat()
    if argument == "-" {
      self = .standardInput
    } else if stat(argument, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      self = .archive(path: argument)
    } else {
      self = .file(path: argument)
    }
  }

  /// The name people know it by.
  package var name: String {
    switch self {
    case .file(let path), .archive(let path): path
    case .standardInput: "-"
    case .copy(_, let name), .pipe(_, let name): name
    }
  }

  /// The file to open; nil for standard input.
  package var path: String? {
    switch self {
    case .file(let path), .archive(let path), .copy(let path, _): path
    case .standardInput, .pipe: nil
    }
  }

  /// Checks, without opening it, that there is something to read.
  ///
  /// - Throws: `.cannotOpen`.
  package func checkReadable() throws(LogError) {
    guard let path, access(path, R_OK) != 0 else { return }
    throw LogError(.cannotOpen(SystemError(errno)))
  }

  /// Whether the log is an archive, with integrity data of its own.
  package var isArchive: Bool {
    if case .archive = self { true } else { false }
  }

  /// Whether the same bytes can be read again: a regular file or an archive, not a pipe.
  package var canBeReadTwice: Bool { isArchive || storedBytes != nil }

  /// The size in bytes as stored, where it is known before reading; of an archive, its segments'.
  package var storedBytes: UInt64? {
    guard let path else { return nil }
    if isArchive { return ArchiveFolder(path: path).segmentBytes }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return UInt64(status.st_size)
  }
}

/// How the entries of a log are held together (protocol.md 9).
package enum LogContainer: String, Equatable, Sendable {
  /// One JSON array (`.json`).
  case array
  /// One entry a line (`.jsonl`).
  case lines
}

/// What a file's name says of its form; nil where only the content can tell.
struct LogForm: Equatable {
  var container: LogContainer?
  var isCompressed: Bool?

  init(name: String) {
    let isLZ4 = name.hasSuffix(".lz4")
    let stem = isLZ4 ? String(name.dropLast(4)) : name
    if stem.hasSuffix(".json") { container = .array }
    if stem.hasSuffix(".jsonl") { container = .lines }
    if container != nil || isLZ4 { isCompressed = isLZ4 }
  }
}

/// What a reader is told from outside.
package struct LogReadingOptions: Sendable {
  /// Longest entry that is read, in bytes: what bounds memory.
  package var entryBytesMax = 4 << 30
  /// Bytes of content a shard: tells how much memory an entry needs, and so where batches end.
  package var shardBytes: UInt64 = 256 << 10
  /// Whether what an archive has lost is passed over: each lost entry is handed out as ``LostEntry/text``.
  package var salvages = false
  /// Whether a content that an archive's packs do not have any more leaves its STORE without one; else that is damage of the log.
  package var losesContents = false
  /// Where the files of an archive are that is damaged, or may be; nil where the reader is to look for itself.
  package var salvageMap: SalvageMap?
  /// Asked between blocks and entries; true stops the reader.
  package var isInterrupted: @Sendable () -> Bool = { false }
  /// Becomes readable when the reader is to stop, so that waiting for input ends; -1 for none.
  package var wakeDescriptor: Int32 = -1
  /// Told, at every block and every few entries, the bytes of the file as stored whose entries were handed out, and how many
  /// those are.
  package var onProgress: @Sendable (_ storedBytes: UInt64, _ entries: UInt64) -> Void = { _, _ in }

  package init() {}
}
