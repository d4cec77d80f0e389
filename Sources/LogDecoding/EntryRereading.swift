package import StorageProtocol

/// Reads single entries again as JSON values: for the few of which a report or an export needs more than columns.
package struct EntryRereading: ~Copyable {
  private var tape = JSONTape()

  package init() {}

  /// The members of an entry that has been decoded, or of canonical JSON that this program wrote.
  package mutating func object(_ text: ByteView) -> JSONObject {
    guard case .json = tape.read(text), let object = tape.value(0).objectValue else {
      preconditionFailure("only the text of a decoded entry is read again")
    }
    return object
  }

  /// The members of canonical JSON that this program wrote.
  package mutating func object(_ text: [UInt8]) -> JSONObject {
    text.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { preconditionFailure("an object has brackets") }
      return object(ByteView(start, bytes.count))
    }
  }
}
