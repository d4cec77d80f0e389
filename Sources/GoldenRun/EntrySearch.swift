package import LogReading
package import StorageProtocol

/// Entries of a log as written, by their ordinals or by the object they are about.
package enum EntrySearch: Sendable {
  case ordinals(ClosedRange<UInt64>)
  /// In order.
  case listed([Ordinal])
  /// STOREs of the object, and proofs that were asked for it: those name it by its redacted id.
  case object(Identifier)

  /// Calls `body` with every entry that is found, in log order.
  ///
  /// - Throws: ``LogError``; what `body` throws.
  package func forEach(
    in source: LogSource, reading options: LogReadingOptions, _ body: (RawEntry) throws(LogError) -> Void
  ) throws(LogError) {
    var reader = try LogReader(source, options: options)
    switch self {
    case .ordinals(let range):
      while let entry = try reader.next(from: Ordinal(range.lowerBound)), entry.ordinal.value <= range.upperBound {
        try body(entry)
      }
    case .listed(let ordinals):
      for ordinal in ordinals {
        guard let entry = try reader.next(from: ordinal) else { return }
        try body(entry)
      }
    case .object(let id):
      while let entry = try reader.next() {
        if try EntrySearch.isAbout(id, entry) { try body(entry) }
      }
    }
  }

  private static func isAbout(_ id: Identifier, _ entry: RawEntry) throws(LogError) -> Bool {
    guard let object = try entry.parsed().value.objectValue, let name = object["object_id"]?.stringBytes else {
      return false
    }
    let type = object["event_type"]?.stringBytes.flatMap { bytes in
      EventType.allCases.first { $0.rawValue.utf8.elementsEqual(bytes) }
    }
    return switch type {
    case .proofGenerated?, .proofFailed?: name == ObjectNaming.redacted(id)
    default: name == id.bytes
    }
  }
}
