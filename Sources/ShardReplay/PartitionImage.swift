internal import Foundation
internal import StorageProtocol

extension ObjectPartition {
  /// Writes everything the partition holds, in the layout of this program's memory: for the same program to read again.
  ///
  /// - Parameter write: takes the bytes of the image in order.
  package func writeImage<Failure: Error>(
    _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(!objects.keepsMetadata, "only a replay without an export is put aside")
    try objects.index.writeImage(write)
    try objects.records.writeImage(write)
    try ImageCoding.write(objects.rarities, write)
  }

  /// Takes an image's place: everything the partition held is forgotten.
  ///
  /// - Parameter read: fills a buffer with the next bytes of an image that ``writeImage(_:)`` wrote, and that nobody changed.
  package func readImage<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try objects.index.readImage(read)
    try objects.records.readImage(read)
    objects.rarities = try ImageCoding.read(ObjectTable.Rarities.self, read)
  }

  /// Forgets all objects and gives their memory back.
  package func removeAll() {
    objects.index.removeAll()
    objects.records.removeAll()
    objects.rarities = ObjectTable.Rarities()
  }

  /// Bytes of memory that the partition's objects take, but for rare things.
  package var memoryBytes: Int { objects.index.memoryBytes + objects.records.allocatedBytes }
}

extension ObjectTable {
  /// What few objects have.
  struct Rarities: Codable {
    var orphans: [RecordReference: [Orphan]] = [:]
    var explicitPlacements = ExplicitPlacements()
  }

  fileprivate var rarities: Rarities {
    get { Rarities(orphans: orphans, explicitPlacements: explicitPlacements) }
    set {
      orphans = newValue.orphans
      explicitPlacements = newValue.explicitPlacements
    }
  }
}

/// Numbers and small values in an image.
enum ImageCoding {
  static func write<Failure: Error>(
    _ numbers: [Int], _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let words = [numbers.count] + numbers
    try words.withBytes(write)
  }

  static func numbers<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> [Int] {
    try words(try words(1, read)[0], read)
  }

  private static func words<Failure: Error>(
    _ count: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> [Int] {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * MemoryLayout<Int>.stride, alignment: MemoryLayout<Int>.alignment)
    defer { bytes.deallocate() }
    if count > 0 { try read(bytes) }
    return Array(bytes.bindMemory(to: Int.self))
  }

  static func write<Failure: Error>(
    _ value: some Encodable, _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    guard let data = try? JSONEncoder().encode(value) else { preconditionFailure("numbers and bytes are JSON") }
    try ImageCoding.write([data.count], write)
    try Array(data).withBytes(write)
  }

  static func read<Value: Decodable, Failure: Error>(
    _ type: Value.Type, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> Value {
    let count = try numbers(read)[0]
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 1)
    defer { bytes.deallocate() }
    try read(UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
    guard let value = try? JSONDecoder().decode(type, from: Data(bytes[..<count])) else {
      preconditionFailure("an image is read as it was written")
    }
    return value
  }
}

extension Array where Element: BitwiseCopyable {
  /// Hands out the elements' bytes.
  fileprivate func withBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var outcome = Result<Void, Failure>.success(())
    withUnsafeBytes { bytes in outcome = Result { () throws(Failure) in try body(bytes) } }
    try outcome.get()
  }
}
