/// What lies between an entry that clears the list of eligible nodes and the first AEGIS_CONTEXT, which does not clear it:
/// whether a chunk was placed decides what the next STORE is placed on (protocol.md 6).
package enum ContextStaging: CaseIterable, Hashable, Sendable {
  case nothing
  case placement
  /// A STORE that is rejected leaves the list as it was.
  case rejectedStore
  /// A STORE of empty content places nothing.
  case emptyStore
  /// A placement on no node: an empty list is not kept.
  case placementOnNobody
  /// A STORE whose record says another placement.
  case divergingStore
  /// Reads and unknown types.
  case idle
}
