internal import StorageProtocol

extension EntryDecoder {
  /// PROOF_GENERATED (protocol.md 7): always of the event dialect; `replica_sets` has the requested shard only.
  mutating func decodeProofGenerated(_ record: inout EntryRecord, _ arena: inout ByteArena) throws(EntryFault) {
    try decodeProof(&record, &arena)
    record.kind = .proofGenerated
    try decodeHashCommit(&record, allowsNull: true, &arena)
    try decodeReplicaSets(&record, &arena)
    guard record.replicaSets.count == 1 else { throw .requestedShards }
    try decodeShardIDs(&record, &arena)
    decodeRecordedEvent(&record, &arena)
  }

  mutating func decodeProofFailed(_ record: inout EntryRecord, _ arena: inout ByteArena) throws(EntryFault) {
    try decodeProof(&record, &arena)
    record.kind = .proofFailed
    decodeRecordedEvent(&record, &arena)
  }

  private mutating func decodeProof(_ record: inout EntryRecord, _ arena: inout ByteArena) throws(EntryFault) {
    record.flags.insert(.isEventDialect)
    record.objectID = try identifier(.objectID, "object_id", &arena)
    record.version = try version()
    try decodeEpoch(&record)
  }
}
