/// Entries that a replay rejects or does not know, one of each kind that a log can hold and stay JSON.
enum WorkloadFaults {
  private static let lines: [StaticString] = [
    #"{"event_type": "STORE", "object_id": "fault", "version": -1, "content_size": 1}"#,
    #"{"event_type": "STORE", "object_id": "fault", "version": 1, "content_size": 1.5}"#,
    #"{"event_type": "STORE", "object_id": 7, "version": 1, "content_size": 1}"#,
    #"{"event_type": "STORE", "object_id": "fault", "version": 1}"#,
    #"{"event_type": "STORE", "object_id": "fault", "version": 1, "payload": {"metadata": {}, "content": "?"}}"#,
    #"{"event_type": "STORE", "object_id": "fault", "version": 1, "payload": {"metadata": {}, "content": "QUJD"}, "content_size": 4}"#,
    #"{"event_type": "STORE", "object_id": "\ud800", "version": 1, "content_size": 1}"#,
    #"{"event_type": "STORE", "object_id": "fault", "version": 1, "version": 1, "content_size": 1}"#,
    #"{"event_type": "NODE_STATUS", "node_id": "fault", "status": "asleep"}"#,
    #"{"event_type": "NODE_REGISTRATION", "host": "localhost"}"#,
    #"{"event_type": "AEGIS_CONTEXT", "payload": {"registry_snapshot": {}}}"#,
    #"{"event_type": "EPOCH_ADVANCEMENT", "epoch": "1"}"#, #"{"event_type": "FAULT_OF_NO_TYPE"}"#,
    #"{"type": "STORE"}"#,
    "[1, 2]", "null",
  ]

  static var count: Int { lines.count }

  static func line(_ number: Int) -> StaticString { lines[number] }
}
