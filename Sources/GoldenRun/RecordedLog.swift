package import LogReading
package import StorageProtocol

/// An entry that a live engine recorded: what the record says, nothing derived.
package struct RecordedEntry {
  package let ordinal: Ordinal
  package let outcome: EntryOutcome
  /// The event that the record proves.
  package let event: StorageEvent?
  /// Of a control entry.
  package let call: ControlCall?
}

/// Reads a recorded event log for what it says by itself: every event with the id that proves it, and the control entries that
/// emit none. Nothing is replayed.
package struct RecordedLog: ~Copyable {
  private var reader: LogReader
  private let decoding: EntryDecoding

  /// Why an entry cannot speak for itself.
  package struct Unproven: Error {
    package let ordinal: Ordinal
    package let reason: String
  }

  /// - Throws: ``LogError`` of opening the log.
  package init(
    _ source: LogSource, configuration: ReplayConfiguration, reading options: LogReadingOptions
  ) throws(LogError) {
    reader = try LogReader(source, options: options)
    decoding = EntryDecoding(configuration: configuration)
  }

  /// The next entry; nil at the end of the log.
  ///
  /// - Throws: ``LogError``; ``Unproven`` for an entry that is rejected whatever the state, or an event without an id.
  package mutating func next() throws -> RecordedEntry? {
    guard let raw = try reader.next() else { return nil }
    do throws(EntryFault) {
      let (value, fault) = try RecordedLog.parsed(raw)
      if let fault { throw fault }
      let entry = try decoding.decode(value)
      let event = try entry.recorded?.provenEvent()
      if case .store(let store) = entry, let event {
        try RecordedLog.checkShards(of: store, event, decoding.configuration)
      }
      let replayed = ReplayedEntry(entry, event.map { LoggedEvent(event: $0) })
      guard !replayed.outcome.emitsEvent || event != nil else {
        throw EntryFault(.invalidInput, "it is an event without an event_id that proves it")
      }
      return RecordedEntry(
        ordinal: raw.ordinal, outcome: replayed.outcome, event: event, call: replayed.controlCall)
    } catch {
      throw Unproven(ordinal: raw.ordinal, reason: error.message)
    }
  }

  /// A STORE names the shards that its object, version and size give, and places just those (protocol.md 9, step 1).
  private static func checkShards(
    of store: StoreEntry, _ event: StorageEvent, _ configuration: ReplayConfiguration
  ) throws(EntryFault) {
    let shards = (0..<configuration.constants.chunkCount(contentBytes: store.contentBytes)).map { index in
      ObjectNaming.shardID(object: store.objectID, version: store.version, index: index)
    }
    guard event[.shardIDs] == .array(shards.map(JSONValue.hexadecimal)) else {
      throw EntryFault.contradictsContent(.shardIDs)
    }
    let placed = event[.replicaSets].objectValue?.members.map(\.key).sorted { $0.lexicographicallyPrecedes($1) }
    guard placed == shards.sorted().map(\.hexadecimalBytes) else { throw EntryFault.replicaSetKeys }
  }

  /// - Throws: bytes that are not JSON count as a fault of the entry here: the log is no record.
  private static func parsed(_ raw: RawEntry) throws(EntryFault) -> (value: JSONValue, fault: EntryFault?) {
    do throws(LogError) {
      return try raw.parsed()
    } catch {
      throw EntryFault(.invalidInput, error.description)
    }
  }

  /// What was read so far.
  package var extent: LogExtent { reader.extent }
}

extension LogEntry {
  /// What the entry recorded of its event, if it is one.
  fileprivate var recorded: RecordedEvent? {
    switch self {
    case .store(let store): store.recorded
    case .proofGenerated(let proof), .proofFailed(let proof): proof.recorded
    case .nodeRegistration(let entry): entry.recorded
    case .epochAdvancement(let entry): entry.recorded
    case .nodeUnregistration, .nodeStatus, .nodeUptime, .aegisContext, .nodRewards, .acknowledged, .unsupported: nil
    }
  }
}
