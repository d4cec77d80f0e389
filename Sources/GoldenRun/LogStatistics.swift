package import LogReading
package import StorageProtocol

/// What a log holds, found by reading it without replaying: forms are checked, integrity and state are not.
package struct LogStatistics: Equatable, Sendable {
  /// STOREs by what they bring.
  package struct Stores: Equatable, Sendable {
    package var withPayload: UInt64 = 0
    package var carried: UInt64 = 0
    package var placeholder: UInt64 = 0
    /// Bytes of content that all of them describe, and the largest one.
    package var contentBytes: UInt128 = 0
    package var contentBytesMax: UInt64 = 0
  }

  package struct Epochs: Equatable, Sendable {
    package let first: Int64
    package var last: Int64
    package var lowest: Int64
    package var highest: Int64
  }

  /// A STORE's object version and the bytes of content it describes.
  package struct SizedObject: Equatable, Sendable {
    package let id: Identifier
    package let version: ObjectVersion
    package let contentBytes: UInt64
    package let ordinal: Ordinal
  }

  private static let largestMax = 10

  /// The STOREs that describe the most content, the largest first; of equal ones the first in the log.
  package private(set) var largestObjects: [SizedObject] = []

  /// Entries by event type, unknown types included, by bytes of the name; entries of wrong form are not in it.
  package var typeCounts: [(type: Identifier, count: UInt64)] {
    countByType.keys.sorted().map { ($0, countByType[$0, default: 0]) }
  }
  private var countByType: [Identifier: UInt64] = [:]
  package private(set) var stores = Stores()
  /// Entries that a replay would reject for their form.
  package private(set) var malformedCount: UInt64 = 0
  /// The epochs of EPOCH_ADVANCEMENTs; nil where there are none.
  package private(set) var epochs: Epochs?
  package private(set) var entryBytesMax: UInt64 = 0
  /// About how many bytes the lines of an export of this log take: rather too many than too few.
  package private(set) var exportBytesEstimate: UInt64 = 0
  package private(set) var extent: LogExtent

  /// - Throws: ``LogError``.
  package init(
    of source: LogSource, configuration: ReplayConfiguration, reading options: LogReadingOptions
  ) throws(LogError) {
    var reader = try LogReader(source, options: options)
    extent = reader.extent
    let decoding = EntryDecoding(configuration: configuration)
    while let raw = try reader.next() {
      entryBytesMax = max(entryBytesMax, UInt64(raw.bytes.count))
      let (value, fault) = try raw.parsed()
      guard fault == nil, let entry = try? decoding.decode(value),
        let name = value.objectValue?["event_type"]?.stringBytes
      else {
        malformedCount += 1
        continue
      }
      countByType[Identifier(bytes: name), default: 0] += 1
      count(entry, configuration.constants)
      if case .store(let store) = entry { rank(store, raw.ordinal) }
    }
    extent = reader.extent
  }

  private mutating func count(_ entry: LogEntry, _ constants: GovernedConstants) {
    // A line of an event without shards has about 450 bytes and what it quotes; a node's line has less.
    exportBytesEstimate += 800
    switch entry {
    case .store(let store):
      count(store)
      // Per chunk a shard's line of about 650 bytes and its mention in two others.
      let chunkCount = constants.chunkCount(contentBytes: store.contentBytes)
      let quoted = UInt64(store.objectID.bytes.count) * 6 * (2 + chunkCount)
      let metadata = UInt64(JSONFormat.canonical.encode(.object(store.metadata)).count)
      exportBytesEstimate += 300 + 1000 * chunkCount + quoted + metadata
    case .epochAdvancement(let advancement): count(advancement.epoch.value)
    default: break
    }
  }

  private mutating func rank(_ store: StoreEntry, _ ordinal: Ordinal) {
    if largestObjects.count == LogStatistics.largestMax, let last = largestObjects.last,
      last.contentBytes >= store.contentBytes
    {
      return
    }
    let place = largestObjects.firstIndex { $0.contentBytes < store.contentBytes } ?? largestObjects.count
    largestObjects.insert(
      SizedObject(id: store.objectID, version: store.version, contentBytes: store.contentBytes, ordinal: ordinal),
      at: place)
    if largestObjects.count > LogStatistics.largestMax { largestObjects.removeLast() }
  }

  private mutating func count(_ store: StoreEntry) {
    stores.contentBytes += UInt128(store.contentBytes)
    stores.contentBytesMax = max(stores.contentBytesMax, store.contentBytes)
    switch store.source {
    case .payload: stores.withPayload += 1
    case .carried: stores.carried += 1
    case .placeholder: stores.placeholder += 1
    }
  }

  private mutating func count(_ epoch: Int64) {
    var epochs = self.epochs ?? Epochs(first: epoch, last: epoch, lowest: epoch, highest: epoch)
    epochs.last = epoch
    epochs.lowest = min(epochs.lowest, epoch)
    epochs.highest = max(epochs.highest, epoch)
    self.epochs = epochs
  }
}
