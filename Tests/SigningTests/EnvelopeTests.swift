import ReplayTestSupport
import Signing
import StorageProtocol
import Testing

@Suite struct EnvelopeTests {
  /// The example of the protocol's text.
  @Test func `what is signed has every length before it`() {
    let envelope = DSSE(payloadType: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
    #expect(
      String(decoding: envelope.signedBytes, as: UTF8.self)
        == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
  }

  @Test func `an envelope written and read again verifies by each of its keys`() throws {
    let keys = SigningAlgorithm.allCases.map(SigningKey.generate)
    var envelope = DSSE(payloadType: DSSE.inTotoType, payload: Array("{}".utf8))
    for key in keys { envelope.sign(key) }
    let again = try DSSE(JSONText.value(JSONFormat.line.encode(envelope.json)))
    #expect(again == envelope)
    for key in keys { #expect(again.isSigned(by: key.verifyingKey)) }
    #expect(!again.isSigned(by: SigningKey.generate(.ed25519).verifyingKey))
    let other = DSSE(payloadType: DSSE.inTotoType + "x", payload: envelope.payload)
    #expect(other.signedBytes != envelope.signedBytes)
  }

  @Test(arguments: [
    ("[]", DSSEFault.notAnEnvelope), (#"{"payload":"","signatures":[]}"#, .notAnEnvelope),
    (#"{"payloadType":"","payload":"","signatures":[{"sig":""}],"more":1}"#, .notAnEnvelope),
    (#"{"payloadType":"","payload":"!","signatures":[{"sig":""}]}"#, .malformedPayload),
    (#"{"payloadType":"","payload":"AB==","signatures":[{"sig":""}]}"#, .malformedPayload),
    (#"{"payloadType":"","payload":"","signatures":[]}"#, .notSigned),
    (#"{"payloadType":"","payload":"","signatures":[{"keyid":""}]}"#, .malformedSignature),
    (#"{"payloadType":"","payload":"","signatures":[{"sig":"","keyid":1}]}"#, .malformedSignature),
    (#"{"payloadType":"","payload":"","signatures":[{"sig":"","x":""}]}"#, .malformedSignature),
  ])
  func `what is no envelope is refused`(text: String, fault: DSSEFault) throws {
    let json = try JSONText.value(Array(text.utf8))
    #expect(throws: fault) { try DSSE(json) }
  }
}
