package import StateSnapshot

/// Compares a mirror with a snapshot: both are read once, in the order of the keys, one row at a time.
package struct MirrorComparison: ~Copyable {
  private let snapshot: VerifiedSnapshot
  private var session: MirrorSession
  private var result = Reconciliation()

  /// - Parameters:
  ///   - connection: what psql's `-d` takes: a conninfo string, a URI or a database's name.
  ///   - schema: of the mirror's tables.
  ///   - wakeDescriptor: ends the comparison when it becomes readable; -1 for none.
  /// - Throws: `.cannotRun`.
  package init(
    of snapshot: VerifiedSnapshot, with connection: String, schema: String, wakeDescriptor: Int32
  ) throws(MirrorFault) {
    self.snapshot = snapshot
    session = try MirrorSession(connection, schema: schema, wakeDescriptor: wakeDescriptor)
  }

  /// - Throws: ``MirrorFault``: nothing is known of the mirror then.
  package consuming func run() throws(MirrorFault) -> Reconciliation {
    try session.checkColumns()
    for table in SnapshotTable.allCases { try compare(table) }
    try session.finish()
    return result
  }

  private mutating func compare(_ table: SnapshotTable) throws(MirrorFault) {
    var rows = PairedRows(table)
    do {
      var ours = try MirrorRows(table, of: snapshot)
      var hasOurs = try ours.next()
      var theirs = try session.nextRow(of: table)
      while hasOurs || theirs != nil {
        let standing = try rows.note(ours: hasOurs ? ours.line : nil, theirs: theirs, &result)
        if standing != .extra { hasOurs = try ours.next() }
        if standing != .missing { theirs = try session.nextRow(of: table) }
      }
    } catch let fault as SnapshotFault {
      throw .snapshot(fault)
    } catch let fault as MirrorFault {
      throw fault
    } catch {
      preconditionFailure("comparing throws nothing else: \(error)")
    }
    result.tables.append(rows.counts)
  }
}

/// The rows of a table on both sides, those of one key beside each other.
private struct PairedRows {
  /// What the next row of either side is.
  enum Standing { case equal, missing, extra, different }

  private let table: SnapshotTable
  private(set) var counts: TableCounts

  init(_ table: SnapshotTable) {
    self.table = table
    counts = TableCounts(table)
  }

  /// Counts and lists the row with the smaller key of the next ones, or both where their keys are equal.
  ///
  /// - Parameters:
  ///   - ours: the snapshot's next row; nil behind its last.
  ///   - theirs: PostgreSQL's.
  mutating func note(
    ours: [UInt8]?, theirs: [UInt8]?, _ result: inout Reconciliation
  ) throws(MirrorFault) -> Standing {
    if let ours, ours == theirs {
      counts.equal += 1
      return .equal
    }
    let ourFields = ours.map(CopyText.fields)
    let theirFields = try theirs.map { (line) throws(MirrorFault) in try fields(of: line) }
    switch (ourFields, theirFields) {
    case (let ourFields?, let theirFields?):
      let (ourKey, theirKey) = (RowKey(table, ourFields), RowKey(table, theirFields))
      if ourKey < theirKey { return noteMissing(ourFields, &result) }
      if theirKey < ourKey { return noteExtra(theirFields, &result) }
      counts.different += 1
      result.different.add { RowFinding(table, ourFields, otherFields: theirFields) }
      return .different
    case (let ourFields?, nil): return noteMissing(ourFields, &result)
    case (nil, let theirFields?): return noteExtra(theirFields, &result)
    case (nil, nil): preconditionFailure("one side has a row")
    }
  }

  private mutating func noteMissing(_ fields: [ArraySlice<UInt8>], _ result: inout Reconciliation) -> Standing {
    counts.missing += 1
    result.missing.add { RowFinding(table, fields) }
    return .missing
  }

  private mutating func noteExtra(_ fields: [ArraySlice<UInt8>], _ result: inout Reconciliation) -> Standing {
    counts.extra += 1
    result.extra.add { RowFinding(table, fields) }
    return .extra
  }

  private func fields(of line: [UInt8]) throws(MirrorFault) -> [ArraySlice<UInt8>] {
    let fields = CopyText.fields(of: line)
    guard fields.count == table.columns.count else { throw .line(table: table.rawValue, number: counts.postgres + 1) }
    return fields
  }
}

extension TableCounts {
  /// Rows of the snapshot.
  package var snapshot: UInt64 { equal + different + missing }
  /// Rows of PostgreSQL.
  package var postgres: UInt64 { equal + different + extra }
}
