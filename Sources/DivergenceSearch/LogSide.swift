internal import GoldenRun
internal import LogReading
internal import StorageProtocol

/// What the golden engine makes of the entries of a case: the log's side of it.
struct LogSide {
  /// An entry, replayed.
  struct Step {
    let raw: RawEntry
    let replayed: ReplayedEntry
    /// Before it.
    let epoch: Epoch
  }

  private(set) var named: Step?
  private(set) var sighted: Step?
  /// The nodes and the epoch behind the named entry, as the control entries alone give them.
  private(set) var controlState = ControlState()

  /// - Throws: `.notJSON`, which entries that were replayed before never give.
  init(_ divergence: DivergenceCase, _ configuration: ReplayConfiguration) throws(LogError) {
    var engine = GoldenEngine(configuration)
    engine.takesCheckpoints = false
    var controls = ControlReplay()
    for raw in divergence.entries {
      let epoch = engine.currentEpoch
      let step = Step(raw: raw, replayed: try engine.replay(raw), epoch: epoch)
      if raw.ordinal == divergence.logOrdinal { named = step }
      if raw.ordinal == divergence.sighting.ordinal { sighted = step }
      guard step.replayed.outcome.isControl, let last = divergence.logOrdinal, raw.ordinal <= last else { continue }
      controls.apply(step.replayed)
    }
    controlState = ControlState(controls)
  }
}

/// The part of a state that control entries alone give: counters are not in it.
struct ControlState {
  private(set) var epoch = Epoch(0)
  /// By id bytes.
  private(set) var nodes: [StorageNode] = []

  init() {}

  init(_ controls: ControlReplay) {
    epoch = controls.epoch
    nodes = controls.nodes
  }

  /// Where a state is another one: the epoch, then nodes by id bytes, a field each.
  func differences(from expected: ControlState) -> [JSONObject] {
    var found: [JSONObject] = []
    if epoch != expected.epoch {
      found.append(
        ControlState.difference(nil, "current_epoch", .integer(expected.epoch.value), .integer(epoch.value)))
    }
    var ours = nodes[...]
    var theirs = expected.nodes[...]
    while let id = [ours.first?.id, theirs.first?.id].compactMap({ $0 }).min() {
      let our = ours.first?.id == id ? ours.removeFirst() : nil
      let their = theirs.first?.id == id ? theirs.removeFirst() : nil
      guard let our, let their else {
        found.append(
          ControlState.difference(id, "registered", .boolean(their != nil), .boolean(our != nil)))
        continue
      }
      for (ourField, theirField) in zip(our.controlFields, their.controlFields)
      where ourField.value != theirField.value {
        found.append(ControlState.difference(id, ourField.name, theirField.value, ourField.value))
      }
    }
    return found
  }

  private static func difference(
    _ node: Identifier?, _ field: String, _ expected: JSONValue, _ actual: JSONValue
  ) -> JSONObject {
    JSONObject([
      "node_id": node.map { .string($0.bytes) } ?? .null, "field": .text(field), "expected": expected,
      "actual": actual,
    ])
  }
}

extension StorageNode {
  /// The fields that STOREs do not change.
  fileprivate var controlFields: [(name: String, value: JSONValue)] {
    [
      ("host", .string(host.bytes)), ("port", .integer(port)), ("status", .text(status.rawValue)),
      ("uptime_bucket", .decimal(uptimeBucket)), ("is_aegis_verified", .boolean(isAegisVerified)),
      ("aegis_verification_epoch", .integer(aegisVerificationEpoch.value)),
    ]
  }
}
