internal import CByteSearch

/// Estimates what the entries of a text will take in memory beyond their text: shards that a size stands for, and contents that
/// lie elsewhere.
///
/// Looks for `"content_size": 123` and, in an archive that has packs, `"size": 123` by their bytes, without reading JSON. Only where a log is
/// cut into batches depends on it, never what comes of it: a name spelt with escapes is not seen, one inside a string counts.
struct WeightScan {
  /// What a batch may weigh: about 16,000 shards (300 bytes each, derived) or 8 MiB of contents.
  static let weightMax: UInt64 = 8 << 20
  private static let shardBytes: UInt64 = 512

  private let sizeName = Array(#""content_size""#.utf8)
  private let contentName: [UInt8]?
  private let chunkBytes: UInt64
  private var weight: UInt64 = 0

  /// - Parameters:
  ///   - chunkBytes: of content a shard.
  ///   - countsContents: whether entries refer to contents elsewhere.
  init(chunkBytes: UInt64, countsContents: Bool) {
    self.chunkBytes = chunkBytes
    contentName = countsContents ? Array(#""size""#.utf8) : nil
  }

  mutating func restart() { weight = 0 }

  /// Weighs `bytes` in `range`, and returns where in it the sum passed ``weightMax``; nil where it did not.
  mutating func weigh(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    var size = WeightScan.find(sizeName, bytes, range)
    var content = contentName.flatMap { WeightScan.find($0, bytes, range) }
    while let place = WeightScan.first(size, content) {
      if place == size {
        add(WeightScan.number(bytes, place..<range.upperBound) / chunkBytes, times: WeightScan.shardBytes)
        size = WeightScan.find(sizeName, bytes, place..<range.upperBound)
      } else if let contentName {
        add(WeightScan.number(bytes, place..<range.upperBound), times: 1)
        content = WeightScan.find(contentName, bytes, place..<range.upperBound)
      }
      if weight >= WeightScan.weightMax { return place }
    }
    return nil
  }

  private static func first(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  private mutating func add(_ count: UInt64, times bytes: UInt64) {
    // Both stay far below 2^63: what is longer than 12 digits is not read, and the sum ends at `weightMax`.
    weight += count * bytes
  }

  /// The place behind the first `name` in `range`.
  private static func find(_ name: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    guard let base = bytes.baseAddress, range.count >= name.count else { return nil }
    // Looks at the bytes of `range` only.
    return cbyte_search(base + range.lowerBound, range.count, name, name.count).map {
      $0 - base + name.count
    }
  }

  /// The number behind a colon; 0 where there is none.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
    var place = range.lowerBound
    while place < range.upperBound, bytes[place] == UInt8(ascii: ":") || EntryScanner.isBlank(bytes[place]) {
      place += 1
    }
    var number: UInt64 = 0
    let end = min(range.upperBound, place + 12)
    while place < end, bytes[place] >= UInt8(ascii: "0"), bytes[place] <= UInt8(ascii: "9") {
      number = 10 * number + UInt64(bytes[place] - UInt8(ascii: "0"))
      place += 1
    }
    return number
  }
}
