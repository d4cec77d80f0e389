internal import StorageProtocol
internal import SystemFiles

/// Lines by ordinal that come in several runs, each of which is in order: kept in a scratch file until all are there, and then
/// written out in one order.
///
/// A line of one ordinal comes in one run only. Memory: ``pieceBytes`` a run, or one call's lines where those are more.
struct LineRuns: ~Copyable {
  private static let pieceBytes = 16 << 10

  private struct Run {
    /// Whole records, in order.
    var pieces: [(offset: UInt64, byteCount: Int)] = []
    var pending: [UInt8] = []
  }

  private let file: ScratchFile
  private var end: UInt64 = 0
  private var runs: [Run]

  /// - Throws: ``FileError``.
  init(count: Int, in folder: String) throws(FileError) {
    file = try ScratchFile(in: folder)
    runs = Array(repeating: Run(), count: count)
  }

  /// Appends lines to a run.
  ///
  /// - Throws: ``FileError``.
  mutating func append(_ lines: FindingLines, to run: Int) throws(FileError) {
    lines.forEach { ordinal, line in runs[run].pending.append(record: ordinal, line) }
    if runs[run].pending.count >= LineRuns.pieceBytes { try flush(run) }
  }

  private mutating func flush(_ run: Int) throws(FileError) {
    guard !runs[run].pending.isEmpty else { return }
    try file.write(runs[run].pending, at: end)
    runs[run].pieces.append((end, runs[run].pending.count))
    end += UInt64(runs[run].pending.count)
    runs[run].pending = []
  }

  /// Writes the lines of all runs by ordinal.
  ///
  /// - Complexity: O(lines · runs).
  /// - Throws: ``FileError``.
  mutating func merge(into output: inout TemporaryFile) throws(FileError) {
    for run in runs.indices { try flush(run) }
    var readers: [RunReader] = []
    for run in runs where !run.pieces.isEmpty { readers.append(try RunReader(run.pieces[...], file)) }
    while let first = readers.indices.min(by: { readers[$0].ordinal < readers[$1].ordinal }) {
      try output.write(readers[first].line)
      if try !readers[first].advance(file) { readers.remove(at: first) }
    }
  }
}

/// A place in a run, which has a line there.
private struct RunReader {
  private var pieces: ArraySlice<(offset: UInt64, byteCount: Int)>
  private var records: ArraySlice<UInt8> = []
  private(set) var ordinal: UInt64 = 0
  private(set) var line: [UInt8] = []

  init(_ pieces: ArraySlice<(offset: UInt64, byteCount: Int)>, _ file: ScratchFile) throws(FileError) {
    self.pieces = pieces
    _ = try advance(file)
  }

  /// Goes to the next line; false where there is none.
  mutating func advance(_ file: ScratchFile) throws(FileError) -> Bool {
    if records.isEmpty {
      guard let piece = pieces.popFirst() else { return false }
      var bytes = [UInt8](repeating: 0, count: piece.byteCount)
      try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: piece.offset)
      }
      records = bytes[...]
    }
    ordinal = records.removeNumber()
    let count = Int(records.removeNumber())
    line = Array(records.prefix(count))
    records = records.dropFirst(count)
    return true
  }
}

extension [UInt8] {
  /// Appends an ordinal, a size, and a line of that size.
  fileprivate mutating func append(record ordinal: Ordinal, _ line: ArraySlice<UInt8>) {
    for number in [ordinal.value, UInt64(line.count)] {
      for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }
    self += line
  }
}

extension ArraySlice<UInt8> {
  fileprivate mutating func removeNumber() -> UInt64 {
    let number = prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    self = dropFirst(8)
    return number
  }
}
