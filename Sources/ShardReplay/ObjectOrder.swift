internal import StorageProtocol

/// The objects of some partitions in the order of their ids, then of their versions as signed numbers.
package struct ObjectOrder {
  private let partitions: [ObjectPartition]
  private let places: [Place]

  /// - Complexity: O(n log n) for n objects, 40 bytes each.
  package init(_ partitions: [ObjectPartition]) {
    self.partitions = partitions
    var places: [Place] = []
    for (number, partition) in partitions.enumerated() {
      for item in partition.objects.index.sorted(in: partition.objects.records) {
        places.append(Place(partition.objects.records.header(item.reference), item.reference, number))
      }
    }
    places.sort { left, right in
      if let isLess = left.isLessByPrefix(right) { return isLess }
      let (leftHeader, rightHeader) = (
        partitions[Int(left.partition)].objects.records.header(left.reference),
        partitions[Int(right.partition)].objects.records.header(right.reference)
      )
      return ObjectOrder.isLess(leftHeader, rightHeader)
    }
    self.places = places
  }

  private static func isLess(_ left: UnsafeMutablePointer<ObjectHeader>, _ right: UnsafeMutablePointer<ObjectHeader>)
    -> Bool
  {
    // Both records have as many bytes of an id as they say.
    let leftID = UnsafeBufferPointer(start: left.id, count: Int(left.pointee.idCount))
    let rightID = UnsafeBufferPointer(start: right.id, count: Int(right.pointee.idCount))
    if leftID.lexicographicallyPrecedes(rightID) { return true }
    if rightID.lexicographicallyPrecedes(leftID) { return false }
    return Int64(bitPattern: left.pointee.version) < Int64(bitPattern: right.pointee.version)
  }

  /// Calls `body` with every object, in order.
  package func forEach<Failure: Error>(_ body: (ObjectView) throws(Failure) -> Void) throws(Failure) {
    for place in places { try body(ObjectView(partitions[Int(place.partition)], place.reference)) }
  }
}

extension ObjectOrder {
  /// A record and the first bytes of its id: sorting looks at few records.
  private struct Place: BitwiseCopyable {
    /// The first 24 bytes of the id, as numbers; zeros behind its end.
    private let prefix: (UInt64, UInt64, UInt64)
    let partition: UInt32
    let reference: RecordReference

    init(_ header: UnsafeMutablePointer<ObjectHeader>, _ reference: RecordReference, _ partition: Int) {
      var bytes: (UInt64, UInt64, UInt64) = (0, 0, 0)
      withUnsafeMutableBytes(of: &bytes) { buffer in
        // The record has `idCount` bytes of an id, the buffer 24.
        buffer.copyMemory(
          from: UnsafeRawBufferPointer(start: header.id, count: min(buffer.count, Int(header.pointee.idCount))))
      }
      prefix = (UInt64(bigEndian: bytes.0), UInt64(bigEndian: bytes.1), UInt64(bigEndian: bytes.2))
      self.partition = UInt32(partition)
      self.reference = reference
    }

    /// Nil where the whole ids have to be looked at.
    func isLessByPrefix(_ other: Place) -> Bool? {
      if prefix.0 != other.prefix.0 { return prefix.0 < other.prefix.0 }
      if prefix.1 != other.prefix.1 { return prefix.1 < other.prefix.1 }
      if prefix.2 != other.prefix.2 { return prefix.2 < other.prefix.2 }
      return nil
    }
  }
}
