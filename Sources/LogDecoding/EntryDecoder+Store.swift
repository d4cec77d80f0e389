internal import StorageProtocol

extension EntryDecoder {
  /// A STORE of either dialect: of the event dialect when it has a payload or a hash_commit that is not null.
  mutating func decodeStore(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    record.pointee.kind = .store
    record.pointee.objectID = try identifier(.objectID, "object_id")
    record.pointee.version = try version()
    if let payload = member(.payload), !tape.isNull(payload) {
      guard tape.isObject(payload) else { throw .notObject("payload") }
      return try decodePayload(payload, record)
    }
    guard let hashCommit = member(.hashCommit), !tape.isNull(hashCommit) else {
      return try decodeRunbookStore(record)
    }
    try decodeCarriedStore(record)
  }

  private mutating func decodeRunbookStore(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    guard let contentBytes = try contentBytes() else { throw .missing("content_size") }
    record.pointee.contentBytes = contentBytes
    record.pointee.tick = try signed(.timestamp, "timestamp") ?? 0
    record.pointee.source = .placeholder
    record.pointee.metadata = placeholderMetadata(record.pointee.tick)
    record.pointee.metadataKeyCount = configuration.profile == .drill ? 3 : 2
  }

  private mutating func placeholderMetadata(_ tick: Int64) -> ByteView {
    var text = TextWriter(&arena, capacity: 80)
    switch configuration.profile {
    case .runbook: text.append(#"{"replay":true,"timestamp":"#)
    case .drill: text.append(#"{"replay":true,"source":"replay_drill","timestamp":"#)
    }
    text.append(tick)
    text.append("}")
    return text.view(in: &arena)
  }

  private mutating func decodePayload(
    _ payload: JSONTape.Node, _ record: UnsafeMutablePointer<EntryRecord>
  ) throws(EntryFault) {
    record.pointee.source = .payload
    // Two slots, one for each name.
    let (metadata, content) = withUnsafeTemporaryAllocation(of: JSONTape.Node.self, capacity: 2) { values in
      guard let found = values.baseAddress else { preconditionFailure("two slots were asked for") }
      tape.find(payloadNames, in: payload, found)
      return (found[PayloadField.metadata.rawValue], found[PayloadField.content.rawValue])
    }
    guard metadata != 0, tape.isObject(metadata) else { throw .metadata }
    let referred = try referredContent(payload, content)
    let decoded = if let referred { referred } else { DecodedContent(try inlineContent(content)) }
    record.pointee.content = decoded.bytes
    if decoded.isLost { record.pointee.source = .lost } else { record.pointee.flags.insert(.hasContent) }
    record.pointee.metadataKeyCount = UInt32(tape.count(metadata))
    tape.appendCanonical(metadata, shortestIntegers: false)
    record.pointee.metadata = tape.takeText(&arena)
    if let recorded = try contentBytes() {
      record.pointee.recordedContentBytes = recorded
      record.pointee.flags.insert(.hasContentBytes)
    }
    try decodeHashCommit(record, allowsNull: false)
    record.pointee.contentBytes = decoded.byteCount
    try decodeEventFields(record)
  }

  private mutating func inlineContent(_ content: JSONTape.Node) throws(EntryFault) -> ByteView {
    guard content != 0, tape.isString(content) else { throw .contentNotString }
    let text = tape.bytes(content, &arena)
    try check(UInt64(EntryDecoder.decodedBytes(text)))
    guard let decoded = JSONTape.base64(text, &arena) else { throw .contentNotBase64 }
    return decoded
  }

  /// The number of bytes that `text` decodes to, if it is base64 at all: an upper bound in any case.
  private static func decodedBytes(_ text: ByteView) -> Int {
    var padding = 0
    while padding < min(2, text.count), text.start[text.count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
    return max(0, text.count / 4 * 3 - padding)
  }

  private mutating func decodeCarriedStore(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    record.pointee.source = .carried
    try decodeHashCommit(record, allowsNull: false)
    guard let contentBytes = try contentBytes() else { throw .carriedStoreIncomplete }
    record.pointee.contentBytes = contentBytes
    record.pointee.recordedContentBytes = contentBytes
    record.pointee.flags.insert(.hasContentBytes)
    guard try decodeAtrCost(record) else { throw .carriedStoreIncomplete }
    try decodeEventFields(record)
  }

  /// What every STORE of the event dialect may have besides.
  private mutating func decodeEventFields(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    record.pointee.flags.insert(.isEventDialect)
    try decodeEpoch(record)
    _ = try decodeAtrCost(record)
    try decodeShardIDs(record)
    try decodeReplicaSets(record)
    if let tick = try signed(.timestampTick, "timestamp_tick") {
      record.pointee.tick = tick
      record.pointee.flags.insert(.hasTick)
    }
    decodeRecordedEvent(record)
  }

  /// - Returns: whether there is an `atr_cost`.
  private mutating func decodeAtrCost(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) -> Bool {
    guard let node = member(.atrCost) else { return false }
    guard tape.isString(node) else { throw .notString("atr_cost") }
    record.pointee.atrCost = tape.bytes(node, &arena)
    record.pointee.flags.insert(.hasAtrCost)
    return true
  }
}
