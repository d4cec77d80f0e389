internal import StorageProtocol

extension EntryDecoding {
  /// A STORE of either dialect: of the event dialect when it has a payload or a hash_commit that is not null.
  func store(_ form: EntryForm) throws(EntryFault) -> StoreEntry {
    let objectID = try form.identifier("object_id")
    let version = try form.version()
    let payload = try form.payload()
    if let payload { return try payloadStore(form, objectID, version, payload) }
    let hashCommit = form.object["hash_commit"] ?? .null
    return hashCommit.isNull
      ? try runbookStore(form, objectID, version) : try carriedStore(form, objectID, version)
  }

  private func runbookStore(
    _ form: EntryForm, _ objectID: Identifier, _ version: ObjectVersion
  ) throws(EntryFault) -> StoreEntry {
    guard let contentBytes = try contentBytesIfPresent(form) else {
      throw EntryFault.missing("content_size")
    }
    let timestamp = try form.signedIfPresent("timestamp") ?? 0
    return StoreEntry(
      objectID: objectID, version: version, tick: Tick(timestamp), contentBytes: contentBytes,
      source: .placeholder, metadata: configuration.profile.metadata(timestamp: timestamp), recorded: nil)
  }

  private func payloadStore(
    _ form: EntryForm, _ objectID: Identifier, _ version: ObjectVersion, _ payload: JSONObject
  ) throws(EntryFault) -> StoreEntry {
    guard let metadata = payload["metadata"]?.objectValue else {
      throw EntryFault.metadata
    }
    guard let text = payload["content"]?.stringBytes else {
      throw EntryFault.contentNotString
    }
    try EntryForm.check(UInt64(Base64.decodedByteCount(text)), atMost: configuration.contentBytesMax)
    guard let content = Base64.decode(text) else {
      throw EntryFault.contentNotBase64
    }
    _ = try contentBytesIfPresent(form)
    _ = try form.hashCommitIfPresent(allowsNull: false)
    return try eventStore(
      form, objectID, version, contentBytes: UInt64(content.count), source: .payload(content: content),
      metadata: metadata)
  }

  private func carriedStore(
    _ form: EntryForm, _ objectID: Identifier, _ version: ObjectVersion
  ) throws(EntryFault) -> StoreEntry {
    guard let hashCommit = try form.hashCommitIfPresent(allowsNull: false),
      let contentBytes = try contentBytesIfPresent(form), let atrCost = try form.textIfPresent("atr_cost")
    else { throw EntryFault.carriedStoreIncomplete }
    return try eventStore(
      form, objectID, version, contentBytes: contentBytes,
      source: .carried(hashCommit: hashCommit, atrCost: atrCost), metadata: JSONObject([]))
  }

  private func eventStore(
    _ form: EntryForm, _ objectID: Identifier, _ version: ObjectVersion, contentBytes: UInt64,
    source: StoreEntry.Source, metadata: JSONObject
  ) throws(EntryFault) -> StoreEntry {
    _ = try form.signedIfPresent("epoch")
    _ = try form.textIfPresent("atr_cost")
    _ = try form.shardIDsIfPresent()
    _ = try form.replicaSetsIfPresent()
    let tick = try form.signedIfPresent("timestamp_tick") ?? 0
    return StoreEntry(
      objectID: objectID, version: version, tick: Tick(tick), contentBytes: contentBytes, source: source,
      metadata: metadata, recorded: RecordedEvent(in: form.object))
  }

  private func contentBytesIfPresent(_ form: EntryForm) throws(EntryFault) -> UInt64? {
    try form.contentBytesIfPresent(atMost: configuration.contentBytesMax)
  }
}
