/// Why one entry is rejected. The state stays exactly as it was.
package struct EntryFault: Error, Equatable {
  package let code: ErrorCode
  /// A sentence for people.
  package let message: String

  package init(_ code: ErrorCode, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// The sentences, one for each way an entry can be bad: every engine says the same of the same entry.
extension EntryFault {
  private static func invalid(_ sentence: String) -> EntryFault { EntryFault(.invalidInput, sentence) }

  // MARK: JSON

  /// JSON that an entry must not hold (protocol.md 10).
  package enum JSONFault: String, Sendable {
    case loneSurrogate = "a lone surrogate in a string"
    case duplicateKey = "a key that occurs twice in one object"
    case tooDeep = "nesting deeper than 512"
  }

  package static func json(_ fault: JSONFault, position: Int) -> EntryFault {
    invalid("\(fault.rawValue), at byte \(position) of the entry")
  }

  package static let entryNotObject = invalid("the entry is not an object")

  // MARK: Form

  package static func missing(_ field: String) -> EntryFault { invalid("\(field) is missing") }
  package static func notString(_ field: String) -> EntryFault { invalid("\(field) is not a string") }
  package static func notObject(_ field: String) -> EntryFault { invalid("\(field) is not an object") }
  package static func notList(_ field: String) -> EntryFault { invalid("\(field) is not a list") }
  package static func notListOfStrings(_ field: String) -> EntryFault { invalid("\(field) is not a list of strings") }
  package static func notSigned64(_ field: String) -> EntryFault { invalid("\(field) is not a signed 64-bit integer") }
  package static func notNatural(_ field: String) -> EntryFault { invalid("\(field) is not an integer from 0 on") }

  package static let version = EntryFault(.invalidVersion, "version is not an unsigned 64-bit integer")
  package static let hashCommit = invalid("hash_commit is not 64 lowercase hexadecimal digits")
  package static let metadata = invalid("metadata of the payload is not an object")
  package static let contentNotString = invalid("content of the payload is not a string")
  package static let contentNotBase64 = invalid("content of the payload is not padded base64")
  package static let carriedStoreIncomplete = invalid(
    "a STORE without payload needs hash_commit, content_size and atr_cost")
  package static let requestedShards = invalid("replica_sets does not have exactly one key")
  package static let status = invalid("status is none of active, inactive, revoked")
  package static let snapshotMissing = EntryFault(.aegisContextMissing, "an AEGIS_CONTEXT needs both snapshots")

  package static func malformedSnapshot(_ sentence: String) -> EntryFault {
    invalid("malformed snapshot: \(sentence)")
  }

  package static func contentTooLarge(_ contentBytes: UInt64, bytesMax: UInt64) -> EntryFault {
    invalid("content of \(contentBytes) bytes is larger than the limit of \(bytesMax)")
  }

  // MARK: Integrity

  private static func mismatch(_ sentence: String) -> EntryFault { EntryFault(.integrityMismatch, sentence) }

  package static let recordIncomplete = mismatch("event_id is there, but not every field that it hashes")
  package static let eventID = mismatch("the recorded fields do not hash to event_id")
  package static let replicaSetKeys = mismatch("the keys of replica_sets are not the object's shards")

  package static func illegalCost(contentBytes: UInt64) -> EntryFault {
    mismatch("atr_cost is no legal cost of \(contentBytes) bytes")
  }

  package static func contradictsContent(_ field: StorageEvent.Field) -> EntryFault {
    mismatch("\(field.rawValue) is not what the entry's content gives")
  }

  // MARK: Arithmetic

  package static func arithmetic(_ error: ArithmeticError) -> EntryFault {
    let sentence =
      switch error {
      case .overflow: "a BigNum128 would overflow"
      case .divisionByZero: "division by zero"
      case .moduloByZero: "modulo by zero"
      }
    return EntryFault(.internal, "arithmetic: \(sentence)")
  }
}
