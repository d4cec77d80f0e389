/// What became of one entry, as a byte: what it was where it was applied, why it was not where it was not.
///
/// The values are part of the trace format `eqm-golden/1`: they never change.
package enum EntryOutcome: UInt8, CaseIterable, Sendable {
  // Applied, and emitted an event.
  case storeReexecuted = 0x01
  case storeCarried = 0x02
  case storePlaceholder = 0x03
  case proofGenerated = 0x04
  case proofFailed = 0x05
  case nodeRegistration = 0x06
  case epochAdvancement = 0x07
  // Applied, without an event.
  case nodeUnregistration = 0x10
  case nodeStatus = 0x11
  case nodeUptime = 0x12
  case aegisContext = 0x13
  case nodRewards = 0x14
  // Without effect.
  case acknowledged = 0x20
  case unsupported = 0x21
  /// What a damaged archive does not have any more, in a salvage.
  case lost = 0x22
  // Rejected, by code.
  case invalidInput = 0x30
  case invalidVersion = 0x31
  case integrityMismatch = 0x32
  case aegisContextMissing = 0x33
  case arithmetic = 0x34

  package init(rejected code: ErrorCode) {
    self =
      switch code {
      case .invalidInput: .invalidInput
      case .invalidVersion: .invalidVersion
      case .integrityMismatch: .integrityMismatch
      case .aegisContextMissing: .aegisContextMissing
      case .internal: .arithmetic
      }
  }

  package var emitsEvent: Bool { rawValue < 0x10 }

  /// Whether the entry was applied: only such entries change the state or the event log.
  package var isApplied: Bool { rawValue < 0x20 }

  /// Whether a control entry was applied.
  package var isControl: Bool {
    self == .nodeRegistration || self == .epochAdvancement || (isApplied && !emitsEvent)
  }

  package var isStore: Bool { self == .storeReexecuted || self == .storeCarried || self == .storePlaceholder }

  /// Whether the same became of two entries.
  ///
  /// - Parameter comparingContent: whether a STORE with content is told from one without.
  package func isSame(as other: EntryOutcome, comparingContent: Bool) -> Bool {
    self == other || (!comparingContent && isStore && other.isStore)
  }

  package var isRejected: Bool { rawValue >= 0x30 }

  /// For people.
  package var description: String {
    switch self {
    case .storeReexecuted: "STORE, re-executed"
    case .storeCarried: "STORE, carried"
    case .storePlaceholder: "STORE, placeholder content"
    case .proofGenerated: EventType.proofGenerated.rawValue
    case .proofFailed: EventType.proofFailed.rawValue
    case .nodeRegistration: EventType.nodeRegistration.rawValue
    case .epochAdvancement: EventType.epochAdvancement.rawValue
    case .nodeUnregistration: EventType.nodeUnregistration.rawValue
    case .nodeStatus: EventType.nodeStatus.rawValue
    case .nodeUptime: EventType.nodeUptime.rawValue
    case .aegisContext: EventType.aegisContext.rawValue
    case .nodRewards: EventType.nodRewards.rawValue
    case .acknowledged: "acknowledged"
    case .unsupported: "unsupported"
    case .lost: "lost"
    case .invalidInput: "rejected, \(ErrorCode.invalidInput.rawValue)"
    case .invalidVersion: "rejected, \(ErrorCode.invalidVersion.rawValue)"
    case .integrityMismatch: "rejected, \(ErrorCode.integrityMismatch.rawValue)"
    case .aegisContextMissing: "rejected, \(ErrorCode.aegisContextMissing.rawValue)"
    case .arithmetic: "rejected, \(ErrorCode.internal.rawValue)"
    }
  }
}
