package import Signing

/// Why a file is no evidence, or a check of evidence fails. A path names a member from the document's top: `result.state`.
package enum EvidenceFault: Error, Equatable, CustomStringConvertible {
  case notJSON(position: Int)
  /// A key twice in one object, a lone surrogate, or nesting without end.
  case ambiguousJSON(position: Int)
  /// JSON, but neither evidence nor an envelope around it.
  case notEvidence
  case unknownSchema(String)
  case missing(String)
  case surplus(String)
  /// A value that this member cannot have.
  case impossible(String)
  /// A number that is no integer every reader keeps exactly.
  case inexactNumber
  /// A member that does not follow from what it is to follow from.
  case differs(String, from: String)
  case envelope(DSSEFault)
  case otherPayloadType(String)
  /// A key was given, and no signature is of it.
  case notSigned(by: String)
  case signatureMissing
  case notAStatement

  package var description: String {
    switch self {
    case .notJSON(let position): "not one JSON document: byte \(position) is unexpected"
    case .ambiguousJSON(let position): "JSON that can be read in more than one way, at byte \(position)"
    case .notEvidence: "not evidence of a drill, nor an envelope around one"
    case .unknownSchema(let schema): "evidence of another schema: \(schema.debugDescription)"
    case .missing(let path): "\(path) is missing"
    case .surplus(let path): "\(path) is no part of evidence"
    case .impossible(let path): "\(path) has a value that it cannot have"
    case .inexactNumber: "a number that not every reader keeps exactly"
    case .differs(let path, let source): "\(path) does not follow from \(source)"
    case .envelope(let fault): fault.description
    case .otherPayloadType(let type): "the envelope holds something else: \(type.debugDescription)"
    case .notSigned(let id): "no signature is of the key \(id)"
    case .signatureMissing: "a key was given, and the file has no signature"
    case .notAStatement: "the envelope holds no in-toto statement about evidence of a drill"
    }
  }
}
