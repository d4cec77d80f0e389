internal import StorageProtocol

/// Reads fields of an entry and refuses what has the wrong form (protocol.md 10).
struct EntryForm {
  let object: JSONObject

  func identifier(_ name: String) throws(EntryFault) -> Identifier {
    guard let value = object[name] else { throw EntryFault.missing(name) }
    guard let bytes = value.stringBytes else { throw EntryFault.notString(name) }
    return Identifier(bytes: bytes)
  }

  func identifier(_ name: String, default text: String) throws(EntryFault) -> Identifier {
    object[name] == nil ? Identifier(text) : try identifier(name)
  }

  func version() throws(EntryFault) -> ObjectVersion {
    guard let value = object["version"]?.integer(as: UInt64.self) else {
      throw EntryFault.version
    }
    return ObjectVersion(value)
  }

  func signed(_ name: String) throws(EntryFault) -> Int64 {
    guard let value = try signedIfPresent(name) else { throw EntryFault.missing(name) }
    return value
  }

  func signedIfPresent(_ name: String) throws(EntryFault) -> Int64? {
    guard let value = object[name] else { return nil }
    guard let integer = value.integer(as: Int64.self) else {
      throw EntryFault.notSigned64(name)
    }
    return integer
  }

  func contentBytesIfPresent(atMost bytesMax: UInt64) throws(EntryFault) -> UInt64? {
    guard let value = object["content_size"] else { return nil }
    guard let size = value.integer(as: UInt64.self) else {
      throw EntryFault.notNatural("content_size")
    }
    try EntryForm.check(size, atMost: bytesMax)
    return size
  }

  static func check(_ contentBytes: UInt64, atMost bytesMax: UInt64) throws(EntryFault) {
    guard contentBytes <= bytesMax else {
      throw EntryFault.contentTooLarge(contentBytes, bytesMax: bytesMax)
    }
  }

  /// - Parameter allowsNull: whether `null` counts as absent.
  func hashCommitIfPresent(allowsNull: Bool) throws(EntryFault) -> Digest? {
    guard let value = object["hash_commit"], !(allowsNull && value.isNull) else { return nil }
    guard let digest = value.stringBytes.flatMap(Digest.init(hexadecimal:)) else {
      throw EntryFault.hashCommit
    }
    return digest
  }

  func textIfPresent(_ name: String) throws(EntryFault) -> [UInt8]? {
    guard let value = object[name] else { return nil }
    guard let bytes = value.stringBytes else { throw EntryFault.notString(name) }
    return bytes
  }

  func shardIDsIfPresent() throws(EntryFault) -> [[UInt8]]? {
    guard let value = object["shard_ids"] else { return nil }
    return try EntryForm.strings(value, "shard_ids")
  }

  /// The recorded placement: node ids by shard id, in the order of the text.
  func replicaSetsIfPresent() throws(EntryFault) -> [(shardID: [UInt8], nodes: [Identifier])]? {
    guard let value = object["replica_sets"] else { return nil }
    guard let sets = value.objectValue else { throw EntryFault.notObject("replica_sets") }
    var placements: [(shardID: [UInt8], nodes: [Identifier])] = []
    for member in sets.members {
      let nodes = try EntryForm.strings(member.value, "a set in replica_sets")
      placements.append((member.key, nodes.map(Identifier.init(bytes:))))
    }
    return placements
  }

  private static func strings(_ value: JSONValue, _ name: String) throws(EntryFault) -> [[UInt8]] {
    guard let elements = value.elements else { throw EntryFault.notList(name) }
    var strings: [[UInt8]] = []
    for element in elements {
      guard let bytes = element.stringBytes else { throw EntryFault.notListOfStrings(name) }
      strings.append(bytes)
    }
    return strings
  }

  /// The payload; nil where there is none, or null.
  func payload() throws(EntryFault) -> JSONObject? {
    guard let value = object["payload"], !value.isNull else { return nil }
    guard let payload = value.objectValue else { throw EntryFault.notObject("payload") }
    return payload
  }
}
