import Foundation
import GoldenRun
import ReplayTestSupport
import StorageProtocol
import Testing

@Suite struct ContentTests {
  @Test func `recorded Merkle roots and content hashes come out`() throws {
    let constants = GovernedConstants()
    for item in try Fixture.json("hashing").elements("merkle") {
      let item = try #require(item.objectValue)
      let size = try #require(item["size"]?.integer(as: Int.self))
      let bytes = content(try item.text("content"), size)
      #expect(
        try item.text("merkle_root") == ChunkTree.root(of: bytes, blockBytes: constants.merkleBlockBytes).hexadecimal)
      let contents: [Content] =
        try item.text("content") == "repeat-A" ? [.bytes(bytes), .placeholder(count: UInt64(size))] : [.bytes(bytes)]
      for content in contents {
        let hash = content.hashCommit(metadata: JSONObject([:]), constants: constants)
        #expect(try item.text("hash_commit_empty_metadata") == hash.hexadecimal)
      }
    }
  }

  private func content(_ name: String, _ size: Int) -> [UInt8] {
    guard name.hasPrefix("shake128:") else { return Array(repeating: UInt8(ascii: "A"), count: size) }
    return Shake128.squeeze(Array(name.dropFirst("shake128:".count).utf8), count: size)
  }

  @Test func `base64 is decoded as another implementation encodes it`() {
    for length in 0..<200 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ length) }
      let text = Array(Data(bytes).base64EncodedString().utf8)
      #expect(Base64.decode(text) == bytes)
      #expect(Base64.decodedByteCount(text) == length)
    }
  }

  @Test(arguments: [
    "QQ", "QQ=", "QQ===", "=", "====", "Q===", "Q Q=", "QQ==\n", "QUJ-", "QUJ_", "Q=Q=", "QQ==QQ==", "é==",
  ])
  func `bad base64 is refused`(text: String) { #expect(Base64.decode(Array(text.utf8)) == nil) }

  @Test func `every short text is base64 or not, and its size is never underestimated`() {
    let letters = Array("A=*".utf8)
    var texts: [[UInt8]] = [[]]
    for _ in 0..<5 {
      for text in texts {
        guard let bytes = Base64.decode(text) else { continue }
        #expect(Base64.decodedByteCount(text) == bytes.count)
      }
      #expect(texts.allSatisfy { Base64.decodedByteCount($0) >= 0 })
      texts = texts.flatMap { text in letters.map { text + [$0] } }
    }
  }

  @Test func `unused bits of the last character may be anything`() {
    #expect(Base64.decode(Array("QR==".utf8)) == [UInt8(ascii: "A")])
    #expect(Base64.decode(Array("QUI=".utf8)) == Base64.decode(Array("QUJ=".utf8)))
  }
}
