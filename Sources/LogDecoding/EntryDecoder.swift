internal import Glibc
package import Hashing
package import LogReading
package import StorageProtocol

/// Turns the text of entries into columns: JSON faults, then the type, then the form of the fields (protocol.md 10, order
/// of tests). Integrity is checked here for control entries only: plan must not see what
/// is rejected.
///
/// Its buffers are reused: one decoder a worker.
package struct EntryDecoder: ~Copyable {
  let configuration: ReplayConfiguration
  var tape = JSONTape()
  let fieldNames = MemberNames(EntryField.allCases.map(\.name))
  let payloadNames = MemberNames(PayloadField.allCases.map(\.name))
  let referenceNames = MemberNames(ReferenceField.allCases.map(\.name))
  let registrationNames = MemberNames(RegistrationField.allCases.map(\.name))
  let eventMembers = CanonicalMembers.event()
  private let types = EventTypeNames()
  /// Where an archive's contents are; nil for any other log.
  var contents: ContentReader?
  /// Offset in the decompressed log of the current entry.
  private(set) var byteOffset: UInt64 = 0
  /// The current entry's place in the batch.
  private(set) var entry = 0
  /// Contents to be read once the entries of a chunk are decoded, and the entries that refer to them.
  var awaited: [ContentReference] = []
  var awaitedEntries: [AwaitedContent] = []
  /// Why the archive is broken in the current entry.
  var damage: LogError?
  /// Why the current entry is without its content.
  var lostContent: LogError?
  /// The members of the current entry by ``EntryField``.
  let members: UnsafeMutablePointer<JSONTape.Node>
  /// The batch's arena, while it is decoded into: nobody else's, so that no access to it needs a check.
  var arena = ByteArena()

  /// The recorded events of the batch's control entries, to be hashed, and those entries.
  var controlEvents: DigestBatch
  var recordedControls: [Int] = []

  /// Whether what an archive has lost becomes lost entries.
  let salvages: Bool
  /// Whether a content that it has lost leaves its STORE without one.
  let losesContents: Bool

  /// - Parameters:
  ///   - packs: of the archive that entries come from.
  ///   - salvages: whether what that has lost becomes lost entries; else it is damage.
  ///   - losesContents: whether a content that it has lost leaves its STORE without one, and applied.
  ///   - backend: what hashes the events of control entries.
  package init(
    _ configuration: ReplayConfiguration, packs: ContentPacks? = nil, salvages: Bool = false,
    losesContents: Bool = false, backend: HashBackend = .chosen(simd: nil)
  ) {
    self.configuration = configuration
    controlEvents = DigestBatch(backend)
    self.salvages = salvages
    self.losesContents = losesContents
    contents = packs.map { ContentReader($0) }
    members = .allocate(capacity: EntryField.allCases.count)
  }

  deinit { members.deallocate() }

  /// Decodes the entries of a chunk into `batch`, which is emptied first.
  ///
  /// - Throws: `LogError.notJSON`, `.outOfMemory`, and of an archive `.archive` with a content that is not there; the ordinal is relative to the chunk. `batch` holds the entries before.
  package mutating func decode(_ chunk: LogChunk, into batch: DecodedBatch) throws(LogError) {
    batch.removeAll()
    swap(&arena, &batch.arena)
    defer { swap(&arena, &batch.arena) }
    defer { proveControls(batch) }
    guard let start = chunk.text.baseAddress else { return }
    batch.byteOffset = chunk.byteOffset
    batch.textStart = start
    do throws(LogError) {
      try decodeEntries(of: chunk, from: start, into: batch)
    } catch {
      // A content that is not there, of an entry before, comes first.
      try readContents(into: batch)
      throw error
    }
    try readContents(into: batch)
  }

  private mutating func decodeEntries(
    of chunk: LogChunk, from start: UnsafePointer<UInt8>, into batch: DecodedBatch
  ) throws(LogError) {
    if chunk.container == .lines {
      try decodeLines(ByteView(start, chunk.text.count), into: batch)
    } else {
      for range in chunk.entries { try decode(ByteView(start + range.lowerBound, range.count), into: batch) }
    }
  }

  private mutating func decodeLines(_ text: ByteView, into batch: DecodedBatch) throws(LogError) {
    var lines = LineIterator(text)
    while let line = lines.next() { try decode(line, into: batch) }
  }

  /// Decodes one entry.
  private mutating func decode(_ text: ByteView, into batch: DecodedBatch) throws(LogError) {
    byteOffset = batch.byteOffset + UInt64(text.start - batch.textStart)
    if salvages, text.count == 1, text.start.pointee == LostEntry.byte {
      batch.append(text).pointee.kind = .lost
      return
    }
    switch tape.read(text, fieldNames, members) {
    case .json: break
    case .syntaxError(let fault, let position):
      throw LogError(.notJSON(fault), ordinal: UInt64(batch.count), byteOffset: byteOffset + UInt64(position))
    case .noMemory: throw LogError(.outOfMemory, ordinal: UInt64(batch.count))
    }
    entry = batch.count
    let record = batch.append(text)
    lostContent = nil
    do throws(EntryFault) {
      try decode(record, into: batch)
      if let lostContent { batch.lostContents.append((batch.count - 1, lostContent)) }
    } catch {
      if let damage = takeDamage() {
        if salvages, damage.isDamage {
          record.pointee.kind = .lost
          return
        }
        batch.removeLast()
        throw damage.inEntry(UInt64(batch.count), byteOffset)
      }
      record.pointee.kind = .rejected
      batch.rejections.append(DecodedBatch.Rejected(entry: batch.count - 1, fault: error))
    }
  }

  private mutating func decode(_ record: UnsafeMutablePointer<EntryRecord>, into batch: DecodedBatch) throws(EntryFault)
  {
    if let fault = tape.fault { throw .json(fault.kind, position: fault.position) }
    guard tape.isObject(0) else { throw .entryNotObject }
    guard let type = member(.eventType) else { throw .missing("event_type") }
    guard tape.isString(type) else { throw .notString("event_type") }
    let name = tape.bytes(type, &arena)
    switch types.type(name) {
    case nil:
      record.pointee.kind = .unsupported
      batch.unsupportedTypes.append(Identifier(bytes: name.array))
    case .read?, .getProof?, .listObjects?: record.pointee.kind = .acknowledged
    case .store?: try decodeStore(record)
    case .proofGenerated?: try decodeProofGenerated(record)
    case .proofFailed?: try decodeProofFailed(record)
    case .some(let type): try decodeControl(type, record, into: batch)
    }
  }

  private mutating func takeDamage() -> LogError? {
    defer { damage = nil }
    return damage
  }

  /// A member of the entry; nil where there is none.
  func member(_ field: EntryField) -> JSONTape.Node? {
    // One slot a field.
    let node = members[field.rawValue]
    return node == 0 ? nil : node
  }
}

