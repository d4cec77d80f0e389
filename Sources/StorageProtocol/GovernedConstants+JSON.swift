extension GovernedConstants {
  /// The constants as evidence, golden traces and archives record them.
  package var json: JSONValue {
    .members([
      "BLOCK_SIZE_BYTES": .integer(chunkBytes), "REPLICATION_FACTOR": .integer(replicationFactor),
      "MERKLE_BLOCK_BYTES": .integer(merkleBlockBytes), "SCHEMA_VERSION": .text(schemaVersion),
      "ATR_COST_PER_KIB": .integer(atrCostPerKibibyte),
    ])
  }
}
