package import StorageProtocol

/// Why a file proves nothing. Says where in the file, in its own names.
package enum ProofFault: Error, Equatable, CustomStringConvertible {
  /// Larger than any proof that is read.
  case tooLarge
  /// Neither an eqm-proof/1 document nor a tlog-proof.
  case notAProof
  /// Not JSON, at this byte.
  case notJSON(position: Int)
  /// JSON that a proof must not hold, at this byte: a key that is there twice, a lone surrogate, deep nesting.
  case faultyJSON(position: Int)
  case missing(field: String)
  /// A field that nothing checks could say anything.
  case unknown(field: String)
  case malformed(field: String, expected: String)
  /// A line of a tlog-proof, counted from 1.
  case malformedLine(Int, expected: String)
  /// The checkpoint in a tlog-proof.
  case checkpoint(String)
  /// The path is not the way from the stated place to a root.
  case path
  /// The path leads to another root than the file states.
  case otherRoot(field: String, stated: Digest, computed: Digest)
  /// Two fields that say different things.
  case contradiction(String, String)

  package var description: String {
    switch self {
    case .tooLarge: "the file is larger than \(ProofFile.bytesMax) bytes: no proof that is read is"
    case .notAProof: "the file is neither an \(ProofFile.format) document nor a \(EventProof.header)"
    case .notJSON(let position): "the file is not one JSON document: it ends, or is no JSON, at byte \(position)"
    case .faultyJSON(let position):
      "the JSON has a key twice, a lone surrogate or too deep nesting, at byte \(position)"
    case .missing(let field): "\(field) is missing"
    case .unknown(let field): "\(field) is no field of such a proof: nothing would check it"
    case .malformed(let field, let expected): "\(field) is not \(expected)"
    case .malformedLine(let line, let expected): "line \(line) is not \(expected)"
    case .checkpoint(let reason): "the checkpoint: \(reason)"
    case .path: "the path is not the way from the stated place to a root: too long, too short, or past an empty place"
    case .otherRoot(let field, let stated, let computed):
      "the stated fields lead to \(computed.hexadecimal), but \(field) is \(stated.hexadecimal)"
    case .contradiction(let one, let other): "\(one) and \(other) do not agree"
    }
  }
}
