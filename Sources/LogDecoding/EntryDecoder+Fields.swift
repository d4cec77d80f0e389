internal import StorageProtocol

/// Fields of an entry, and the refusal of what has the wrong form (protocol.md 10).
extension EntryDecoder {
  mutating func identifier(
    _ field: EntryField, _ name: String
  ) throws(EntryFault) -> ByteView {
    guard let node = member(field) else { throw .missing(name) }
    guard tape.isString(node) else { throw .notString(name) }
    return tape.bytes(node, &arena)
  }

  func version() throws(EntryFault) -> UInt64 {
    guard let node = member(.version), let version = tape.unsigned(node) else { throw .version }
    return version
  }

  func signed(_ field: EntryField, _ name: String) throws(EntryFault) -> Int64? {
    guard let node = member(field) else { return nil }
    guard let value = tape.signed(node) else { throw .notSigned64(name) }
    return value
  }

  func contentBytes() throws(EntryFault) -> UInt64? {
    guard let node = member(.contentSize) else { return nil }
    guard let bytes = tape.unsigned(node) else { throw .notNatural("content_size") }
    try check(bytes)
    return bytes
  }

  func check(_ contentBytes: UInt64) throws(EntryFault) {
    guard contentBytes <= configuration.contentBytesMax else {
      throw .contentTooLarge(contentBytes, bytesMax: configuration.contentBytesMax)
    }
  }

  func decodeEpoch(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    guard let epoch = try signed(.epoch, "epoch") else { return }
    record.pointee.epoch = epoch
    record.pointee.flags.insert(.hasEpoch)
  }

  /// - Parameter allowsNull: whether `null` counts as absent.
  mutating func decodeHashCommit(
    _ record: UnsafeMutablePointer<EntryRecord>, allowsNull: Bool
  ) throws(EntryFault) {
    guard let node = member(.hashCommit), !(allowsNull && tape.isNull(node)) else { return }
    guard tape.isString(node), let digest = digest(node) else { throw .hashCommit }
    record.pointee.hashCommit = digest
    record.pointee.flags.insert(.hasHashCommit)
  }

  /// The digest that a string spells in lowercase hexadecimal, or nil.
  private mutating func digest(_ node: JSONTape.Node) -> Digest? {
    let text = tape.bytes(node, &arena)
    return text.count == 2 * Digest.byteCount ? JSONTape.digest(text.start) : nil
  }

  mutating func decodeShardIDs(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    guard let list = member(.shardIDs) else { return }
    guard tape.isArray(list) else { throw .notList("shard_ids") }
    let count = tape.count(list)
    let ids = arena.allocate(Digest.self, count)
    var areDigests = true
    var node = list + 1
    for index in 0..<count {
      guard tape.isString(node) else { throw .notListOfStrings("shard_ids") }
      let id = digest(node)
      if id == nil { areDigests = false }
      if index == 0, id != nil { record.pointee.flags.insert(.firstShardIDIsDigest) }
      // `index` is below `count`.
      (ids + index).initialize(to: id ?? .zero)
      node = tape.next(node)
    }
    record.pointee.shardIDs = UnsafeBufferPointer(start: ids, count: count)
    record.pointee.flags.insert(.hasShardIDs)
    if areDigests { record.pointee.flags.insert(.shardIDsAreDigests) }
  }

  mutating func decodeReplicaSets(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    guard let object = member(.replicaSets) else { return }
    guard tape.isObject(object) else { throw .notObject("replica_sets") }
    let count = tape.count(object)
    let sets = arena.allocate(ReplicaSet.self, count)
    var key = object + 1
    for index in 0..<count {
      let shard = digest(key)
      let nodes = try nodeList(key + 1)
      // `index` is below `count`.
      (sets + index).initialize(to: ReplicaSet(shard: shard ?? .zero, isDigest: shard != nil, nodes: nodes))
      key = tape.next(key + 1)
    }
    record.pointee.replicaSets = UnsafeBufferPointer(start: sets, count: count)
    record.pointee.flags.insert(.hasReplicaSets)
  }

  private mutating func nodeList(
    _ list: JSONTape.Node
  ) throws(EntryFault) -> UnsafeBufferPointer<ByteView> {
    guard tape.isArray(list) else { throw .notList("a set in replica_sets") }
    let count = tape.count(list)
    let nodes = arena.allocate(ByteView.self, count)
    var node = list + 1
    for index in 0..<count {
      guard tape.isString(node) else { throw .notListOfStrings("a set in replica_sets") }
      // `index` is below `count`.
      (nodes + index).initialize(to: tape.bytes(node, &arena))
      node = tape.next(node)
    }
    return UnsafeBufferPointer(start: nodes, count: count)
  }

  /// Keeps the recorded id, and the canonical text of the 13 fields that it must hash.
  mutating func decodeRecordedEvent(_ record: UnsafeMutablePointer<EntryRecord>) {
    guard let id = member(.eventID) else { return }
    record.pointee.flags.insert(.hasEventID)
    if tape.isString(id), let digest = digest(id) {
      record.pointee.eventID = digest
      record.pointee.flags.insert(.eventIDIsDigest)
    }
    guard eventMembers.areAll(in: members) else { return }
    record.pointee.flags.insert(.recordIsComplete)
    record.pointee.eventText = tape.canonicalObject(eventMembers, members, &arena)
  }
}
