internal import GoldenRun
internal import StorageProtocol

extension EntryFinding {
  /// The finding as a line of `--rejects`: the object that a result lists, with `kind` in front and the entry's text behind it.
  ///
  /// ASCII; the text comes back byte for byte from its JSON string, for a log is UTF-8.
  var line: [UInt8] {
    var json = object
    json.add("kind", .text(name), inFront: true)
    if let text { json.add("raw", .string(text.bytes)) }
    if isAccepted { json.add("accepted", .boolean(true)) }
    return JSONFormat.line.encode(.object(json)) + [UInt8(ascii: "\n")]
  }

  private var name: String {
    switch kind {
    case .rejected: "rejected"
    case .unsupported: "unsupported"
    case .lost: "lost"
    case .diverged: "diverged"
    }
  }

  /// Of a divergence both values are there: the rest of the entry has no part in it.
  private var text: EntryText? {
    switch kind {
    case .rejected(_, let text), .unsupported(_, let text): text
    case .lost(let text): text
    case .diverged: nil
    }
  }

  private var object: JSONObject {
    switch kind {
    case .rejected(let fault, let text):
      Rejection(ordinal: ordinal, byteOffset: text.byteOffset, fault: fault).json
    case .unsupported(let type, let text):
      JSONObject([
        "ordinal": .integer(ordinal.value), "byte_offset": .integer(text.byteOffset),
        "event_type": .string(type.bytes),
      ])
    // Where a whole frame is lost, nobody knows where in it an entry began.
    case .lost(let text):
      JSONObject([
        "ordinal": .integer(ordinal.value), "byte_offset": text.map { .integer($0.byteOffset) } ?? .null,
      ])
    case .diverged(let divergence): divergence.json
    }
  }
}

extension GoldenReplay.Step {
  /// Everything that was found wrong with the entry.
  func findings(accepting list: AcceptList?) -> [EntryFinding] {
    var kinds = entry.divergences.map(EntryFinding.Kind.diverged)
    if let fault = entry.fault { kinds.append(.rejected(fault, text)) }
    if let type = entry.unsupportedType { kinds.append(.unsupported(type, text)) }
    return kinds.map { EntryFinding($0, at: ordinal, accepting: list) }
  }
}
