import LogGeneration
import ReplayTestSupport
import StorageProtocol
import Testing

@Suite struct IdentityTests {
  @Test func `canonically equal texts of different bytes are different ids`() {
    let composed = Identifier("caf\u{E9}")
    let decomposed = Identifier("cafe\u{301}")
    #expect(composed.text == decomposed.text, "as strings they are equal: that is the trap")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test func `ids are in code point order, not UTF-16 order`() {
    let ids = ["\u{1F600}", "\u{FB01}", "\u{E000}", "a", ""].map(Identifier.init)
    #expect(ids.sorted() == ids.reversed())
  }

  @Test func `recorded shard ids come out`() throws {
    for item in try Fixture.json("hashing").elements("shard_ids") {
      let item = try #require(item.objectValue)
      let id = ObjectNaming.shardID(
        object: Identifier(bytes: try item.required("object_id").stringBytes ?? []),
        version: ObjectVersion(try #require(item["version"]?.integer(as: UInt64.self))),
        index: try #require(item["index"]?.integer(as: UInt64.self)))
      #expect(try item.text("shard_id") == id.hexadecimal)
    }
  }

  @Test func `a digest is read back from its text, and only from lowercase`() {
    let digest = Digest.sha3(Array("eqm".utf8))
    #expect(Digest(hexadecimal: digest.hexadecimalBytes) == digest)
    #expect(Digest(hexadecimal: Array(digest.hexadecimal.uppercased().utf8)) == nil)
    #expect(Digest(hexadecimal: Array(digest.hexadecimalBytes.dropLast())) == nil)
    #expect(Digest(bytes: digest.bytes) == digest)
  }

  @Test func `digests compare and split as their bytes do`() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let left = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let right = Array(left.prefix(.random(in: 0...31, using: &generator)))
      let padded = right + Array(repeating: UInt8.random(in: 0...255, using: &generator), count: 32 - right.count)
      #expect((Digest(bytes: left) < Digest(bytes: padded)) == left.lexicographicallyPrecedes(padded))
      for bit in [0, 1, 7, 8, 63, 64, 255] {
        #expect(Digest(bytes: left).bit(bit) == (left[bit / 8] >> (7 - UInt8(bit % 8)) & 1 == 1))
      }
    }
  }

  @Test func `a digest's remainder is that of the big-endian integer`() {
    let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
    for divisor in [1, 2, 3, 7, 12, 1000, 5000, 1 << 40] {
      let expected = bytes.reduce(UInt128(0)) { ($0 << 8 | UInt128($1)) % UInt128(divisor) }
      #expect(Digest(bytes: bytes).remainder(dividingBy: divisor) == Int(expected))
    }
  }
}
