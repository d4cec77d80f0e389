import ReplayTestSupport
import Signing
import Testing

@Suite struct KeyTests {
  @Test(arguments: SigningAlgorithm.allCases)
  func `a key written and read again signs as before`(algorithm: SigningAlgorithm) throws {
    let key = SigningKey.generate(algorithm)
    let again = try SigningKey(pem: key.pem)
    #expect(again.algorithm == algorithm)
    #expect(again.pem == key.pem)
    let verifying = try VerifyingKey(pem: key.verifyingKey.pem)
    #expect(verifying == again.verifyingKey)
    #expect(verifying.isValid(signature: again.signature(for: [1, 2, 3]), for: [1, 2, 3]))
  }

  @Test(arguments: SigningAlgorithm.allCases)
  func `another message, another signature and another key do not verify`(algorithm: SigningAlgorithm) {
    let key = SigningKey.generate(algorithm)
    let message: [UInt8] = Array("a message".utf8)
    let signature = key.signature(for: message)
    for index in signature.indices {
      var changed = signature
      changed[index] ^= 1
      #expect(!key.verifyingKey.isValid(signature: changed, for: message), "byte \(index)")
    }
    #expect(!key.verifyingKey.isValid(signature: signature, for: message + [0]))
    #expect(!key.verifyingKey.isValid(signature: [], for: message))
    for other in SigningAlgorithm.allCases {
      #expect(!SigningKey.generate(other).verifyingKey.isValid(signature: signature, for: message))
    }
  }

  /// RFC 8410, section 10: its private and its public example key belong together.
  @Test func `the keys of RFC 8410 are read`() throws {
    let key = try SigningKey(
      pem: Array(
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n"
          .utf8))
    let text = Array(
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
        .utf8
    )
    #expect(try VerifyingKey(pem: text) == key.verifyingKey)
    #expect(key.verifyingKey.pem == text)
  }

  @Test(arguments: [
    ("", KeyFault.notPEM), ("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", .notPEM),
    ("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n", .notPEM),
    ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", .notPEM),
    ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\nmore\n", .notPEM),
    ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", .unknownAlgorithm),
    ("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAA\n-----END PRIVATE KEY-----\n", .unknownAlgorithm),
    ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", .encrypted),
    ("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", .otherLabel("EC PRIVATE KEY")),
    ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", .otherLabel("PUBLIC KEY")),
  ])
  func `what is no private key is refused`(text: String, fault: KeyFault) {
    #expect(throws: fault) { try SigningKey(pem: Array(text.utf8)) }
  }
}
