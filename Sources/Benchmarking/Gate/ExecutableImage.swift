/// An ELF file of 64 bits, low bytes first (System V ABI, "Program Header").
package enum ExecutableImage {
  private static let magic: [UInt8] = [0x7F, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F"), 2, 1]
  private static let headerBytes = 64
  private static let loaded: UInt64 = 1
  private static let mayBeWritten: UInt8 = 2

  /// Lets every segment that is loaded be written; false for what is no such file, which stays as it is.
  package static func makeWritable(_ image: inout [UInt8]) -> Bool {
    guard image.count >= headerBytes, image.starts(with: magic) else { return false }
    let start = number(in: image, at: 32, bytes: 8)
    let entryBytes = number(in: image, at: 54, bytes: 2)
    let count = number(in: image, at: 56, bytes: 2)
    guard entryBytes >= 8, start <= UInt64(image.count), count * entryBytes <= UInt64(image.count) - start else {
      return false
    }
    for entry in 0..<count {
      let place = Int(start + entry * entryBytes)
      // The lowest byte of its flags.
      if number(in: image, at: place, bytes: 4) == loaded { image[place + 4] |= mayBeWritten }
    }
    return true
  }

  private static func number(in image: [UInt8], at place: Int, bytes: Int) -> UInt64 {
    image[place..<(place + bytes)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
