import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `restore` of damaged archives: everything comes back but what the damage touches, and that is named.
@Suite struct RestoreDamageTests {
  /// Where an entry's content is in an archive.
  private struct Reference {
    let key: Digest
    let ordinal: Int
    let pack: Int
    let offset: Int
    let storedBytes: Int
  }

  private static func references(of archive: String) throws -> [Reference] {
    let run = try CommandLineRun(shell: "for s in segments/*; do lz4 -dcq $s; done", folder: archive)
    return try run.output.split(separator: UInt8(ascii: "\n")).enumerated().compactMap { ordinal, line in
      guard let entry = try JSONText.value(Array(line)).objectValue, let payload = entry["payload"]?.objectValue,
        payload["pack"] != nil, let id = entry["object_id"]?.stringBytes,
        let version = entry["version"]?.integer(as: UInt64.self)
      else { return nil }
      let numbers = ["pack", "offset", "stored"].compactMap { payload[$0]?.integer(as: Int.self) }
      return Reference(
        key: ObjectNaming.shardID(object: Identifier(bytes: id), version: ObjectVersion(version), index: 0),
        ordinal: ordinal, pack: numbers[0], offset: numbers[1], storedBytes: numbers[2])
    }
  }

  /// Changes one byte of an archive's file.
  private static func flip(_ file: String, at offset: Int) throws {
    let url = URL(fileURLWithPath: file)
    var bytes = Array(try Data(contentsOf: url))
    bytes[offset] ^= 0x10
    try Data(bytes).write(to: url)
  }

  private static let log = Fixture.path("live-content.jsonl.lz4")

