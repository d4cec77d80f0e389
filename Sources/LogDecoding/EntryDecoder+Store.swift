internal import StorageProtocol

extension EntryDecoder {
  /// A STORE of either dialect: of the event dialect when it has a payload or a hash_commit that is not null.
  mutating func decodeStore(_ record: inout EntryRecord) throws(EntryFault) {
    record.kind = .store
    record.objectID = try identifier(.objectID, "object_id")
    record.version = try version()
    if let payload = member(.payload), !tape.isNull(payload) {
      guard tape.isObject(payload) else { throw .notObject("payload") }
      return try decodePayload(payload, &record)
    }
    guard let hashCommit = member(.hashCommit), !tape.isNull(hashCommit) else {
      return try decodeRunbookStore(&record)
    }
    try decodeCarriedStore(&record)
  }

  private mutating func decodeRunbookStore(_ record: inout EntryRecord) throws(EntryFault) {
    guard let contentBytes = try contentBytes() else { throw .missing("content_size") }
    record.contentBytes = contentBytes
    record.tick = try signed(.timestamp, "timestamp") ?? 0
    record.source = .placeholder
    record.metadata = placeholderMetadata(record.tick)
    record.metadataKeyCount = configuration.profile == .drill ? 3 : 2
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
    _ payload: JSONTape.Node, _ record: inout EntryRecord
  ) throws(EntryFault) {
    record.source = .payload
    // Two slots, one for each name.
    let (metadata, content) = withUnsafeTemporaryAllocation(of: JSONTape.Node.self, capacity: 2) { values in
      guard let found = values.baseAddress else { preconditionFailure("two slots were asked for") }
      tape.find(payloadNames, in: payload, found)
      return (found[PayloadField.metadata.rawValue], found[PayloadField.content.rawValue])
    }
    guard metadata != 0, tape.isObject(metadata) else { throw .metadata }
    let referred = try referredContent(payload, content)
    let decoded = if let referred { referred } else { DecodedContent(try inlineContent(content)) }
    record.content = decoded.bytes
    if decoded.isLost { record.source = .lost } else { record.flags.insert(.hasContent) }
    record.metadataKeyCount = UInt32(tape.count(metadata))
    tape.appendCanonical(metadata, shortestIntegers: false)
    record.metadata = tape.takeText(&arena)
    if let recorded = try contentBytes() {
      record.recordedContentBytes = recorded
      record.flags.insert(.hasContentBytes)
    }
    try decodeHashCommit(&record, allowsNull: false)
    record.contentBytes = decoded.byteCount
    try decodeEventFields(&record)
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

  private mutating func decodeCarriedStore(_ record: inout EntryRecord) throws(EntryFault) {
    record.source = .carried
    try decodeHashCommit(&record, allowsNull: false)
    guard let contentBytes = try contentBytes() else { throw .carriedStoreIncomplete }
    record.contentBytes = contentBytes
    record.recordedContentBytes = contentBytes
    record.flags.insert(.hasContentBytes)
    guard try decodeAtrCost(&record) else { throw .carriedStoreIncomplete }
    try decodeEventFields(&record)
  }

  /// What every STORE of the event dialect may have besides.
  private mutating func decodeEventFields(_ record: inout EntryRecord) throws(EntryFault) {
    record.flags.insert(.isEventDialect)
    try decodeEpoch(&record)
    _ = try decodeAtrCost(&record)
    try decodeShardIDs(&record)
    try decodeReplicaSets(&record)
    if let tick = try signed(.timestampTick, "timestamp_tick") {
      record.tick = tick
      record.flags.insert(.hasTick)
    }
    decodeRecordedEvent(&record)
  }

  /// - Returns: whether there is an `atr_cost`.
  private mutating func decodeAtrCost(_ record: inout EntryRecord) throws(EntryFault) -> Bool {
    guard let node = member(.atrCost) else { return false }
    guard tape.isString(node) else { throw .notString("atr_cost") }
    record.atrCost = tape.bytes(node, &arena)
    record.flags.insert(.hasAtrCost)
    return true
  }
}
