internal import StorageProtocol

/// The byte encodings of protocol.md 12: integers big-endian, strings with a 32-bit length before them.
struct CommitmentEncoding {
  private(set) var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func append(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.bigEndian) { bytes += $0 }
  }

  mutating func append(_ digest: Digest) { bytes += digest.bytes }

  mutating func append(_ number: BigNum128) { append(number.raw) }

  mutating func append(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  mutating func append(string: [UInt8]) {
    guard let length = UInt32(exactly: string.count) else {
      preconditionFailure("a string of the log is shorter than 4 GiB")
    }
    append(length)
    bytes += string
  }
}
