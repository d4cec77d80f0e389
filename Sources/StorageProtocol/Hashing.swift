internal import Crypto

extension Digest {
  /// The SHA3-256 digest (FIPS 202) of `bytes`: `H` of protocol.md.
  package static func sha3(_ bytes: some Sequence<UInt8>) -> Digest {
    var hasher = SHA3Hasher()
    hasher.update(Array(bytes))
    return hasher.finalize()
  }

  /// The SHA-256 digest (FIPS 180-4) of `bytes`: `S` of protocol.md 12.
  package static func sha256(_ bytes: some Sequence<UInt8>) -> Digest {
    var hasher = SHA256Hasher()
    hasher.update(Array(bytes))
    return hasher.finalize()
  }
}

extension Digest {
  /// The SHA-256 digest of `prefix` ‖ `digest`.
  package static func sha256(prefix: UInt8, _ digest: Digest) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 1 + byteCount, alignment: 8) { text in
      text[0] = prefix
      // From byte 1 on there is room for one digest.
      digest.store(to: text.baseAddress.unsafelyUnwrapped + 1)
      return sha256(UnsafeRawBufferPointer(text))
    }
  }

  /// The SHA-256 digest of `prefix` ‖ `left` ‖ `right`.
  package static func sha256(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * byteCount, alignment: 8) { text in
      text[0] = prefix
      // From byte 1 on there is room for two digests.
      let first = text.baseAddress.unsafelyUnwrapped + 1
      left.store(to: first)
      right.store(to: first + byteCount)
      return sha256(UnsafeRawBufferPointer(text))
    }
  }

  /// The SHA-256 digest of bytes in memory.
  package static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256()
    hasher.update(bufferPointer: bytes)
    return hasher.finalize().withUnsafeBytes { Digest(loading: $0.baseAddress.unsafelyUnwrapped) }
  }
}

/// SHA3-256 over bytes that come in pieces, by swift-crypto.
package struct SHA3Hasher {
  private var state = SHA3_256()

  package init() {}

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
  }

  package func finalize() -> Digest { state.finalize().withUnsafeBytes { Digest(bytes: $0) } }
}

/// SHA-256 over bytes that come in pieces, by swift-crypto.
package struct SHA256Hasher {
  private var state = SHA256()

  package init() {}

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
  }

  package func finalize() -> Digest { state.finalize().withUnsafeBytes { Digest(bytes: $0) } }
}
