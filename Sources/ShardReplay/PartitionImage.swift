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
    try objects.orphans.writeImage(write)
    try objects.explicitPlacements.writeImage(write)
  }

  /// Takes an image's place: everything the partition held is forgotten.
  ///
  /// - Parameter read: fills a buffer with the next bytes of an image that ``writeImage(_:)`` wrote, and that nobody changed.
  package func readImage<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try objects.index.readImage(read)
    try objects.records.readImage(read)
    try objects.orphans.readImage(read)
    try objects.explicitPlacements.readImage(read)
  }

  /// Forgets all objects and gives their memory back.
  package func removeAll() {
    objects.index.removeAll()
    objects.records.removeAll()
    objects.orphans = OrphanLists()
    objects.explicitPlacements = ExplicitPlacements()
    objects.metadata = [:]
  }

  /// Bytes of memory that the partition's objects take, about.
  package var memoryBytes: Int {
    objects.index.memoryBytes + objects.records.allocatedBytes + objects.orphans.memoryBytes
      + objects.explicitPlacements.memoryBytes
  }
}

/// Numbers and arrays in a file that the same program reads again.
package enum ImageCoding {
  /// Numbers, with their count in front.
  static func write<Failure: Error>(
    _ numbers: [Int], _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try ImageCoding.write(elements: [numbers.count] + numbers, write)
  }

  static func numbers<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> [Int] {
    let counts = try elements(1, read) as [Int]
    return try elements(counts[0], read)
  }

  /// Elements whose count is written elsewhere.
  package static func write<Element: BitwiseCopyable, Failure: Error>(
    elements: [Element], _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try elements.withUnsafeBufferPointer { (buffer) throws(Failure) in try write(UnsafeRawBufferPointer(buffer)) }
  }

  package static func elements<Element: BitwiseCopyable, Failure: Error>(
    _ count: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> [Element] {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: count)
    defer { buffer.deallocate() }
    // `read` fills the buffer, or throws.
    try read(UnsafeMutableRawBufferPointer(buffer))
    return Array(buffer)
  }
}
