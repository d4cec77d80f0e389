internal import StorageProtocol

extension EntryDecoder {
  /// PROOF_GENERATED (protocol.md 7): always of the event dialect; `replica_sets` has the requested shard only.
  mutating func decodeProofGenerated(_ record: inout EntryRecord) throws(EntryFault) {
    try decodeProof(&record)
    record.kind = .proofGenerated
    try decodeHashCommit(&record, allowsNull: true)
    try decodeReplicaSets(&record)
    guard record.replicaSets.count == 1 else { throw .requestedShards }
    try decodeShardIDs(&record)
    decodeRecordedEvent(&record)
  }

  mutating func decodeProofFailed(_ record: inout EntryRecord) throws(EntryFault) {
    try decodeProof(&record)
    record.kind = .proofFailed
    decodeRecordedEvent(&record)
  }

  private mutating func decodeProof(_ record: inout EntryRecord) throws(EntryFault) {
    record.flags.insert(.isEventDialect)
    record.objectID = try identifier(.objectID, "object_id")
    record.version = try version()
    try decodeEpoch(&record)
  }
}
