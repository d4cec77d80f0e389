internal import StorageProtocol

/// The contents of a batch of STOREs, each followed by what its content hash covers besides: `1.0` and the metadata.
struct WorkloadContents {
  /// Keys of the metadata of each STORE.
  static let metadataKeyCount = 3

  private let contentBytes: Int
  private(set) var bytes: [UInt8] = []
  /// What the content hash of each STORE covers.
  private(set) var hashed: [Range<Int>] = []

  init(contentBytes: Int) { self.contentBytes = contentBytes }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    hashed.removeAll(keepingCapacity: true)
  }

  /// Adds the pseudo-random content of `object`.
  mutating func append(_ object: WorkloadObject, _ random: inout SeededGenerator) {
    let start = bytes.count
    bytes += repeatElement(0, count: contentBytes)
    bytes.withUnsafeMutableBytes { bytes in
      for position in stride(from: start, to: start + contentBytes, by: 8) {
        let word = random.next()
        // Up to eight bytes, none past the end of the content.
        for index in position..<min(position + 8, start + contentBytes) {
          bytes[index] = UInt8(truncatingIfNeeded: word >> UInt64(8 * (index - position)))
        }
      }
    }
    bytes += Array(GovernedConstants().schemaVersion.utf8)
    bytes += WorkloadContents.metadata(object, blank: "")
    hashed.append(start..<bytes.count)
  }

  /// The content in `slot`.
  func content(_ slot: Int) -> ArraySlice<UInt8> { bytes[hashed[slot]].prefix(contentBytes) }

  /// The metadata of `object`; canonical without blanks.
  static func metadata(_ object: WorkloadObject, blank: String) -> [UInt8] {
    let members = [
      "\"author\":\(blank)\"u\(object.number % 1000)\"", "\"mime\":\(blank)\"application/octet-stream\"",
      "\"sequence\":\(blank)\(object.number)",
    ]
    return Array("{\(members.joined(separator: ",\(blank)"))}".utf8)
  }
}

extension WorkloadText {
  /// Two digits of base64 for each 12 bits.
  private static let digitPairs: [(UInt8, UInt8)] = {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return (0..<4096).map { (digits[$0 >> 6], digits[$0 & 63]) }
  }()

  /// Appends `content` in base64 (RFC 4648), padded.
  mutating func appendBase64(_ content: ArraySlice<UInt8>) {
    let groupCount = content.count / 3
    let text = [UInt8](unsafeUninitializedCapacity: 4 * groupCount) { text, count in
      content.withUnsafeBufferPointer { content in
        WorkloadText.digitPairs.withUnsafeBufferPointer { pairs in
          // Three bytes of each whole group, and room for four digits of it.
          for group in 0..<groupCount {
            let bits = Int(content[3 * group]) << 16 | Int(content[3 * group + 1]) << 8 | Int(content[3 * group + 2])
            (text[4 * group], text[4 * group + 1]) = pairs[bits >> 12]
            (text[4 * group + 2], text[4 * group + 3]) = pairs[bits & 4095]
          }
        }
      }
      count = 4 * groupCount
    }
    append(text)
    appendBase64Rest(Array(content.suffix(content.count % 3)))
  }

  private mutating func appendBase64Rest(_ rest: [UInt8]) {
    guard let first = rest.first else { return }
    let bits = Int(first) << 16 | Int(rest.count > 1 ? rest[1] : 0) << 8
    let (high, low) = (WorkloadText.digitPairs[bits >> 12], WorkloadText.digitPairs[bits & 4095])
    append([high.0, high.1, rest.count > 1 ? low.0 : UInt8(ascii: "="), UInt8(ascii: "=")])
  }
}
