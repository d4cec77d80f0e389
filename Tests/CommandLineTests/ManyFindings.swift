import ReplayTestSupport
import StorageProtocol
import Testing

/// Entries of which a log has more than a list in a result has room for.
enum ManyFindings {
  private static let hash = String(repeating: "a", count: 64)
  private static let shard = ObjectNaming.shardID(
    object: Identifier("o"), version: ObjectVersion(1), index: 0
  ).hexadecimal

  /// The object that ``proof`` is of.
  static let store = #"{"event_type":"STORE","object_id":"o","version":1,"content_size":1}"#

  /// Diverges where the object is.
  static let proof =
    #"{"event_type":"PROOF_GENERATED","object_id":"x","version":1,"epoch":0,"shard_ids":["\#(shard)"],"hash_commit":"\#(hash)","replica_sets":{"\#(shard)":[]}}"#

  /// A carried STORE of an epoch that never was.
  static func diverging(_ number: Int) -> String {
    #"{"event_type":"STORE","object_id":"c\#(number)","version":1,"content_size":0,"epoch":7,"atr_cost":"0.000000000000000000","hash_commit":"\#(hash)"}"#
  }
}

extension JSONObject {
  /// A member that is a number.
  func count(_ name: String) throws -> Int { try #require(required(name).integer(as: Int.self)) }
}
