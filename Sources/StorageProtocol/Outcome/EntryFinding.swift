/// What a replay found wrong with one entry.
package struct EntryFinding: Sendable {
  package enum Kind: Sendable {
    case rejected(EntryFault)
    case unsupported(Identifier)
    /// What a damaged archive does not have any more, in a salvage.
    case lost
    /// One field of an applied entry.
    case diverged(Divergence)
  }

  package let kind: Kind
  package let ordinal: Ordinal
  /// Position of the entry's first byte in the decompressed log.
  package let byteOffset: UInt64
  /// The entry as the log, or an archive's segment, has it; nil where that is lost too, and for a divergence, which quotes what
  /// matters of it.
  package let text: [UInt8]?
  /// Whether the accept list accepts it.
  package let isAccepted: Bool

  /// - Parameters:
  ///   - text: asked for where it is kept.
  ///   - list: what is accepted of the log; nil where nothing was listed.
  package init(
    _ kind: Kind, ordinal: Ordinal, byteOffset: UInt64, text: @autoclosure () -> [UInt8]?, accepting list: AcceptList?
  ) {
    self.kind = kind
    self.ordinal = ordinal
    self.byteOffset = byteOffset
    if case .diverged = kind { self.text = nil } else { self.text = text() }
    isAccepted = kind.acceptable.flatMap { list?.accepts($0, at: ordinal) } ?? false
  }
}

extension EntryFinding.Kind {
  /// What an accept list calls it; nil where it cannot be accepted.
  fileprivate var acceptable: AcceptList.Finding? {
    switch self {
    case .rejected(let fault): .rejection(fault.code)
    case .unsupported: .unsupported
    case .lost: nil
    case .diverged(let divergence): .divergence(field: divergence.field)
    }
  }
}
