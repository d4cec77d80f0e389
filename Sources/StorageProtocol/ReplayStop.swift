/// Where a replay of a log ends.
package enum ReplayStop: Equatable, Sendable {
  /// Behind the log's last entry.
  case end
  /// In front of the entry of this ordinal, or behind the last entry where there is none.
  case before(Ordinal)
  /// Behind the first applied EPOCH_ADVANCEMENT to this epoch, which must come.
  case after(Epoch)
}
