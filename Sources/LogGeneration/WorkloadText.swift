internal import StorageProtocol

/// Text of a log that is being written, in one form. No string of a workload needs an escape.
struct WorkloadText {
  private static let blankDigits = [UInt8](repeating: 0, count: 2 * Digest.byteCount)

  private(set) var bytes: [UInt8] = []
  private let form: WorkloadForm
  private let nodes: WorkloadNodes

  init(_ form: WorkloadForm, _ nodes: WorkloadNodes) {
    self.form = form
    self.nodes = nodes
  }

  var count: Int { bytes.count }

  /// Forgets the text, keeping the memory.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ text: [UInt8]) { bytes += text }

  mutating func append(_ literal: StaticString) {
    // A static string has so many bytes at its start, for ever.
    bytes += UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  mutating func append(_ number: Int) {
    precondition(number >= 0, "a workload has no negative numbers")
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  mutating func append(_ digest: Digest) {
    let start = bytes.count
    bytes += WorkloadText.blankDigits
    set(digest, at: start)
  }

  /// Puts the digits of `digest` in place of the 64 bytes at `position`.
  mutating func set(_ digest: Digest, at position: Int) {
    precondition(position + 2 * Digest.byteCount <= bytes.count, "there is room for 64 digits")
    bytes.withUnsafeMutableBytes { text in
      guard let start = text.baseAddress else { return }
      digest.storeHexadecimal(to: start + position)
    }
  }

  // MARK: Events

  /// Appends the 13 fields, without the brace that closes them.
  mutating func append(_ event: WorkloadEvent) {
    for (field, before) in form.fields {
      bytes += before
      append(field, of: event)
    }
  }

  private mutating func append(_ field: StorageEvent.Field, of event: WorkloadEvent) {
    switch field {
    case .eventType: appendQuoted(Array(event.type.rawValue.utf8))
    case .epoch: append(event.epoch)
    case .timestampTick: append(event.tick)
    case .objectID: if let id = event.objectID { appendQuoted(id) } else { append("null") }
    case .version: if let version = event.version { append(version) } else { append("null") }
    case .hashCommit: if let commit = event.hashCommit { appendQuoted(commit) } else { append("null") }
    case .contentSize: append(event.contentBytes)
    case .shardIDs: appendShardIDs(event.shards)
    case .replicaSets: appendReplicaSets(event)
    case .atrCost: appendQuoted(event.atrCost)
    case .pqcSignature: append("null")
    case .errorCode: append(event.type == .proofFailed ? #""SE_ERR_PROOF_UNAVAILABLE""# : "null")
    case .errorDetail: append(event.type == .proofFailed ? #""Proof generation failed""# : "null")
    }
  }

  private mutating func appendQuoted(_ text: [UInt8]) {
    append("\"")
    append(text)
    append("\"")
  }

  private mutating func appendQuoted(_ digest: Digest) {
    append("\"")
    append(digest)
    append("\"")
  }

  private mutating func appendShardIDs(_ shards: [WorkloadEvent.Shard]) {
    append("[")
    for (index, shard) in shards.enumerated() {
      if index > 0 { bytes += form.comma }
      appendQuoted(shard.id)
    }
    append("]")
  }

  private mutating func appendReplicaSets(_ event: WorkloadEvent) {
    if case .registration(let node) = event.replicaSets { return appendRegistration(node) }
    let shards = form.sortsShards && event.shards.count > 1 ? event.shards.sorted { $0.id < $1.id } : event.shards
    append("{")
    for (index, shard) in shards.enumerated() {
      if index > 0 { bytes += form.comma }
      appendQuoted(shard.id)
      bytes += form.colon
      append("[")
      for replica in 0..<WorkloadNodes.replicaCount {
        if replica > 0 { bytes += form.comma }
        bytes += nodes.quotedIDs[(shard.firstNode + replica) % nodes.count]
      }
      append("]")
    }
    append("}")
  }

  private mutating func appendRegistration(_ node: Int) {
    let host = Array("\"10.\(1 + node >> 16).\(node >> 8 & 255).\(node & 255)\"".utf8)
    append("{")
    for (index, member) in [("host", host), ("node_id", nodes.quotedIDs[node]), ("port", Array("9100".utf8))]
      .enumerated()
    {
      if index > 0 { bytes += form.comma }
      append(Array("\"\(member.0)\"".utf8) + form.colon + member.1)
    }
    append("}")
  }
}

/// The nodes of a workload: active from its start to its end, so that all of them are always eligible.
struct WorkloadNodes {
  static let replicaCount = GovernedConstants().replicationFactor

  /// In the order of the ids, which is that of their numbers because all are as long: `"node-07"`.
  let quotedIDs: [[UInt8]]

  var count: Int { quotedIDs.count }

  init(count: Int) {
    let digitCount = max(2, "\(count - 1)".utf8.count)
    quotedIDs = (0..<count).map { node in
      let digits = "\(node)"
      return Array("\"node-\(String(repeating: "0", count: digitCount - digits.utf8.count))\(digits)\"".utf8)
    }
  }
}
