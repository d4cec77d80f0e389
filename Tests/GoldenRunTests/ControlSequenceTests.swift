import GoldenRun
import ReplayTestSupport
import StorageProtocol
import Testing

@Suite struct ControlSequenceTests {
  @Test func `each of 3,000 short logs gives its recorded state root`() throws {
    let vectors = try Fixture.json("control-sequences")
    let entries = try vectors.object("entries").members
    let roots = try vectors.object("state_roots").members
    #expect(roots.count == 3000)
    var textByLetter: [UInt8: String] = [:]
    for entry in entries { textByLetter[entry.key[0]] = entry.value.canonicalText }
    for sequence in roots {
      let log = try sequence.key.map { try #require(textByLetter[$0]) }
      let engine = try LogText.replay(log)
      #expect(
        .hexadecimal(engine.result.roots.state) == sequence.value, "\(String(decoding: sequence.key, as: UTF8.self))")
      #expect(engine.result.entries.applied == UInt64(log.count))
    }
  }
}
