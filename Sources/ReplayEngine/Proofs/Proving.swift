internal import EpochMerge
internal import LogReading
internal import ProofFiles
internal import ReplayEvidence
internal import ReplayPipeline
internal import Signing
internal import StateCommitment
internal import StateSnapshot
internal import StorageProtocol
internal import SystemFiles

/// The verb `prove`: replays a log and writes the proof of one part of what it gives (Proofs.md).
public struct Proving: Sendable {
  private let options: ReplayOptions
  private let subject: ProofSubject
  private let signer: CheckpointSigner
  private let target: TargetFile
  /// Where the signed checkpoint goes besides; nil where nothing is signed.
  private let checkpointTarget: TargetFile?
  private let services: Services

  /// - Throws: `.usage`; `.precondition` for a key that cannot be used.
  public init(_ options: ReplayOptions, _ arguments: ProofArguments, services: Services) throws(ReplayFailure) {
    self.options = options
    subject = try ProofSubject(arguments)
    try CheckpointSigner.check(arguments.origin)
    signer = try CheckpointSigner(
      origin: arguments.origin,
      key: arguments.signingKey.map { (path) throws(ReplayFailure) in try KeyFile.signingKey(path) })
    target = TargetFile(path: arguments.output, replaces: arguments.force)
    checkpointTarget =
      signer.signs ? TargetFile(path: arguments.output + ".checkpoint", replaces: arguments.force) : nil
    self.services = services
  }

