internal import StorageProtocol

extension EntryDecoder {
  /// PROOF_GENERATED (protocol.md 7): always of the event dialect; `replica_sets` has the requested shard only.
  mutating func decodeProofGenerated(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    try decodeProof(record)
    record.pointee.kind = .proofGenerated
    try decodeHashCommit(record, allowsNull: true)
    try decodeReplicaSets(record)
    guard record.pointee.replicaSets.count == 1 else { throw .requestedShards }
    try decodeShardIDs(record)
    decodeRecordedEvent(record)
  }

  mutating func decodeProofFailed(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    try decodeProof(record)
    record.pointee.kind = .proofFailed
    decodeRecordedEvent(record)
  }

  private mutating func decodeProof(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault) {
    record.pointee.flags.insert(.isEventDialect)
    record.pointee.objectID = try identifier(.objectID, "object_id")
    record.pointee.version = try version()
    try decodeEpoch(record)
  }
}
