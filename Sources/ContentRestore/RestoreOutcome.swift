internal import StorageProtocol

/// What became of an item.
package enum RestoreOutcome: Equatable, Sendable {
  /// It was not there.
  case written
  /// Something else was in its place, a cut file among that.
  case mended
  case alreadyThere
  /// The archive has lost it: a sentence with the place.
  case damaged(String)
  case unrecoverable(Reason)

  /// Why the log cannot give a content back, undamaged as it is.
  package enum Reason: String, CaseIterable, Sendable {
    /// The STORE that wrote it is of the event dialect and has no payload.
    case carried
    /// It is of the runbook dialect: there are only placeholder bytes, which are nobody's content.
    case placeholder
  }

  /// - Parameters:
  ///   - found: what is in the item's place before anything is written.
  package init(_ item: RestoreItem, found: RestoredFile) {
    switch (found, item.writer.source) {
    case (.equal, _): self = .alreadyThere
    case (.absent, .content): self = .written
    case (.different, .content): self = .mended
    case (_, .damaged(let sentence)): self = .damaged(sentence)
    case (_, .carried): self = .unrecoverable(.carried)
    case (_, .placeholder): self = .unrecoverable(.placeholder)
    }
  }

  /// Whether the item's file is there when the restore has ended.
  package var isThere: Bool {
    switch self {
    case .written, .mended, .alreadyThere: true
    case .damaged, .unrecoverable: false
    }
  }

  package var isToBeWritten: Bool { self == .written || self == .mended }
}

/// What became of all items.
package struct RestoreCounts: Equatable, Sendable {
  package private(set) var items = 0
  package private(set) var written = 0
  package private(set) var mended = 0
  package private(set) var alreadyThere = 0
  package private(set) var damaged = 0
  package private(set) var carried = 0
  package private(set) var placeholder = 0
  package private(set) var bytesWritten: UInt64 = 0
  package private(set) var bytesAlreadyThere: UInt64 = 0

  package init(_ items: [RestoreItem], _ outcomes: [RestoreOutcome]) {
    self.items = items.count
    for (item, outcome) in zip(items, outcomes) {
      if outcome.isToBeWritten { bytesWritten += item.byteCount }
      switch outcome {
      case .written: written += 1
      case .mended: mended += 1
      case .alreadyThere:
        alreadyThere += 1
        bytesAlreadyThere += item.byteCount
      case .damaged: damaged += 1
      case .unrecoverable(.carried): carried += 1
      case .unrecoverable(.placeholder): placeholder += 1
      }
    }
  }

  /// Items whose file is there.
  package var restored: Int { written + mended + alreadyThere }
}
