package import StorageProtocol

/// What a replay is told besides the log.
package struct GoldenConfiguration: Equatable, Sendable {
  package var constants = GovernedConstants()
  package var profile = PlaceholderProfile.runbook
  /// Largest content of one object in bytes, decoded; inclusive.
  package var contentBytesMax: UInt64 = 1 << 30

  package init() {}
}
