package import Signing
package import StorageProtocol

/// Every check of evidence that needs nothing but its file and a key.
///
/// What these checks show is that the evidence says what it said when it was made, as far as its digests and equations tell:
/// whoever changes it and computes both anew is caught by a signature only.
package struct EvidenceVerification: Sendable {
  package private(set) var checks: [EvidenceCheck] = []
  /// Nil where the file is no evidence.
  package let evidence: UnverifiedEvidence?

  /// - Parameters:
  ///   - file: the text of a `.json` or a `.dsse.json`.
  ///   - key: the key whose signature is asked for.
  package init(file: [UInt8], key: VerifyingKey? = nil) {
    do throws(EvidenceFault) {
      let evidence = try UnverifiedEvidence(parsing: file)
      self.evidence = evidence
      checkAll(evidence, key)
    } catch {
      evidence = nil
      add(.form, .fails, error.description)
    }
  }

  /// Whether nothing that was checked failed, and nothing that must be there is missing.
  package var holds: Bool { !checks.contains { EvidenceCheck.unequal.contains($0.outcome) } }

  /// The evidence, if nothing that was checked failed. Where it names a signer, its signature may be in another file.
  package var document: JSONObject? { checks.contains { $0.outcome == .fails } ? nil : evidence?.document }

  package mutating func add(_ name: EvidenceCheck.Name, _ outcome: EvidenceCheck.Outcome, _ detail: String) {
    checks.append(EvidenceCheck(name, outcome, detail))
  }

  private mutating func checkAll(_ evidence: UnverifiedEvidence, _ key: VerifyingKey?) {
    let document = EvidenceFields(evidence.document)
    check(.form, "one document, with exactly the members of \(EvidenceDocument.schema)") {
      () throws(EvidenceFault) in try EvidenceForm.check(document)
    }
    checkSignature(evidence, key)
    let equations: [(EvidenceCheck.Name, String, (EvidenceFields) throws(EvidenceFault) -> Void)] = [
      (.evidenceDigest, "SHA-256 of the document's canonical bytes", EvidenceEquations.evidenceDigest),
      (.resultDigest, "SHA-256 of the result's canonical bytes", EvidenceEquations.resultDigest),
      (.entries, "sums and success ratio computed again", EvidenceEquations.entries),
      (.completeness, "computed again from the sums", EvidenceEquations.completeness),
      (
        .recovery, "the recovery point is possible, what is not recovered is what the counts say",
        EvidenceEquations.recovery
      ),
      (.state, "state root and legacy hashes computed again from roots and counters", EvidenceEquations.state),
      (.comparison, "sides, divergences and expected values agree", EvidenceEquations.comparison),
      (.accepted, "counts of what was accepted agree", EvidenceEquations.accepted),
      (.runbookFields, "equal to the result", EvidenceEquations.runbookFields),
      (.verdict, "verdict, reasons, compliance and readiness follow from the result", EvidenceEquations.verdict),
      (
        .circumstances, "the run, its times, signer and link to the evidence before are well formed",
        EvidenceCircumstances.check
      ),
    ]
    for (name, detail, equation) in equations {
      check(name, detail) { () throws(EvidenceFault) in try equation(document) }
    }
  }

  private mutating func check(
    _ name: EvidenceCheck.Name, _ detail: String, _ body: () throws(EvidenceFault) -> Void
  ) {
    do throws(EvidenceFault) {
      try body()
      add(name, .holds, detail)
    } catch {
      add(name, .fails, error.description)
    }
  }

  private mutating func checkSignature(_ evidence: UnverifiedEvidence, _ key: VerifyingKey?) {
    guard let envelope = evidence.envelope, let statement = evidence.statement else {
      if key != nil {
        add(.signature, .fails, EvidenceFault.signatureMissing.description)
      } else if let signer = evidence.document["signed_by"]?.objectValue {
        let keyID = (try? EvidenceFields(signer).digest("key_id").hexadecimal) ?? "another key"
        add(
          .signature, .missing,
          "the evidence says that \(keyID) signs it, and this file has no signature: verify its .dsse.json")
      } else {
        add(.signature, .notChecked, "the file has no signature")
      }
      return
    }
    if let key {
      check(.signature, "by the key \(key.id.hexadecimal)") { () throws(EvidenceFault) in
        guard envelope.isSigned(by: key) else { throw .notSigned(by: key.id.hexadecimal) }
        try EvidenceStatement.checkSigner(evidence.document, key)
      }
    } else {
      add(.signature, .notChecked, "no key was given: anybody may have made this envelope")
    }
    check(.statement, "names the archive, the golden trace and the snapshot of this evidence") {
      () throws(EvidenceFault) in
      try EvidenceStatement.check(statement, about: evidence.document)
    }
  }
}
