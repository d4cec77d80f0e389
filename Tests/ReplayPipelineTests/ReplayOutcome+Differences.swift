import LogReading
import StateCommitment
import StorageProtocol

/// Which fields differ, a short line each: a whole result would fill pages.
extension ReplayOutcome {
  func differences(from golden: ReplayOutcome) -> [String] {
    var found = Differences()
    found.compare("entries.applied", result.entries.applied, golden.result.entries.applied)
    found.compare("entries.diverged", result.entries.diverged, golden.result.entries.diverged)
    found.compare("entries.acknowledged", result.entries.acknowledged, golden.result.entries.acknowledged)
    found.compare(
      "entries.rejections", result.entries.rejections.map { "\($0.count) \($0.code.rawValue)" },
      golden.result.entries.rejections.map { "\($0.count) \($0.code.rawValue)" })
    found.compare(
      "entries.unsupportedTypes", result.entries.unsupportedTypes.map { "\($0.count) \($0.type.text)" },
      golden.result.entries.unsupportedTypes.map { "\($0.count) \($0.type.text)" })
    found.compare("entries", result.entries, golden.result.entries)
    found.compare("stores", result.stores, golden.result.stores)
    found.compare("proofs", result.proofs, golden.result.proofs)
    found.compare(list: "rejects", result.rejects.items, golden.result.rejects.items)
    found.compare("rejects.omittedCount", result.rejects.omittedCount, golden.result.rejects.omittedCount)
    found.compare(list: "divergences", result.divergences.items, golden.result.divergences.items)
    found.compare("divergences.omittedCount", result.divergences.omittedCount, golden.result.divergences.omittedCount)
    found.compare("comparedWithRecorded", result.comparedWithRecorded, golden.result.comparedWithRecorded)
    found.compare("recoveryPoint", result.recoveryPoint, golden.result.recoveryPoint)
    found.compare(list: "checkpoints", result.checkpoints, golden.result.checkpoints)
    found.compare(list: "checkpoints handed out", checkpoints, golden.checkpoints)
    found.compare("state", result.state, golden.result.state)
    found.compare("roots.objects", result.roots.objects, golden.result.roots.objects)
    found.compare("roots.nodes", result.roots.nodes, golden.result.roots.nodes)
    found.compare("roots.log", result.roots.log, golden.result.roots.log)
    found.compare("roots.state", result.roots.state, golden.result.roots.state)
    // Whatever a result gains later.
    found.compare("result", result, golden.result, isLast: true)
    compareContent(with: golden, &found)
    return found.lines
  }

  private func compareContent(with golden: ReplayOutcome, _ found: inout Differences) {
    found.compare(list: "nodes", nodes, golden.nodes)
    compareObjects(with: golden, &found)
    if let eventIDs, let ids = golden.eventIDs { found.compare(list: "event ids", eventIDs, ids) }
    if let eventOrdinals, let ordinals = golden.eventOrdinals {
      found.compare(list: "event ordinals", eventOrdinals, ordinals)
    }
    if let eventTexts, let texts = golden.eventTexts {
      found.compare(list: "event texts", eventTexts.map(ReplayOutcome.text), texts.map(ReplayOutcome.text))
    }
    found.compare("extent.container", extent.container, golden.extent.container)
    found.compare("extent.storedBytes", extent.storedBytes, golden.extent.storedBytes)
    found.compare("extent.rawBytes", extent.rawBytes, golden.extent.rawBytes)
    found.compare("extent.entries", extent.entries, golden.extent.entries)
    found.compare("extent.frames", extent.frames, golden.extent.frames)
    if let digest = extent.sha256 { found.compare("extent.sha256", digest, golden.extent.sha256) }
  }

  private func compareObjects(with golden: ReplayOutcome, _ found: inout Differences) {
    found.compare(list: "objects", objects.map(\.name), golden.objects.map(\.name))
    guard objects.map(\.name) == golden.objects.map(\.name) else { return }
    // Of metadata the parallel engine keeps canonical JSON, the golden engine the log's order of keys.
    let (ours, theirs) = (objects.map(\.withSortedMetadata), golden.objects.map(\.withSortedMetadata))
    for (object, other) in zip(ours, theirs) where object != other {
      let name = "objects[\(object.name)]"
      found.compare("\(name).hashCommit", object.hashCommit, other.hashCommit)
      found.compare("\(name).metadata", object.metadataText, other.metadataText)
      found.compare("\(name).createdAtTick", object.createdAtTick, other.createdAtTick)
      found.compare("\(name).writer", object.writer, other.writer)
      found.compare("\(name).currentShardCount", object.currentShardCount, other.currentShardCount)
      found.compare(list: "\(name).shards", object.shards, other.shards)
      // Whatever an object gains later.
      found.compare(name, object, other, isLast: true)
    }
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Collects differences.
private struct Differences {
  private(set) var lines: [String] = []

  /// - Parameter isLast: whether only to say that there is a difference, where none has been found.
  mutating func compare<Value: Equatable>(_ name: String, _ value: Value, _ golden: Value, isLast: Bool = false) {
    guard value != golden, !isLast || lines.isEmpty else { return }
    lines.append("\(name): \(Differences.text(value)), golden: \(Differences.text(golden))")
  }

  /// Says the first place where two lists differ.
  mutating func compare<Value: Equatable>(list name: String, _ values: [Value], _ golden: [Value]) {
    guard values != golden else { return }
    let index = zip(values, golden).enumerated().first { $1.0 != $1.1 }?.offset ?? min(values.count, golden.count)
    let counts = values.count == golden.count ? "" : " (\(values.count) items, golden: \(golden.count))"
    let value = index < values.count ? Differences.text(values[index]) : "nothing"
    let other = index < golden.count ? Differences.text(golden[index]) : "nothing"
    lines.append("\(name)[\(index)]\(counts): \(value), golden: \(other)")
  }

  private static func text<Value>(_ value: Value) -> String {
    if let digest = value as? Digest { return String(decoding: digest.hexadecimalBytes.prefix(12), as: UTF8.self) }
    if let text = value as? String { return String(text.prefix(400)) }
    if let rejection = value as? Rejection {
      return "\(rejection.ordinal.value) @\(rejection.byteOffset) \(rejection.code.rawValue) \(rejection.message)"
    }
    if let divergence = value as? Divergence {
      let values = [divergence.recorded, divergence.derived, divergence.objectID, divergence.version]
        .map { $0?.shortText ?? "-" }.joined(separator: " | ")
      return "\(divergence.ordinal.value) epoch \(divergence.epoch.value) \(divergence.field): \(values)"
    }
    let text = "\(value)"
    return text.count > 400 ? "\(text.prefix(400))…" : text
  }
}

extension StoredObject {
  fileprivate var name: String { "\(id.text.debugDescription) \(version.value) \(key.hexadecimal.prefix(12))" }

  fileprivate var withSortedMetadata: StoredObject {
    var object = self
    object.metadata = metadata.flatMap { JSONValue.object($0).withSortedKeys.objectValue }
    return object
  }

  fileprivate var metadataText: String {
    metadata.map { String(decoding: JSONFormat.line.encode(.object($0)), as: UTF8.self) } ?? "unknown"
  }
}

extension JSONValue {
  fileprivate var shortText: String {
    let text = String(decoding: JSONFormat.line.encode(self), as: UTF8.self)
    return text.count > 160 ? "\(text.prefix(160))…" : text
  }
}
