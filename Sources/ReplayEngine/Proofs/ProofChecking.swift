internal import ProofFiles
internal import Signing
internal import StorageProtocol
internal import SystemFiles

/// What `check-proof` is asked, as typed.
public struct ProofCheckArguments: Sendable {
  public var proof: String
  /// 64 hexadecimal digits: the root that the proof must lead to.
  public var root: String?
  /// 64 hexadecimal digits: the root of the earlier log.
  public var earlierRoot: String?
  /// The number of events that the log root is known to cover.
  public var eventCount: UInt64?
  /// A note verifier key, or the path of one or of a public key.
  public var key: String?
  /// Whose log the signed checkpoint must be of; nil for the one that the key names.
  public var origin: String?
  /// 64 hexadecimal digits.
  public var eventID: String?
  /// Path of an event in JSON.
  public var event: String?

  public init(proof: String) { self.proof = proof }
}

/// The verb `check-proof`: whether a proof holds, and what it leads to. Needs the file alone.
public struct ProofChecking: Sendable {
  private let path: String
  private let expectations: ProofExpectations

  /// - Throws: `.usage`; `.input` for a key or an event that cannot be read.
  public init(_ arguments: ProofCheckArguments) throws(ReplayFailure) {
    path = arguments.proof
    expectations = try ProofExpectations(arguments)
  }

  /// Reads the file and computes everything in it again.
  ///
  /// - Throws: `.input` for a file that cannot be read; `.usage` for a proof of an event where nobody says which.
  public func run() throws(ReplayFailure) -> Report {
    let text: [UInt8]
    do {
      text = try BoundedFile.read(path, bytesMax: ProofFile.bytesMax)
    } catch .tooLarge {
      return refused(.tooLarge, nil)
    } catch {
      throw .input(InputFailure(description: error.description))
    }
    let proof: ProofFile
    do {
      proof = try ProofFile(parsing: text)
    } catch {
      return refused(error, nil)
    }
    let root: Digest
    do {
      guard let computed = try expectations.root(of: proof) else {
        throw ReplayFailure.usage(
          UsageError(description: "a tlog-proof does not hold its event: name it by --event-id or --event"))
      }
      root = computed
    } catch let fault as ProofFault {
      return refused(fault, proof)
    } catch let failure as ReplayFailure {
      throw failure
    } catch {
      preconditionFailure("checking a proof throws nothing else")
    }
    return report(proof, root, expectations.comparisons(with: proof, leadingTo: root))
  }

  // MARK: Report

  private func refused(_ fault: ProofFault, _ proof: ProofFile?) -> Report {
    let description = proof.map { ProofDescription($0, coversSizes: false) }
    let json = JSONValue.members([
      "schema": .text("eqm-replay/check-proof/1"), "holds": .boolean(false),
      "kind": description.map { .text($0.kind) } ?? .null, "reason": .text(fault.description),
      "claim": description.map { .text($0.sentence) } ?? .null, "leads_to": .null,
      "origin": proof?.origin.map(JSONValue.text) ?? .null, "compared": .array([]), "trusted": .boolean(false),
      "covered": .members(["root": .boolean(false), "event_count": .boolean(false)]), "notes": .array([]),
    ])
    return Report(status: .diverged, json: json, text: [ResultText.row("proof", "does NOT hold: \(fault)")])
  }

  private func report(_ proof: ProofFile, _ root: Digest, _ comparisons: [ProofComparison]) -> Report {
    let trust = ProofTrust(proof, comparisons)
    let description = ProofDescription(proof, coversSizes: trust.coversSizes)
    let failed = comparisons.first { !$0.isEqual }
    let holds = failed == nil
    let json = JSONValue.members([
      "schema": .text("eqm-replay/check-proof/1"), "holds": .boolean(holds), "kind": .text(description.kind),
      "reason": failed.map { .text($0.sentence) } ?? .null, "claim": .text(description.sentence),
      "leads_to": .members([description.rootName: .hexadecimal(root)]),
      "origin": proof.origin.map(JSONValue.text) ?? .null,
      "compared": .array(
        comparisons.map { .members(["with": .text($0.side), "equal": .boolean($0.isEqual)]) }),
      "trusted": .boolean(trust.isWhole), "covered": trust.json, "notes": .array(trust.notes.map(JSONValue.text)),
    ])
    var text = [
      ResultText.row("proof", holds ? "holds" : "does NOT hold here: \(failed?.sentence ?? "")"),
      ResultText.row("claim", description.sentence),
      ResultText.row("leads to", "\(description.rootTitle) \(root.hexadecimal), computed from the file"),
    ]
    text += comparisons.map { ResultText.row("compared", $0.sentence) }
    if holds { text.append(ResultText.row("trust", trust.sentence)) }
    text += trust.notes.map { ResultText.row("note", $0) }
    return Report(status: holds ? .done : .diverged, json: json, text: text)
  }
}
