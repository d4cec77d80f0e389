internal import EvidenceReport
internal import ReplayEvidence
internal import Signing
internal import StorageProtocol
internal import SystemFiles

/// The verb `report`: evidence as an HTML page. What does not hold is not made into one.
public struct Reporting: Sendable {
  /// A page is some dozens of kilobytes; a hundred divergences of large objects make it longer.
  private static let expectedBytes: UInt64 = 1 << 20

  private let path: String
  private let keyPath: String?
  private let target: TargetFile

  /// - Parameters:
  ///   - path: the evidence, `.json` or `.dsse.json`.
  ///   - key: path of the public key whose signature is asked for.
  ///   - output: path of the page.
  ///   - replaces: whether a file at `output` may be replaced.
  public init(path: String, key: String?, output: String, replaces: Bool) {
    self.path = path
    keyPath = key
    target = TargetFile(path: output, replaces: replaces)
  }

  /// Checks the evidence, and writes the page if it holds; reports what failed with exit status 1 if not.
  ///
  /// The verdict does not change the status: a page about a failed drill is a page. One that cannot be written is exit status 5.
  ///
  /// - Throws: `.precondition`, `.input`.
  public func run() throws(ReplayFailure) -> Report {
    try OutputConflict.check(outputs: [target.path], inputs: [path, keyPath])
    // The next drill would take it for evidence.
    guard !target.name.hasPrefix(EvidenceFile.prefix) || target.name.hasSuffix(".html") else {
      throw .precondition(
        PreconditionFailure(description: "\(target.path) has the name of evidence: choose one that ends in .html"))
    }
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.check(log: nil, expectedBytes: Reporting.expectedBytes)
    }
    let key = try keyPath.map { (path) throws(ReplayFailure) in try KeyFile.verifyingKey(path) }
    let text = try EvidenceInput.bytes(path)
    let verification = EvidenceVerification(file: text, key: key)
    guard let document = verification.document else { return refusal(verification) }
    let source = ReportSource(
      path: path, sha256: .sha256(text), isEnvelope: verification.evidence?.envelope != nil, keyID: key?.id,
      checks: verification.checks, program: "\(Program.name) \(Program.version)")
    do {
      try write(ReportPage(document, source).bytes)
    } catch {
      return report(document, source, failure: error)
    }
    return report(document, source, failure: nil)
  }

  private func write(_ page: [UInt8]) throws(FileError) {
    var file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-report")
    try file.write(page)
    try file.publish(to: target)
  }

  // MARK: What is said

  private func report(_ document: JSONObject, _ source: ReportSource, failure: FileError?) -> Report {
    let signature = source.signature(of: document)
    let verdict = document["verdict"] ?? .null
    return Report(
      status: failure == nil ? .done : .evidenceFailed,
      json: .members([
        "schema": .text("eqm-replay/report/1"), "report": failure == nil ? .text(target.path) : .null,
        "verdict": verdict, "evidence": .text(path), "evidence_digest": document["evidence_digest"] ?? .null,
        "signature": .text(signature.rawValue),
        "key_id": signature == .verified ? source.keyID.map(JSONValue.hexadecimal) ?? .null : .null,
      ]),
      text: [
        ResultText.row("report", failure == nil ? target.path : "NOT WRITTEN"),
        ResultText.row("verdict", String(decoding: verdict.stringBytes ?? [], as: UTF8.self)),
        ResultText.row("signature", signature.sentence(keyID: source.keyID)),
      ],
      problems: failure.map { ["the report could not be written: \($0)"] } ?? [])
  }

  /// What is said of evidence that does not hold: why, and nothing that it claims.
  private func refusal(_ verification: EvidenceVerification) -> Report {
    let failed = verification.checks.filter { $0.outcome == .fails }
    return Report(
      status: .diverged,
      json: .members([
        "schema": .text("eqm-replay/report/1"), "report": .null, "verdict": .null, "evidence": .text(path),
        "checks": .array(failed.map(\.json)),
      ]),
      text: ["this evidence does not hold, and no report was written of it:"]
        + failed.map { ResultText.row($0.name.rawValue, $0.detail, width: EvidenceCheck.nameWidth) })
  }
}

extension SignatureStanding {
  fileprivate func sentence(keyID: Digest?) -> String {
    switch self {
    case .verified: "verified, by key \(keyID?.hexadecimal ?? "")"
    case .notChecked: "not checked: no key was given (--key)"
    case .missing: "missing: it is in the evidence's .dsse.json"
    case .notSigned: "none: the evidence is not signed"
    }
  }
}
