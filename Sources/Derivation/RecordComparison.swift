package import StorageProtocol

/// What an entry of the event dialect emits, and in what its record is not what the log gives (protocol.md 9, step 2).
///
/// For the few entries whose columns do not settle that: it works on JSON values.
package struct RecordComparison {
  /// The id of the event to emit: the proven one; else the recorded event, completed, where a compared field differs; else
  /// the derived one.
  package let eventID: Digest
  /// Canonical JSON of that event.
  package let eventText: [UInt8]
  /// By field name.
  package let divergences: [Divergence]

  /// - Parameters:
  ///   - provenID: the recorded id, where the record hashes to it.
  ///   - compared: the fields that the log lets a replay derive.
  ///   - isObjectUnknown: whether the record names an object that nobody stored.
  package init(
    recorded: EventFields, derived: EventFields, provenID: Digest?, compared: [StorageEvent.Field], ordinal: Ordinal,
    epoch: Epoch, isObjectUnknown: Bool = false
  ) {
    var found: [(field: String, recorded: JSONValue?, derived: JSONValue?)] =
      recorded.differences(from: derived).filter(compared.contains).map { ($0.rawValue, recorded[$0], derived[$0]) }
    if isObjectUnknown { found.append((Divergence.unknownObjectField, recorded[.objectID], nil)) }
    found.sort { $0.field.utf8.lexicographicallyPrecedes($1.field.utf8) }
    let emitted =
      provenID != nil ? recorded : found.isEmpty ? derived : recorded.completed(by: derived)
    eventText = JSONFormat.canonical.encode(emitted.json)
    eventID = provenID ?? Digest.sha3(eventText)
    divergences = found.map { item in
      Divergence(
        ordinal: ordinal, epoch: epoch, objectID: emitted[.objectID], version: emitted[.version], field: item.field,
        recorded: item.recorded, derived: item.derived)
    }
  }
}

extension EventFields {
  /// What a PROOF_GENERATED of `recorded` is by the state: as recorded where the object, or the shard, is not known
  /// (protocol.md 7).
  package static func proofGenerated(
    recorded: EventFields, object: StoredObject?, shard: StoredObject.Shard?, epoch: Epoch
  ) -> EventFields {
    var derived = EventFields(eventType: .proofGenerated, epoch: epoch)
    for field in [StorageEvent.Field.objectID, .version, .replicaSets] { derived[field] = recorded[field] }
    for field in [StorageEvent.Field.shardIDs, .hashCommit] { derived[field] = recorded[field] ?? derived[field] }
    guard let object else { return derived }
    derived[.objectID] = .string(ObjectNaming.redacted(object.id))
    derived[.version] = .integer(object.version.value)
    derived[.shardIDs] = .array(object.shardIDs.map(JSONValue.hexadecimal))
    derived[.hashCommit] = .hexadecimal(object.hashCommit)
    guard let shard else { return derived }
    derived[.replicaSets] = .object(
      JSONObject([(shard.id.hexadecimalBytes, .array(shard.assignedNodes.map { .string($0.bytes) }))]))
    return derived
  }

  /// What a PROOF_FAILED says (protocol.md 7).
  package static func proofFailed(recorded: EventFields, epoch: Epoch) -> EventFields {
    var derived = EventFields(eventType: .proofFailed, epoch: epoch)
    derived[.objectID] = recorded[.objectID]
    derived[.version] = recorded[.version]
    derived[.errorCode] = .text("SE_ERR_PROOF_UNAVAILABLE")
    derived[.errorDetail] = .text("Proof generation failed")
    return derived
  }
}

extension StorageEvent.Field {
  /// What of a PROOF_GENERATED is compared.
  package static let comparedInProofs: [StorageEvent.Field] = [
    .epoch, .objectID, .version, .shardIDs, .hashCommit, .replicaSets,
  ]
}
