internal import ReplayEvidence
internal import Signing
internal import StorageProtocol

/// The signed checkpoint that a signed drill leaves of the event log, or why it leaves none.
///
/// A checkpoint vouches for a root: of a drill that FAILED, nobody should.
struct DrillCheckpoint {
  /// The signed note.
  let note: [UInt8]?
  /// What others verify the note with.
  let verifierKey: String?
  /// Why there is no note, in a sentence.
  let absence: String?

  /// - Parameter signer: nil for a key that signs no notes.
  init(_ finding: DrillFinding, _ verdict: Verdict, _ signer: CheckpointSigner?) {
    switch (finding, signer) {
    case (.damaged, _): self.init(absence: "nothing was applied")
    case (.replayed, _) where verdict == .failed:
      self.init(absence: "the verdict is FAILED, and a checkpoint would vouch for the root")
    case (.replayed, nil): self.init(absence: "checkpoints are signed by Ed25519 keys only")
    case (.replayed(let run, _), let signer?): self.init(run, signer)
    }
  }

  private init(_ run: ReplayRun, _ signer: CheckpointSigner) {
    guard let firstEventID = run.firstEventID else {
      precondition(run.result.state.eventLogCount == 0, "a log with events has a first one")
      self.init(absence: "the log has no events")
      return
    }
    let (checkpoint, note) = signer.checkpoint(
      firstEventID, size: run.result.state.eventLogCount, root: run.result.roots.log)
    self.init(note: note?.bytes, verifierKey: signer.verifierKey(for: checkpoint.origin), absence: nil)
  }

  private init(absence: String) { self.init(note: nil, verifierKey: nil, absence: absence) }

  private init(note: [UInt8]?, verifierKey: String?, absence: String?) {
    self.note = note
    self.verifierKey = verifierKey
    self.absence = absence
  }
}
