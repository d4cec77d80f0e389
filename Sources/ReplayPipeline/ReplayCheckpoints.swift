internal import ControlPlan
internal import EpochMerge
internal import Foundation
internal import LogReading
internal import ShardReplay
package import StorageProtocol
package import SystemFiles

/// Keeps resume points of a replay in a folder: one file, replaced as a whole.
///
/// A point is taken between two batches, where all of the log before it is applied and nothing behind it; it is bound to what
/// decides the result, and sealed by its SHA-256.
package final class ReplayCheckpoints: Sendable {
  package static let fileName = "resume.eqm-checkpoint"

  private let folder: TargetFolder
  private let binding: Digest
  private let interval: Duration
  private let resumes: Bool
  private let lastSaved: LockedState<ContinuousClock.Instant>
  private let positions = LockedState(Positions())

  private struct Positions {
    var resumed: LogPosition?
    var held: LogPosition?
  }

  /// - Parameters:
  ///   - binding: a digest of everything that decides the result: archive, options, constants, program.
  ///   - interval: the time between two points, at least.
  ///   - resumes: whether the replay goes on from the point that is there.
  package init(in folder: TargetFolder, binding: Digest, interval: Duration, resumes: Bool) {
    self.folder = folder
    self.binding = binding
    self.interval = interval
    self.resumes = resumes
    lastSaved = LockedState(ContinuousClock.now)
  }

  private var path: String { "\(folder.path)/\(ReplayCheckpoints.fileName)" }

  /// Whether a resume point is there.
  package static func isThere(in folder: TargetFolder) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder.path)/\(fileName)")
  }

  var isDue: Bool { ContinuousClock.now - lastSaved.withLock { $0 } >= interval }

  /// Checks, before any work, that the folder is clean and that the point that is there fits.
  ///
  /// - Throws: ``CheckpointError``.
  package func check() throws(CheckpointError) {
    removeUnfinished()
    guard resumes, ReplayCheckpoints.isThere(in: folder) else { return }
    _ = try CheckpointFile(path, binding: binding)
  }

  /// The ordinal of the first entry that was not in the point the replay went on from; nil where it began at the start.
  package var resumedAt: UInt64? { positions.withLock { $0.resumed?.ordinal } }

  /// The ordinal of the first entry that is not in the point which is there now; nil where this replay has none yet.
  package var heldUpTo: UInt64? { positions.withLock { $0.held?.ordinal } }

  /// Removes the point of a replay that has ended.
  package func remove() { FolderContents.remove(path) }

  /// Removes what a replay left that was killed while it wrote a point.
  private func removeUnfinished() {
    for name in FolderContents.names(in: folder.path) where name.hasPrefix(".\(CheckpointWriter.prefix)") {
      FolderContents.remove("\(folder.path)/\(name)")
    }
  }

  // MARK: State

  private struct Document: Codable {
    let position: LogPosition
    let plan: ControlPlan
    let ledger: Ledger
    let assembly: ResultAssembly
  }

  /// Puts a fresh state where the point that is there left it; the start of the log where there is none.
  ///
  /// - Throws: `.output` with a ``CheckpointError``.
  func restore(_ state: ReplayState) throws(PipelineError) {
    guard resumes, ReplayCheckpoints.isThere(in: folder) else { return }
    do {
      var file = try CheckpointFile(path, binding: binding)
      let document = try file.document(Document.self)
      for partition in state.partitions {
        try partition.readImage { (buffer) throws(CheckpointError) in try file.read(buffer) }
      }
      state.position = document.position
      state.plan = document.plan
      state.ledger = document.ledger
      state.assembly = document.assembly
      positions.withLock { $0 = Positions(resumed: document.position, held: document.position) }
    } catch {
      throw .output(error)
    }
  }

  /// Keeps a state in the place of the one before.
  ///
  /// - Throws: `.output` with a `FileError`: the point before stays then.
  func save(_ state: ReplayState) throws(PipelineError) {
    do {
      var file = try CheckpointWriter(in: folder.path, binding: binding)
      try file.write(
        Document(
          position: state.position, plan: state.plan, ledger: state.ledger, assembly: state.assembly))
      for partition in state.partitions {
        try partition.writeImage { (bytes) throws(FileError) in try file.write(bytes) }
      }
      try file.publish(as: ReplayCheckpoints.fileName)
    } catch {
      throw .output(error)
    }
    lastSaved.withLock { $0 = ContinuousClock.now }
    let position = state.position
    positions.withLock { $0.held = position }
  }
}

/// Why a resume point cannot be used.
package struct CheckpointError: Error, Equatable, CustomStringConvertible {
  package enum Reason: String, Sendable {
    case cannotRead = "cannot be read"
    case otherFormat = "is none of this version"
    case changed = "was changed or is cut: its SHA-256 is not the one at its end"
    case otherRun = "is of another archive, other options, or another version of this program"
  }

  package let reason: Reason
  package let path: String

  package var description: String { "the resume point \(path) \(reason.rawValue)" }
}
