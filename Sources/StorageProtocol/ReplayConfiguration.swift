/// What a replay is told besides the log: whatever decides its result.
package struct ReplayConfiguration: Equatable, Sendable {
  package var constants = GovernedConstants()
  package var profile = PlaceholderProfile.runbook
  /// The largest content limit that can be asked for, in bytes: an entry is handled in memory.
  package static let contentBytesLimit: UInt64 = 1 << 40
  /// Largest content of one object in bytes, decoded; inclusive.
  package var contentBytesMax: UInt64 = 1 << 30
  /// What is accepted of the log; nil where nothing was listed.
  package var accepting: AcceptList?

  package init() {}
}
