internal import CXXHash

/// XXH32 with seed 0, as LZ4 frames have it.
enum Checksum {
  static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    // A buffer without an address has no bytes, and none are read.
    cxxhash_xxh32(bytes.baseAddress, bytes.count)
  }
}

/// Messages whose checksums are computed together: several side by side where the processor can.
///
/// A batch keeps pointers: the bytes of every message must stay where they are until ``compute()`` has returned.
package struct ChecksumBatch {
  private let backend: cxxhash_backend
  private var messages: [cxxhash_message] = []
  private var checksums: [UInt32] = []

  /// - Parameter isPortable: whether vectors are left aside, whatever the processor has.
  package init(isPortable: Bool = false) { backend = isPortable ? CXXHASH_SCALAR : cxxhash_fastest_backend() }

  package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    messages.append(cxxhash_message(bytes: bytes.baseAddress, count: bytes.count))
  }

  package mutating func compute() {
    if checksums.count < messages.count { checksums = Array(repeating: 0, count: messages.count) }
    // There is room for a checksum of each message.
    cxxhash_xxh32_many(backend, messages, messages.count, &checksums)
  }

  /// The checksum of the message that was the `index`-th to be appended, once computed.
  package subscript(index: Int) -> UInt32 {
    precondition(index < messages.count, "the batch has \(messages.count) messages")
    return checksums[index]
  }

  /// Forgets messages, keeping the memory.
  package mutating func removeAll() { messages.removeAll(keepingCapacity: true) }
}
