internal import GoldenRun
internal import StorageProtocol

extension EntryFinding {
  /// The finding as a line of `--rejects`: the object that a result lists, with `kind` in front and the entry's text behind it.
  ///
  /// ASCII; the text comes back byte for byte from its JSON string, for a log is UTF-8.
  var line: [UInt8] {
    var json = object
    json.add("kind", .text(name), inFront: true)
    if let text { json.add("raw", .string(text)) }
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

  private var object: JSONObject {
    switch kind {
    case .rejected(let fault): Rejection(ordinal: ordinal, byteOffset: byteOffset, fault: fault).json
    case .unsupported(let type):
      JSONObject([
        "ordinal": .integer(ordinal.value), "byte_offset": .integer(byteOffset), "event_type": .string(type.bytes),
      ])
    // Where a whole frame is lost, nobody knows where in it an entry began.
    case .lost:
      JSONObject([
        "ordinal": .integer(ordinal.value), "byte_offset": text == nil ? .null : .integer(byteOffset),
      ])
    case .diverged(let divergence): divergence.json
    }
  }
}

extension GoldenReplay.Step {
  /// Everything that was found wrong with the entry.
  func findings(accepting list: AcceptList?) -> [EntryFinding] {
    var kinds = entry.divergences.map(EntryFinding.Kind.diverged)
    if let fault = entry.fault { kinds.append(.rejected(fault)) }
    if let type = entry.unsupportedType { kinds.append(.unsupported(type)) }
    return kinds.map { kind in
      EntryFinding(kind, ordinal: ordinal, byteOffset: byteOffset, text: text, accepting: list)
    }
  }
}
