/// How much a golden trace holds besides header, checkpoints, roots of blocks and the end.
package enum TraceDetail: String, CaseIterable, Sendable {
  /// Nothing: a divergence is found to the checkpoint, or to the block of events.
  case roots
  /// Event ids: found to the event.
  case ids
  /// Event ids, events, control entries and what became of every entry: found to the entry and the field.
  case full
}
