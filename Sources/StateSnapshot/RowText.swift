internal import StorageProtocol

/// Values of rows, as the `.sha3sum` command of the sqlite3 shell hashes them: `R` before a row; `N`; `I` and 8 bytes, most
/// significant first; `T` or `B`, the length, `:` and the bytes.
struct RowText {
  /// A value, for a statement to be bound to.
  struct Value {
    enum Kind { case null, integer, text, blob }

    let kind: Kind
    var integer: Int64 = 0
    /// Of the bytes, in ``RowText/bytes``.
    var place = 0..<0
  }

  private(set) var bytes: [UInt8] = []
  private(set) var values: [Value] = []

  init() {}

  /// No rows, and room for about as many as another has.
  init(capacityOf other: RowText) {
    bytes.reserveCapacity(other.bytes.count + other.bytes.count / 4)
    values.reserveCapacity(other.values.count)
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  mutating func beginRow() { bytes.append(UInt8(ascii: "R")) }

  mutating func appendNull() {
    bytes.append(UInt8(ascii: "N"))
    values.append(Value(kind: .null))
  }

  mutating func append(_ integer: Int64) {
    bytes.append(UInt8(ascii: "I"))
    withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    values.append(Value(kind: .integer, integer: integer))
  }

  mutating func append(text: UnsafeRawBufferPointer) { append(UInt8(ascii: "T"), .text, text) }

  mutating func append(blob: UnsafeRawBufferPointer) { append(UInt8(ascii: "B"), .blob, blob) }

  private mutating func append(_ letter: UInt8, _ kind: Value.Kind, _ content: UnsafeRawBufferPointer) {
    bytes.append(letter)
    append(decimal: content.count)
    bytes.append(UInt8(ascii: ":"))
    let start = bytes.count
    bytes.append(contentsOf: content)
    values.append(Value(kind: kind, place: start..<bytes.count))
  }

  private mutating func append(decimal number: Int) {
    if number >= 10 { append(decimal: number / 10) }
    bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}

extension RowText {
  mutating func append(text: [UInt8]) { text.withUnsafeBytes { append(text: $0) } }

  mutating func append(text: String) { append(text: Array(text.utf8)) }

  mutating func append(blob: [UInt8]) { blob.withUnsafeBytes { append(blob: $0) } }

  mutating func append(_ id: Identifier) { append(blob: id.bytes) }

  mutating func append(_ digest: Digest) {
    withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { buffer in
      // The buffer has room for one digest.
      if let start = buffer.baseAddress { digest.store(to: start) }
      append(blob: UnsafeRawBufferPointer(buffer))
    }
  }

  mutating func append(_ count: UInt64) { append(Int64(bitPattern: count)) }

  mutating func append(_ number: BigNum128) { append(text: number.decimalBytes) }
}