extension LogError {
  /// The error, in an entry.
  func inEntry(_ ordinal: UInt64, _ byteOffset: UInt64) -> LogError {
    var error = self
    error.ordinal = ordinal
    error.byteOffset = byteOffset
    return error
  }
}

/// The known event types by their bytes, in raw memory: looked at for every entry.
private struct EventTypeNames: ~Copyable {
  private struct Known {
    let name: ByteView
    let type: EventType
  }

  private let known: UnsafeMutableBufferPointer<Known>

  init() {
    known = .allocate(capacity: EventType.allCases.count)
    for (index, type) in EventType.allCases.enumerated() {
      let bytes = Array(type.rawValue.utf8)
      let name = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
      name.initialize(from: bytes, count: bytes.count)
      known.initializeElement(at: index, to: Known(name: ByteView(name, bytes.count), type: type))
    }
  }

  deinit {
    for item in known { item.name.start.deallocate() }
    known.deallocate()
  }

  func type(_ name: ByteView) -> EventType? {
    for index in 0..<known.count where known[index].name.isEqual(to: name) { return known[index].type }
    return nil
  }
}

/// The lines of a text without the white space around them; lines of white space only do not count (protocol.md 9).
struct LineIterator {
  private var position: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>

  init(_ text: ByteView) {
    position = text.start
    end = text.start + text.count
  }

  mutating func next() -> ByteView? {
    while position < end {
      // Looks at the bytes from `position` to `end` only.
      let lineEnd =
        memchr(position, 0x0A, end - position).map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) } ?? end
      var first = position
      var last = lineEnd
      while first < last, LineIterator.isBlank(first.pointee) { first += 1 }
      while first < last, LineIterator.isBlank((last - 1).pointee) { last -= 1 }
      position = lineEnd < end ? lineEnd + 1 : end
      if first < last { return ByteView(first, last - first) }
    }
    return nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