  /// Replays a log, or reads a snapshot; proves, verifies the proof, and writes it.
  ///
  /// The status is that of the replay: a state that diverges from its record is proved, and said to.
  ///
  /// - Throws: `.precondition`, `.log`, `.snapshot`, `.input`, `.output`; `.usage` for an event that the log does not have. No
  ///   file is left then.
  public func run() async throws(ReplayFailure) -> Report {
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.check(log: self.options.source.path)
      try checkpointTarget?.check(log: self.options.source.path)
    }
    if let path = SnapshotInput.path(of: self.options.source) { return try prove(snapshot: path) }
    let options = try self.options.fitted(services)
    guard let parallelism = options.parallelism else { preconditionFailure("a proof is made by the parallel engine") }
    var clock = StepClock()
    services.onPlan([PlannedStep(.replay, readings: 1)])
    let feed = EventFeed(for: subject)
    let replay = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
      try await self.replay(options, parallelism, feed)
    }
    let proof = try written(replay, feed.findings)
    let run = ReplayRun(
      result: replay.result, extent: replay.extent, workers: parallelism.workers,
      partitions: parallelism.partitions, timings: replay.timings)
    return report(proof, replay, options.evidence(run, .init()))
  }

  private func prove(snapshot path: String) throws(ReplayFailure) -> Report {
    guard !subject.isOfEntry else {
      throw ReplayOptions.usage("a snapshot has events, but no entries: --event instead of --ordinal")
    }
    let snapshot = try SnapshotInput.verified(path)
    let feed = EventFeed(for: subject)
    if subject.hasCheckpoint {
      try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in
        var events = try snapshot.events()
        while let event = try events.next() { feed.append(event.id) }
      }
    }
    return report(try written(snapshot, feed.findings), snapshot, nil)
  }

  /// The proof, in its file.
  private func written(_ state: some ProvableState, _ findings: EventFeed.Findings) throws(ReplayFailure) -> ProofFile {
    let proof = try proof(state, findings)
    try write(proof.text, to: target)
    if let checkpointTarget, let note = proof.note { try write(note.bytes, to: checkpointTarget) }
    return proof
  }

  private func replay(
    _ options: ReplayOptions, _ parallelism: Parallelism, _ feed: EventFeed
  ) async throws(ReplayFailure) -> ParallelReplay {
    var parallel = options.parallel(parallelism, services)
    if subject.hasCheckpoint { parallel.events = .ids }
    let reading = options.reading(services, step: .replay)
    return try await ReplayFailure.replaying { [parallel] () throws(PipelineError) in
      try await ReplayPipeline.replay(options.source, parallel, reading: reading) { (batch, _) in feed.append(batch) }
    }
  }

  private func write(_ text: [UInt8], to target: TargetFile) throws(ReplayFailure) {
    guard text.count <= ProofFile.bytesMax else {
      let sentence = "the proof takes \(text.count) bytes, more than the \(ProofFile.bytesMax) that check-proof reads"
      throw .output(OutputFailure(description: sentence))
    }
    do {
      var file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-proof")
      try file.write(text)
      try file.publish(to: target)
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  // MARK: Proofs

  /// The proof, which was verified as a reader of the file will.
  private func proof(_ state: some ProvableState, _ findings: EventFeed.Findings) throws(ReplayFailure) -> ProofFile {
    let proof: ProofFile
    switch subject {
    case .object(let id, let version): proof = .state(try StateProof(of: id, version, in: state))
    case .node(let id): proof = .state(StateProof(ofNode: id, in: state))
    case .event(let place): proof = .event(try eventProof(place, state, findings))
    case .consistency(let first, let second):
      proof = .consistency(try consistencyProof(first, second, state, findings))
    }
    precondition(proof.leads(to: state, eventID: findings.eventID), "a proof leads to the root of the state")
    return proof
  }

  private func eventProof(
    _ place: ProofSubject.EventPlace, _ state: some ProvableState, _ findings: EventFeed.Findings
  ) throws(ReplayFailure) -> EventProof {
    guard let inclusion = findings.inclusion.proof, let firstEventID = state.firstEventID else {
      switch place {
      case .index(let index):
        let eventCount = state.summary.eventLogCount
        throw ReplayOptions.usage("the log has \(eventCount) events, counted from 0: none is \(index)")
      case .ordinal(let ordinal): throw ReplayOptions.usage("entry \(ordinal.value) emitted no event")
      }
    }
    let (checkpoint, note) = signer.checkpoint(firstEventID, size: inclusion.size, root: findings.inclusion.root)
    return EventProof(inclusion, checkpoint: checkpoint, note: note)
  }

  private func consistencyProof(
    _ first: UInt64, _ second: UInt64?, _ state: some ProvableState, _ findings: EventFeed.Findings
  ) throws(ReplayFailure) -> ConsistencyProof {
    guard let prover = findings.consistency, let (firstRoot, proof) = prover.proof,
      let firstEventID = state.firstEventID, second.map({ $0 == prover.count }) ?? true
    else {
      throw ReplayOptions.usage(
        "the log has \(state.summary.eventLogCount) events, fewer than \(max(first, second ?? 0))")
    }
    let (_, note) = signer.checkpoint(firstEventID, size: proof.second, root: prover.root)
    return ConsistencyProof(proof, firstRoot: firstRoot, secondRoot: prover.root, note: note)
  }

  // MARK: Report

  /// - Parameter evidence: of the replay; nil for a snapshot.
  private func report(_ proof: ProofFile, _ state: some ProvableState, _ evidence: EvidenceDocument?) -> Report {
    var document: ResultDocument?
    if case .replayed(let result) = evidence?.finding { document = result }
    let description = ProofDescription(proof, coversSizes: true)
    let verifierKey = proof.origin.flatMap(signer.verifierKey)
    let json = JSONValue.members([
      "schema": .text("eqm-replay/prove/1"), "kind": .text(description.kind), "proof": .text(target.path),
      "checkpoint": checkpointTarget.map { .text($0.path) } ?? .null,
      "verifier_key": verifierKey.map(JSONValue.text) ?? .null,
      "present": description.isPresent.map(JSONValue.boolean) ?? .null,
      "leads_to": .members([description.rootName: .hexadecimal(description.root)]),
      "commitment": .object(state.roots.json), "event_log_count": .integer(state.summary.eventLogCount),
      "verdict": document.map { .text($0.verdict.rawValue) } ?? .null,
      "entries": document.map { .object($0.result.entries.json) } ?? .null,
    ])
    var text = [
      ResultText.row("proof", description.sentence),
      ResultText.row("leads to", "\(description.rootTitle) \(description.root.hexadecimal)"),
      ResultText.row("verdict", document.map { "\($0.verdict.rawValue), of the replay" } ?? "none: a snapshot's rows"),
      ResultText.row("written to", target.path),
    ]
    if let checkpointTarget { text.append(ResultText.row("checkpoint", checkpointTarget.path)) }
    if let verifierKey { text.append(ResultText.row("verifier key", verifierKey)) }
    if subject.hasCheckpoint, verifierKey == nil {
      text.append(ResultText.row("checkpoint", "not signed: stock tools ask for a signature (--sign)"))
    }
    return Report(status: document.map { ExitStatus(of: $0.verdict) } ?? .done, json: json, text: text)
  }
}

extension ProofFile {
  /// Whether the proof, checked as any reader does, leads to a state's root; of a part of a log, to the part's.
  fileprivate func leads(to state: some ProvableState, eventID: Digest?) -> Bool {
    do {
      switch self {
      case .state(let proof): return try proof.check() == state.roots.state
      case .event(let proof):
        return try eventID.map { (id) throws(ProofFault) in try proof.check(id) } == state.roots.log
      case .consistency(let proof):
        let isWhole = proof.consistency.second == state.summary.eventLogCount
        return try proof.check() == (isWhole ? state.roots.log : proof.secondRoot)
      }
    } catch {
      return false
    }
  }
}
