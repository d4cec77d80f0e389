internal import ContentRestore
internal import ReplayEvidence
internal import ReplayPipeline
internal import StateCommitment
internal import StorageProtocol

/// What a restore found and gave back, as a document and as lines for people.
struct RestoreReport {
  /// How far the log recovers.
  struct Recovery {
    let replay: ParallelReplay
    let findings: StoreFindings
    let damagedPacks: [String]

    /// The last ordinal that the archive has lost, in a salvage; nil for none.
    var lostBehind: UInt64? { replay.lost.last?.upperBound }

    var lostEntryCount: UInt64 { replay.lost.reduce(0) { $0 + UInt64($1.count) } }

    /// Whether something of the archive is not what it was, needed or not.
    var isDamaged: Bool { !replay.lost.isEmpty || findings.lostContentCount > 0 || !damagedPacks.isEmpty }

    /// The root of the state, where all of it was computed.
    var stateRoot: Digest? {
      replay.lost.isEmpty && findings.lostContentCount == 0 ? replay.result.roots.state : nil
    }
  }

  let source: RestoredLog
  let logDigest: Digest
  let selection: RestoreSelection
  let target: RestoreTarget
  let items: [RestoreItem]
  let recovery: Recovery
  /// One an item.
  var outcomes: [RestoreOutcome] = []

  init(
    source: RestoredLog, logDigest: Digest, selection: RestoreSelection, target: RestoreTarget, items: [RestoreItem],
    recovery: Recovery
  ) {
    self.source = source
    self.logDigest = logDigest
    self.selection = selection
    self.target = target
    self.items = items
    self.recovery = recovery
  }

  /// Whether what was asked for by name exists.
  var isFound: Bool {
    if selection.node != nil, !recovery.findings.knowsNode { return false }
    return selection.object == nil || !recovery.findings.sortedHistories.isEmpty
  }

  /// Bytes that the items to be written will take of the disk, about.
  var bytesOnDisk: UInt64 {
    let blockBytes: UInt64 = 4096
    // One block more for the file itself.
    return zip(items, outcomes).reduce(0) { sum, pair in
      pair.1.isToBeWritten ? sum + (pair.0.byteCount / blockBytes + 2) * blockBytes : sum
    }
  }

  var counts: RestoreCounts { RestoreCounts(items, outcomes) }

  /// Items that a lost entry may have replaced.
  var outdatedCount: Int { items.count { $0.mayBeOutdated(recovery.lostBehind) } }

  /// Whether everything that was asked for was given back, and nothing of the log is unknown. An empty log is degraded, not
  /// perfect.
  var isComplete: Bool {
    counts.restored == items.count && recovery.replay.lost.isEmpty && recovery.replay.result.entries.total > 0
  }

  private var status: ExitStatus {
    let entries = recovery.replay.result.entries
    let isDegraded = entries.total == 0 || counts.restored < items.count || entries.rejected + entries.unsupported > 0
    return .winner([recovery.isDamaged ? .damaged : .done, isDegraded ? .degraded : .done])
  }

  /// What is said of a restore that ended.
  func finished(_ clock: StepClock) -> Report {
    Report(status: status, json: json(clock), text: lines(clock), problems: problems)
  }

  /// What is said where nothing of that name exists; nothing was written.
  func notFound(_ clock: StepClock) -> Report {
    Report(
      status: .winner([recovery.isDamaged ? .damaged : .done, .diverged]), json: json(clock),
      text: [ResultText.row("restore", notFoundSentence)] + recoveryLines)
  }

  private var notFoundSentence: String {
    let extent = recovery.replay.lost.isEmpty ? "" : ", in the entries that are left"
    if selection.node != nil, !recovery.findings.knowsNode {
      return "the node was never registered, and nothing was placed on it\(extent): nothing was written"
    }
    return "no such object was stored\(extent): nothing was written"
  }

  private var problems: [String] {
    var problems: [String] = []
    let entries = recovery.replay.result.entries
    if counts.damaged > 0 {
      problems.append("\(counts.damaged) \(kind) are damaged in the archive: they were not restored")
    }
    if !recovery.replay.lost.isEmpty {
      problems.append(
        "\(recovery.lostEntryCount) entries of the archive are lost: \(outdatedCount) \(kind) may be of an older content"
      )
    }
    if recovery.isDamaged, problems.isEmpty {
      problems.append("the archive is damaged, though nothing that was asked for is")
    }
    if counts.carried + counts.placeholder > 0 {
      problems.append(
        "\(counts.carried + counts.placeholder) \(kind) have no content in the log: they were not restored")
    }
    if entries.rejected > 0 {
      problems.append("\(entries.rejected) entries were rejected: what they hold was not restored")
    }
    return problems
  }

  /// What items are.
  var kind: String { selection.node == nil ? "objects" : "shards" }
}
