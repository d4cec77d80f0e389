internal import GoldenRun
internal import StateCommitment
internal import StorageProtocol

/// A proof as a file holds it: `eqm-proof/1`, or a C2SP tlog-proof.
package enum ProofFile: Equatable, Sendable {
  case event(EventProof)
  case state(StateProof)
  case consistency(ConsistencyProof)

  package static let format = "eqm-proof/1"

  /// Bytes of the largest file that is read or written: objects of more than 100,000 shards take that much.
  package static let bytesMax = 16 << 20

  /// Reads a file, without judging what it proves.
  ///
  /// - Throws: ``ProofFault``.
  package init(parsing text: [UInt8]) throws(ProofFault) {
    guard text.count <= ProofFile.bytesMax else { throw .tooLarge }
    if EventProof.isMeant(by: text) {
      self = .event(try EventProof(parsing: text))
      return
    }
    let document = try ProofFile.document(text)
    guard document["format"] == .text(ProofFile.format) else { throw .notAProof }
    let kind = document["kind"]?.stringBytes.map { String(decoding: $0, as: UTF8.self) }
    switch kind {
    case StateProof.objectKind?, StateProof.noObjectKind?, StateProof.nodeKind?, StateProof.noNodeKind?:
      self = .state(try StateProof(kind ?? "", document))
    case ConsistencyProof.kind?: self = .consistency(try ConsistencyProof(document))
    default: throw .malformed(field: "kind", expected: "a kind of proof of this format")
    }
  }

  private static func document(_ text: [UInt8]) throws(ProofFault) -> JSONObject {
    guard let first = text.first(where: { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }), first == UInt8(ascii: "{") else {
      throw .notAProof
    }
    do {
      let (value, fault) = try JSONReader.read(text)
      if let fault { throw ProofFault.faultyJSON(position: fault.position) }
      guard let document = value.objectValue else { throw ProofFault.notAProof }
      return document
    } catch let error as ProofFault {
      throw error
    } catch let error as JSONReader.SyntaxError {
      throw .notJSON(position: error.position)
    } catch {
      preconditionFailure("reading JSON throws nothing else")
    }
  }

  /// The file.
  package var text: [UInt8] {
    switch self {
    case .event(let proof): proof.text
    case .state(let proof): ProofFile.text(proof.json)
    case .consistency(let proof): ProofFile.text(proof.json)
    }
  }

  private static func text(_ json: JSONObject) -> [UInt8] {
    JSONFormat.indented.encode(.object(json)) + [UInt8(ascii: "\n")]
  }
}
