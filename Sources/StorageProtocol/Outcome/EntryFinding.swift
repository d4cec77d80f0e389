/// What a replay found wrong with one entry.
package struct EntryFinding: Sendable {
  package enum Kind: Sendable {
    case rejected(EntryFault, EntryText)
    case unsupported(Identifier, EntryText)
    /// What a damaged archive does not have any more, in a salvage: the whole entry, or only its content.
    case lost(EntryText?)
    /// One field of an applied entry.
    case diverged(Divergence)
  }

  package let kind: Kind
  package let ordinal: Ordinal
  /// Whether the accept list accepts it.
  package let isAccepted: Bool

  /// - Parameter list: what is accepted of the log; nil where nothing was listed.
  package init(_ kind: Kind, at ordinal: Ordinal, accepting list: AcceptList?) {
    self.kind = kind
    self.ordinal = ordinal
    isAccepted = kind.acceptable.flatMap { list?.accepts($0, at: ordinal) } ?? false
  }
}

/// An entry as the log, or an archive's segment, has it: without the white space around it, or a content that lies in a pack.
package struct EntryText: Sendable {
  /// Position of the first byte in the decompressed log.
  package let byteOffset: UInt64
  package let bytes: [UInt8]

  package init(byteOffset: UInt64, bytes: [UInt8]) {
    self.byteOffset = byteOffset
    self.bytes = bytes
  }
}

extension EntryFinding.Kind {
  /// What an accept list calls it; nil where it cannot be accepted.
  fileprivate var acceptable: AcceptList.Finding? {
    switch self {
    case .rejected(let fault, _): .rejection(fault.code)
    case .unsupported: .unsupported
    case .lost: nil
    case .diverged(let divergence): .divergence(field: divergence.field)
    }
  }
}
