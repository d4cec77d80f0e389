import ReplayTestSupport
import StorageProtocol

/// A log whose ids, metadata and numbers are hard for a database.
enum MirrorLog {
  /// What COPY, psql and SQL have meanings for; canonically equal text; what `text` of PostgreSQL cannot hold.
  static let ids: [[UInt8]] = [
    "", "\\N", "\\.", "\\=nodes", "tab\there", "line\nbreak", "carriage\rreturn", "back\\slash", "\\x00", "quote'\"",
    "\u{0}", "a\u{0}b", "caf\u{e9}", "cafe\u{301}", "\u{10348}", "\u{fb01}", "\u{8}\u{b}\u{c}\u{7f}", "$check$",
    "a,b;c", "NULL", " ", "a", "a ", "A", "\u{ffff}", "1", "10", "9",
  ].map { Array($0.utf8) }

  static let bytes = LogText.lines(entries)

  private static var entries: [String] {
    nodes + ids.enumerated().flatMap { index, id in stores(index, quoted(id)) } + [
      #"{"event_type":"EPOCH_ADVANCEMENT","epoch":-7}"#, store("\"late\"", "\(UInt64.max)", 64, tick: .min),
      #"{"event_type":"NODE_STATUS","node_id":"\\N","status":"revoked"}"#,
      #"{"event_type":"EPOCH_ADVANCEMENT","epoch":9223372036854775807}"#,
    ]
  }

  private static var nodes: [String] {
    ids.prefix(12).map { id in
      #"{"event_type":"NODE_REGISTRATION","node_id":\#(quoted(id)),"host":\#(quoted(id)),"port":-9000}"#
    }
  }

  /// Every id has versions on both sides of 2^63, one of them carried: metadata and Merkle roots are unknown.
  private static func stores(_ index: Int, _ id: String) -> [String] {
    let carried = """
      {"event_type":"STORE","object_id":\(id),"version":9223372036854775808,"hash_commit":"\(String(repeating: "0a", count: 32))",\
      "content_size":50,"atr_cost":"101.000000000000000000","timestamp_tick":-\(index)}
      """
    return [store(id, "\(UInt64.max - UInt64(index))", index * 3, tick: -5), store(id, "0", 1, tick: .max), carried]
  }

  private static func store(_ id: String, _ version: String, _ size: Int, tick: Int64) -> String {
    let metadata =
      #"{"b":1.50,"a":-0,"big":123456789012345678901234567890,"c":"\u0000\t\\N\u00e9e\u0301\ud800\udf48'","é":{"\\":[]}}"#
    let content = String(repeating: "QUFB", count: size / 3)
    return """
      {"event_type":"STORE","object_id":\(id),"version":\(version),"timestamp_tick":\(tick),"payload":{"metadata":\(metadata),\
      "content":"\(content)"}}
      """
  }

  private static func quoted(_ id: [UInt8]) -> String {
    String(decoding: JSONFormat.line.encode(.string(id)), as: UTF8.self)
  }
}
