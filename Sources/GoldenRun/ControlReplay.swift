package import StorageProtocol

/// The control plane alone, driven by control entries in their one form: nodes, epoch and verification, without the counters that
/// STOREs raise.
package struct ControlReplay {
  private static let decoding = EntryDecoding(configuration: ReplayConfiguration())

  private var plane = ControlPlane()

  package init() {}

  package var epoch: Epoch { plane.currentEpoch }

  /// By id bytes.
  package var nodes: [StorageNode] { plane.sortedNodes }

  /// - Parameter call: in its normal form.
  package mutating func apply(_ call: ControlCall) { apply(ControlReplay.entry(of: call)) }

  /// - Parameter replayed: a control entry that was applied.
  package mutating func apply(_ replayed: ReplayedEntry) { apply(replayed.entry) }

  private mutating func apply(_ entry: LogEntry?) {
    switch entry {
    case .nodeRegistration(let entry): plane.register(entry.nodeID, host: entry.host, port: entry.port)
    case .nodeUnregistration(let id): plane.unregister(id)
    case .nodeStatus(let id, let status): plane.setStatus(id, status)
    case .nodeUptime(let id, let bucket):
      // One that overflows was rejected, and is none of the applied calls.
      if let number = try? bucket.number() { plane.setUptimeBucket(id, number) }
    case .aegisContext(let registry, let telemetry): plane.installContext(registry, telemetry)
    case .epochAdvancement(let entry):
      plane.advance(to: entry.epoch, registry: entry.registry, telemetry: entry.telemetry)
    case .nodRewards: break
    case .store, .proofGenerated, .proofFailed, .acknowledged, .unsupported, nil:
      preconditionFailure("only control entries drive the control plane")
    }
  }

  /// Whether a call is in its one form, and of the kind that `outcome` says.
  package static func isNormal(_ call: ControlCall, _ outcome: EntryOutcome) -> Bool {
    guard let entry = entry(of: call) else { return false }
    let replayed = ReplayedEntry(entry, nil)
    return replayed.outcome == outcome && replayed.controlCall == call
  }

  private static func entry(of call: ControlCall) -> LogEntry? { try? decoding.decode(.object(call.json)) }
}
