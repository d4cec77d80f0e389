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

  package mutating func update(_ bytes: UnsafeRawBufferPointer) { state.update(bufferPointer: bytes) }

  package func finalize() -> Digest { state.finalize().withUnsafeBytes { Digest(bytes: $0) } }
}
