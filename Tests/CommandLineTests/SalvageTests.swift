import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `replay --salvage`: what is left of a damaged archive, and exactly what is not.
@Suite struct SalvageTests {
  /// The ordinals of each segment of an archive.
  private static func segments(of archive: String) throws -> [ClosedRange<UInt64>] {
    let manifest = try JSONText.value(Array(Data(contentsOf: URL(fileURLWithPath: "\(archive)/manifest.json"))))
    return try #require(manifest.objectValue).elements("segments").map { segment in
      let numbers = ["first_ordinal", "entries"].compactMap { segment.objectValue?[$0]?.integer(as: UInt64.self) }
      return numbers[0]...(numbers[0] + numbers[1] - 1)
    }
  }

  /// The lost ordinals of a salvage, which must be what it claims to be.
  private static func lost(_ archive: String, _ name: String) throws -> [ClosedRange<UInt64>] {
    let run = try CommandLineRun(["replay", archive, "--salvage", "--json", "-q", "--workers", "3"])
    let result = try run.json
    // What is left may diverge from its record: entries that are lost explain it no longer.
    let isEqual = try result.object("comparison")["equal"] != .boolean(false)
    #expect(run.status == (isEqual ? 3 : 1), "\(name): \(run.errors)")
    #expect(try result.text("verdict") == (isEqual ? "WARNED" : "FAILED"), "\(name)")
    let completeness = try result.object("completeness")
    let lost = try completeness.elements("lost").map { range in
      let ends = ["first", "last"].compactMap { range.objectValue?[$0]?.integer(as: UInt64.self) }
      return ends[0]...ends[1]
    }
    let lostCount = lost.reduce(0) { $0 + UInt64($1.count) }
    #expect(completeness["lost_entries"] == .integer(lostCount))
    #expect(completeness["complete"] == (lost.isEmpty ? .null : .boolean(false)), "\(name)")
    let total = try #require(try result.object("entries")["total"]?.integer(as: UInt64.self))
    let last = try #require(try segments(of: archive).last?.upperBound)
    #expect(total + lostCount == last + 1)
    let single = try CommandLineRun(["replay", archive, "--salvage", "--json", "-q", "--workers", "1"])
    #expect(try single.json.object("commitment") == result.object("commitment"))
    return lost
  }

  @Test func `exactly what a damage loses is lost`() throws {
    let folder = try TemporaryFolder()
    let whole = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    let segments = try Self.segments(of: whole)
    #expect(segments.count >= 3)
    let (first, second) = ("segments/000000.jsonl.lz4", "segments/000001.jsonl.lz4")
    let losses: [(name: String, shell: String, lost: [ClosedRange<UInt64>])] = [
      ("nothing", "true", []),
      ("a bit of a segment", ArchiveDamageTests.flip(second), [segments[1]]),
      ("a segment removed", "rm \(second)", [segments[1]]),
      ("a segment repeated", "cp \(first) \(second)", [segments[1]]),
      ("a segment truncated", "truncate -s -9 \(second)", [segments[1]]),
      ("a segment longer", "printf x >> \(second)", []),
      ("segments swapped", "mv \(first) x && mv \(second) \(first) && mv x \(second)", []),
      ("a symbolic link", "mv \(first) ../outside && ln -s ../../outside \(first)", [segments[0]]),
      ("two removed", "rm \(first) \(second)", [segments[0].lowerBound...segments[1].upperBound]),
    ]
    for (name, shell, lost) in losses {
      let archive = "\(folder.path)/\(name.split(separator: " ").joined()).eqm"
      let change = try CommandLineRun(shell: "cp -r '\(whole)' '\(archive)' && cd '\(archive)' && \(shell)")
      #expect(change.status == 0, "\(change.errors)")
      #expect(try Self.lost(archive, name) == lost, "\(name)")
      _ = try CommandLineRun(shell: "rm -rf '\(archive)' '\(folder.path)/outside'")
    }
  }

  @Test func `entries whose content is lost are lost, and no others`() throws {
    let folder = try TemporaryFolder()
    let whole = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    let packed = try CommandLineRun(
      shell: #"for s in segments/*; do lz4 -dcq $s; done | grep -n '"pack":' | cut -d: -f1"#, folder: whole)
    let ordinals = String(decoding: packed.output, as: UTF8.self).split(separator: "\n").compactMap { UInt64($0) }.map {
      $0 - 1
    }
    #expect(!ordinals.isEmpty)
    let missing = "\(folder.path)/missing.eqm"
    _ = try CommandLineRun(shell: "cp -r '\(whole)' '\(missing)' && rm '\(missing)'/content/*")
    #expect(try Self.lost(missing, "packs missing").flatMap(Array.init) == ordinals)
    let flipped = "\(folder.path)/flipped.eqm"
    _ = try CommandLineRun(
      shell: "cp -r '\(whole)' '\(flipped)' && cd '\(flipped)' && \(ArchiveDamageTests.flip("content/000000.pack"))")
    let lost = try Self.lost(flipped, "a bit of a pack").flatMap(Array.init)
    #expect(lost.count == 1 && ordinals.contains(lost[0]))
  }

  /// A salvage of a log without its lost entries is the replay of a log that never had them.
  @Test func `what is left gives the state of a log of what is left`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(
      Fixture.path("live-control.jsonl.lz4"), in: folder, ["--segment-bytes", "10000"])
    let segments = try Self.segments(of: archive)
    var lines = try Fixture.bytes(of: "live-control.jsonl.lz4").split(separator: UInt8(ascii: "\n")).map(Array.init)
    lines.removeSubrange(Int(segments[1].lowerBound)...Int(segments[1].upperBound))
    let rest = try folder.write(Array(lines.joined(separator: [UInt8(ascii: "\n")])), "rest.jsonl")
    _ = try CommandLineRun(shell: "rm segments/000001.jsonl.lz4", folder: archive)
    let salvaged = try CommandLineRun(["replay", archive, "--salvage", "--json", "-q"])
    let expected = try CommandLineRun(["replay", rest, "--json", "-q"])
    #expect(try salvaged.json.object("commitment") == expected.json.object("commitment"))
  }

  @Test func `a manifest that cannot be trusted is refused, and so are comparisons`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    for more in [["--verify", "sequential"], ["--sequential"], ["--until-ordinal", "3"]] {
      #expect(try CommandLineRun(["replay", archive, "--salvage", "-q"] + more).status == 64)
    }
    #expect(try CommandLineRun(["replay", Fixture.path("runbook-small.json"), "--salvage"]).status == 64)
    for damage in ArchiveDamageTests.damages where damage.place == "manifest.json" {
      let broken = "\(folder.path)/broken.eqm"
      _ = try CommandLineRun(shell: "cp -r '\(archive)' '\(broken)' && cd '\(broken)' && \(damage.shell)")
      let run = try CommandLineRun(["replay", broken, "--salvage", "-q"])
      #expect(run.status == 4, "\(damage.name)")
      _ = try CommandLineRun(shell: "rm -rf '\(broken)'")
    }
  }
}