  @Test func `a byte changed in any frame of a pack costs just the object whose content it is`() throws {
    let folder = try TemporaryFolder()
    // The first objects, so that every frame's turn is quick.
    let lines = try Fixture.bytes(of: "live-content.jsonl.lz4").split(separator: UInt8(ascii: "\n")).prefix(40)
    let log = try folder.write(Array(lines.joined(separator: [UInt8(ascii: "\n")])), "log.jsonl")
    let archive = try pack(log, in: folder)
    let expected = try ExpectedContents(of: log)
    let references = try Self.references(of: archive)
    #expect(references.count > 20)
    let target = RestoredFolder(folder)
    var random = SeededGenerator(seed: 12)
    for reference in references {
      let digits = "\(1_000_000 + reference.pack)".dropFirst()
      let file = "\(archive)/content/\(digits).pack"
      let offset = reference.offset + random.index(below: reference.storedBytes)
      try Self.flip(file, at: offset)
      let comment: Comment = "entry \(reference.ordinal), byte \(offset) of the pack, seed 12"
      let isCurrent = !references.contains { $0.key == reference.key && $0.ordinal > reference.ordinal }
      let report = try target.restore(archive, ["--force"], status: 4)
      #expect(try report.object("counts")["damaged"] == .integer(isCurrent ? 1 : 0), comment)
      #expect(try report.object("archive_damage")["lost_contents"] == .integer(1), comment)
      #expect(try report.object("recovery_point")["state_root"] == .null, comment)
      try target.check(expected, damaged: isCurrent ? [reference.key] : [], comment)
      if isCurrent {
        let listed = try report.elements("damaged")
        #expect(
          try listed.map { try $0.objectValue?.text("reason").contains("entry \(reference.ordinal)") } == [true],
          comment)
      }
      try Self.flip(file, at: offset)
      try FileManager.default.removeItem(atPath: target.path)
    }
    try target.restore(archive, status: 0)
  }

  /// All objects of the fixture at a time, those that are there verified again: damage in several packs at once.
  @Test func `bytes changed in many frames cost just their objects`() throws {
    let folder = try TemporaryFolder()
    let archive = try pack(Self.log, in: folder)
    let expected = try ExpectedContents(of: Self.log)
    let references = try Self.references(of: archive)
    #expect(references.count == 119)
    var last: [Digest: Reference] = [:]
    for reference in references { last[reference.key] = reference }
    var random = SeededGenerator(seed: 13)
    let flipped = references.filter { _ in random.happens(percent: 30) }
    for reference in flipped {
      let digits = "\(1_000_000 + reference.pack)".dropFirst()
      try Self.flip(
        "\(archive)/content/\(digits).pack", at: reference.offset + random.index(below: reference.storedBytes))
    }
    let damaged = Set(flipped.filter { last[$0.key]?.ordinal == $0.ordinal }.map(\.key))
    #expect(damaged.count > 20)
    let target = RestoredFolder(folder)
    let report = try target.restore(archive, status: 4)
    #expect(try report.object("counts")["damaged"] == .integer(damaged.count))
    try target.check(expected, damaged: damaged, "seed 13")
  }

  @Test func `packs that are missing or cut cost their contents, and swapped ones nothing`() throws {
    let folder = try TemporaryFolder()
    let small = "\(folder.path)/small.eqm"
    #expect(try CommandLineRun(["pack", Self.log, "-o", small, "-q", "--segment-bytes", "900000"]).status == 0)
    let expected = try ExpectedContents(of: Self.log)
    let references = try Self.references(of: small)
    #expect(Set(references.map(\.pack)).count > 1)
    let cases: [(String, (Reference) -> Bool)] = [
      ("rm content/000000.pack", { $0.pack == 0 }),
      ("truncate -s 300000 content/000001.pack", { $0.pack == 1 && $0.offset + $0.storedBytes > 300_000 }),
      ("printf x >> content/000000.pack", { _ in false }),
      ("cd content && mv 000000.pack x && mv 000001.pack 000000.pack && mv x 000001.pack", { _ in false }),
      ("rm content/*", { _ in true }),
    ]
    for (number, (shell, isLost)) in cases.enumerated() {
      let archive = "\(folder.path)/\(number).eqm"
      #expect(try CommandLineRun(shell: "cp -r '\(small)' '\(archive)' && cd '\(archive)' && \(shell)").status == 0)
      var last: [Digest: Reference] = [:]
      for reference in references { last[reference.key] = reference }
      let damaged = Set(last.values.filter(isLost).map(\.key))
      let target = RestoredFolder(folder, "restored-\(number)")
      try target.restore(archive, status: shell.hasPrefix("cd ") ? 0 : 4)
      try target.check(expected, damaged: damaged, "\(shell)")
      // The archive is mended from elsewhere: what is there stays, what was missing comes.
      if !damaged.isEmpty {
        let report = try target.restore(small, status: 0)
        #expect(try report.object("counts")["already_there"] == .integer(expected.objects.count - damaged.count))
        try target.check(expected)
      }
    }
  }

  @Test func `what a lost content replaced does not come back, and a lost content that was replaced costs nothing`()
    throws
  {
    let folder = try TemporaryFolder()
    let store: (String) -> String = { content in
      let base64 = Data(content.utf8).base64EncodedString()
      return
        #"{"event_type":"STORE","object_id":"o","version":1,"payload":{"metadata":{},"content":"\#(base64)"}}"#
    }
    let archive = try pack(folder.write(LogText.lines([store("old"), store("new")]), "log.jsonl"), in: folder)
    for (lost, status, contents) in [(0, "restored", ["new"]), (1, "damaged", [])] {
      let reference = try Self.references(of: archive)[lost]
      let offset = reference.offset + reference.storedBytes - 1
      try Self.flip("\(archive)/content/000000.pack", at: offset)
      for more in [[], ["--salvage"]] {
        let target = RestoredFolder(folder, "\(lost)\(more.count)")
        let report = try target.restore(archive, more, status: 4)
        #expect(report["complete"] == .boolean(lost == 0))
        #expect(try target.manifest.map { try $0.text("status") } == [status])
        #expect(try target.files.map { try String(decoding: target.read($0), as: UTF8.self) } == contents)
      }
      try Self.flip("\(archive)/content/000000.pack", at: offset)
    }
    // Nobody is told that an object is not there by an archive that is damaged.
    try Self.flip("\(archive)/content/000000.pack", at: 9)
    try RestoredFolder(folder, "none").restore(archive, ["--object", "other"], status: 4)
  }

  /// A content swapped for another, by a frame that is whole: its checksum holds, its STORE's hash does not.
  @Test func `a content that was exchanged on purpose is damage, and what it replaced does not come back`() throws {
    let folder = try TemporaryFolder()
    let store: (String) -> String = { content in
      let base64 = Data(content.utf8).base64EncodedString()
      return
        #"{"event_type":"STORE","object_id":"o","version":1,"payload":{"metadata":{},"content":"\#(base64)"}}"#
    }
    let plain = try folder.write(LogText.lines([store("old"), store("new")]), "plain.jsonl")
    #expect(
      try CommandLineRun(["export", plain, "--to", "jsonl", "-o", "\(folder.path)/state.jsonl", "-q"]).status == 0)
    let line = try #require(try folder.read("state.jsonl").split(separator: UInt8(ascii: "\n")).first)
    let hash = try #require(try JSONText.value(Array(line)).objectValue).text("hash_commit")
    let recorded = String(store("new").dropLast()) + #","hash_commit":"\#(hash)"}"#
    let archive = try pack(folder.write(LogText.lines([store("old"), recorded]), "log.jsonl"), in: folder)
    let forged = try folder.write(LogText.lines([store("old"), store("NEW")]), "forged.jsonl")
    let swap = try CommandLineRun(
      shell: "$EQM pack '\(forged)' -o forged.eqm -q && cp forged.eqm/content/000000.pack '\(archive)/content/'",
      folder: folder.path)
    #expect(swap.status == 0, "\(swap.errors)")
    let target = RestoredFolder(folder)
    let report = try target.restore(archive, status: 4)
    #expect(try report.object("counts")["damaged"] == .integer(1))
    #expect(try target.manifest.map { try $0.text("status") } == ["damaged"])
    #expect(try target.files.isEmpty)
  }

  @Test func `a damaged segment is refused, and in a salvage what may be older is marked`() throws {
    let folder = try TemporaryFolder()
    let archive = try pack(Self.log, in: folder)
    let expected = try ExpectedContents(of: Self.log)
    try Self.flip("\(archive)/segments/000001.jsonl.lz4", at: 100)
    let target = RestoredFolder(folder)
    let refused = try target.restore(archive)
    #expect(refused.status == 4)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("segments/000001.jsonl.lz4"))
    #expect(!target.has(""))
    let report = try target.restore(archive, ["--salvage"], status: 4)
    #expect(report["complete"] == .boolean(false))
    let lost = try #require(try report.object("archive_damage").elements("lost").first?.objectValue)
    let last = try #require(lost["last"]?.integer(as: Int.self))
    let lines = try target.manifest
    #expect(!lines.isEmpty && lines.count < expected.objects.count)
    for line in lines {
      let ordinal = try #require(line["ordinal"]?.integer(as: Int.self))
      #expect(line["may_be_outdated"] == .boolean(ordinal < last))
      let key = try #require(Digest(hexadecimal: line.required("key").stringBytes ?? []))
      if ordinal > last { #expect(expected.contents[key] == .bytes(try target.read(line.text("file")))) }
    }
    let outdated = lines.count { $0["may_be_outdated"] == .boolean(true) }
    #expect(try report.object("counts")["may_be_outdated"] == .integer(outdated))
    try Self.flip("\(archive)/segments/000001.jsonl.lz4", at: 100)
    try target.restore(archive, status: 0)
    try target.check(expected)
  }
}
