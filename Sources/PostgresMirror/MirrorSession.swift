internal import Glibc
internal import StateSnapshot
internal import SystemFiles

/// All tables of a mirror as of one moment, read by one psql in one transaction.
struct MirrorSession: ~Copyable {
  private var process: ChildProcess
  private let wakeDescriptor: Int32
  private var buffer: [UInt8] = []
  /// Where the next line begins, and how far no end of it was found.
  private var (start, searched) = (0, 0)
  /// What is being read, for messages.
  private var section = MirrorQuery.columnsSection

  /// - Parameters:
  ///   - connection: what psql's `-d` takes: a conninfo string, a URI or a database's name.
  ///   - wakeDescriptor: ends the wait when it becomes readable; -1 for none.
  /// - Throws: ``MirrorFault``.
  init(_ connection: String, schema: String, wakeDescriptor: Int32) throws(MirrorFault) {
    self.wakeDescriptor = wakeDescriptor
    do {
      process = try ChildProcess("psql", MirrorQuery(schema: schema).arguments(connection))
    } catch {
      throw .cannotRun(error.description)
    }
  }

  /// Checks that every table has the columns that are compared, of the types of `schema.sql`; it may have others.
  ///
  /// - Throws: `.column`.
  mutating func checkColumns() throws(MirrorFault) {
    var found: [(table: [UInt8]?, column: [UInt8]?, type: [UInt8]?)] = []
    while let line = try nextRow(of: MirrorQuery.columnsSection) {
      let fields = CopyText.fields(of: line).map(CopyText.text(ofField:))
      guard fields.count == 3 else { throw .line(table: section, number: UInt64(found.count) + 1) }
      found.append((fields[0], fields[1], fields[2]))
    }
    for table in SnapshotTable.allCases {
      for column in table.columns {
        let type = found.first { $0.table == Array(table.rawValue.utf8) && $0.column == Array(column.name.utf8) }?.type
        guard type != Array(column.kind.typeName.utf8) else { continue }
        throw .column(
          table: table.rawValue, column: column.name, expected: column.kind.typeName,
          found: type.map { String(decoding: $0, as: UTF8.self) })
      }
    }
  }

  /// The next row of a table in the order of its key, as COPY spells it, without the line break; nil behind the last.
  mutating func nextRow(of table: SnapshotTable) throws(MirrorFault) -> [UInt8]? {
    try nextRow(of: table.rawValue)
  }

  private mutating func nextRow(of section: String) throws(MirrorFault) -> [UInt8]? {
    self.section = section
    guard let line = try nextLine() else { throw failure() ?? .cut(section: section) }
    guard line.starts(with: MirrorQuery.mark.utf8) else { return line }
    guard line.elementsEqual((MirrorQuery.mark + section).utf8) else { throw .cut(section: section) }
    return nil
  }

  /// Checks that psql has nothing more to say and ended well: what came before is whole then.
  mutating func finish() throws(MirrorFault) {
    guard try nextLine() == nil else { throw .cut(section: section) }
    if let failure = failure() { throw failure }
  }

  /// Why psql ended, once it has; nil if it ended well.
  private mutating func failure() -> MirrorFault? {
    let end: String
    switch process.waitForEnd() {
    case .exited(0): return nil
    case .exited(let status): end = "exit status \(status)"
    case .signalled(let signal): end = "signal \(signal)"
    }
    let place = section == MirrorQuery.columnsSection ? "before any table was read" : "on \(section)"
    return .psql(place: place, text: String(decoding: process.errorText, as: UTF8.self), end: end)
  }

  private mutating func nextLine() throws(MirrorFault) -> [UInt8]? {
    while true {
      if let end = lineEnd() {
        defer { (start, searched) = (end + 1, end + 1) }
        return Array(buffer[start..<end])
      }
      searched = buffer.count
      guard let block = try nextBlock() else {
        guard start == buffer.count else { throw failure() ?? .cut(section: section) }
        return nil
      }
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
      buffer += block
    }
  }

  /// Where the line ends, if its end has been read.
  private func lineEnd() -> Int? {
    buffer.withUnsafeBytes { bytes in
      // `searched...` lies inside the buffer, if anything is left.
      guard searched < bytes.count, let base = bytes.baseAddress,
        let end = memchr(base + searched, Int32(UInt8(ascii: "\n")), bytes.count - searched)
      else { return nil }
      return UnsafeRawPointer(end) - base
    }
  }

  private mutating func nextBlock() throws(MirrorFault) -> [UInt8]? {
    do {
      return try process.read(wakeDescriptor: wakeDescriptor)
    } catch .interrupted {
      throw .interrupted
    } catch {
      throw .cannotRun(error.description)
    }
  }
}
