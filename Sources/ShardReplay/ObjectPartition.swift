internal import ControlPlan
internal import Derivation
internal import LogDecoding
package import StateCommitment
package import StorageProtocol

/// The objects whose keys lie in one range of K, and what applying entries does to them (protocol.md 5, 4 and 7).
///
/// One owner at a time: the schedule runs at most one job of a partition. No `String`, no dictionary entry and no heap object
/// for an object: a record in an arena, found by an open-addressing index. Rare things (orphans, placements that no word can
/// say, metadata where an export needs them) are kept beside.
package final class ObjectPartition: @unchecked Sendable {
  // Sendable: the schedule hands a partition to one worker at a time, and a lock orders the jobs.
  var objects: ObjectTable
  let ranges: KeyRanges
  let index: Int

  /// - Parameter keepsMetadata: whether objects keep what only an export needs.
  package init(_ index: Int, of ranges: KeyRanges, constants: GovernedConstants, keepsMetadata: Bool) {
    self.index = index
    self.ranges = ranges
    let granules = ranges.granules(of: index)
    objects = ObjectTable(
      index: KeyIndex(
        firstPrefix: UInt64(granules.lowerBound) << UInt64(64 - KeyRanges.granuleBits), granuleCount: granules.count),
      constants: constants, keepsMetadata: keepsMetadata)
  }
}
