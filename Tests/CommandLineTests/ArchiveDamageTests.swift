import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// Archives that are not what they were: every verb refuses them, names the place, and publishes nothing.
@Suite struct ArchiveDamageTests {
  /// A change of an archive, as shell commands in its folder, and what the message must name.
  struct Damage: CustomTestStringConvertible, Sendable {
    let name: String
    let shell: String
    let place: String
    var isSeenByQuick = true
    var testDescription: String { name }
  }

  /// Writes `manifest.json` changed by a jq program, and makes SHA256SUMS fit again.
  private static func edit(_ program: String) -> String {
    "jq -c '\(program)' manifest.json > m && mv m manifest.json && \(resum)"
  }
  private static let resum =
    "sed -i '/manifest.json/d' SHA256SUMS && sha256sum manifest.json >> SHA256SUMS"
  /// Flips a bit in the middle of a file.
  static func flip(_ file: String) -> String {
    "python3 -c \"import sys; p='\(file)'; b=bytearray(open(p,'rb').read()); b[len(b)//2]^=1; open(p,'wb').write(b)\""
  }
  private static let first = "segments/000000.jsonl.lz4"
  private static let second = "segments/000001.jsonl.lz4"

  static let damages = [
    Damage(name: "a bit of a segment", shell: flip(second), place: second),
    Damage(name: "a bit of a pack", shell: flip("content/000000.pack"), place: "content/000000.pack"),
    Damage(name: "a bit of the manifest", shell: flip("manifest.json"), place: "manifest.json"),
    Damage(name: "a bit of the sums", shell: flip("SHA256SUMS"), place: "SHA256SUMS"),
    Damage(
      name: "the manifest edited", shell: "sed -i 's/\"profile\":\"runbook\"/\"profile\":\"drill\"/' manifest.json",
      place: "manifest.json"),
    Damage(name: "a segment's file removed", shell: "rm \(second)", place: second),
    Damage(name: "a segment removed everywhere", shell: edit("del(.segments[1])"), place: "manifest.json"),
    Damage(name: "a segment repeated", shell: "cp \(first) \(second)", place: second),
    Damage(name: "segments swapped", shell: "mv \(first) x && mv \(second) \(first) && mv x \(second)", place: first),
    Damage(
      name: "segments swapped in the manifest", shell: edit(".segments |= [.[1],.[0]] + .[2:]"), place: "manifest.json"),
    Damage(name: "a segment truncated", shell: "truncate -s -9 \(second)", place: second),
    Damage(name: "a segment longer", shell: "printf x >> \(second)", place: second),
    Damage(name: "a pack missing", shell: "rm content/000000.pack", place: "content/000000.pack"),
    Damage(name: "a pack truncated", shell: "truncate -s -1 content/000000.pack", place: "content/000000.pack"),
    Damage(name: "no manifest", shell: "rm manifest.json", place: "no manifest.json"),
    Damage(name: "no sums", shell: "rm SHA256SUMS", place: "SHA256SUMS"),
    Damage(name: "another format", shell: edit(".format=\"eqm-archive/2\""), place: "eqm-archive/2"),
    Damage(name: "fewer entries declared", shell: edit(".entries-=1"), place: "manifest.json"),
    Damage(
      name: "fewer entries in a frame",
      shell: edit(".entries-=1|.segments[-1].entries-=1|.segments[-1].frames[-1].entries-=1"), place: "frame",
      isSeenByQuick: false),
    Damage(
      name: "a frame that inflates beyond what is declared",
      shell: edit(".segments[1].raw_bytes-=1|.segments[1].frames[0].raw_bytes-=1"), place: "inflates",
      isSeenByQuick: false),
    Damage(
      name: "a frame that holds less than declared",
      shell: edit(".segments[1].raw_bytes+=1|.segments[1].frames[0].raw_bytes+=1"), place: second, isSeenByQuick: false),
    Damage(
      name: "declared sizes of 2^60",
      shell: edit(".segments[1].raw_bytes=1152921504606846976|.segments[1].frames[0].raw_bytes=1152921504606846976"),
      place: "manifest.json"),
    Damage(
      name: "stored sizes of 2^60",
      shell: edit(
        ".segments[1].stored_bytes=1152921504606846976|.segments[1].frames[0].stored_bytes=1152921504606846976"),
      place: "manifest.json"),
    Damage(name: "2^60 entries", shell: edit(".entries=1152921504606846976"), place: "manifest.json"),
    Damage(
      name: "sizes that overflow", shell: edit(".segments[].raw_bytes=18446744073709551615"), place: "manifest.json"),
    Damage(name: "a negative size", shell: edit(".segments[0].frames[0].offset=-1"), place: "manifest.json"),
    Damage(name: "a name with ..", shell: edit(".segments[0].file=\"segments/../../x\""), place: "../../x"),
    Damage(name: "an absolute name", shell: edit(".segments[0].file=\"/etc/passwd\""), place: "/etc/passwd"),
    Damage(name: "a name with .. alone", shell: edit(".packs[0].file=\"..\""), place: ".."),
    Damage(
      name: "a symbolic link in the place of a segment",
      shell: "mv \(first) ../outside && ln -s ../../outside \(first)", place: first),
    Damage(
      name: "a symbolic link in the place of a folder", shell: "mv segments ../outside && ln -s ../outside segments",
      place: first),
    Damage(
      name: "a pipe in the place of a pack", shell: "rm content/000000.pack && mkfifo content/000000.pack",
      place: "content/000000.pack"),
    Damage(name: "a constant out of range", shell: edit(".constants.BLOCK_SIZE_BYTES=0"), place: "BLOCK_SIZE_BYTES"),
    Damage(name: "no manifest but JSON", shell: "echo '[]' > manifest.json", place: "manifest.json"),
    Damage(name: "a manifest that is no JSON", shell: "echo '{' > manifest.json", place: "manifest.json"),
  ]

  @Test(arguments: damages)
  func `damage is refused by every verb, at its place, and nothing is written`(damage: Damage) throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    let change = try CommandLineRun(shell: damage.shell, folder: archive)
    #expect(change.status == 0, "\(change.errors)")
    let out = try TemporaryFolder()
    let verbs = [
      ["replay", archive], ["replay", archive, "--sequential"], ["check", archive],
      ["export", archive, "--to", "jsonl", "-o", "\(out.path)/state.jsonl"],
      ["unpack", archive, "-o", "\(out.path)/log.jsonl"], ["pack", archive, "-o", "\(out.path)/again.eqm"],
    ]
    for verb in verbs + (damage.isSeenByQuick ? [["check", archive, "--quick"]] : []) {
      let run = try CommandLineRun(verb + ["-q"])
      #expect(run.status == 4, "\(verb[0]): \(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(damage.place), "\(verb[0]): \(run.errors)")
    }
    // A target folder that `pack` made may stay, empty.
    let left = try out.names.filter { $0 != "again.eqm" }
    #expect(left.isEmpty)
    #expect(((try? FileManager.default.contentsOfDirectory(atPath: "\(out.path)/again.eqm")) ?? []).isEmpty)
    let drill = try CommandLineRun(["drill", archive, "--out", out.path, "--json", "-q"])
    #expect(drill.status == 4, "\(drill.errors)")
    #expect(try drill.json.text("verdict") == "FAILED")
  }

  @Test func `an entry whose content is not where it says is named by its ordinal`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    _ = try CommandLineRun(shell: Self.flip("content/000000.pack"), folder: archive)
    let parallel = try CommandLineRun(["replay", archive, "-q"])
    let sequential = try CommandLineRun(["replay", archive, "-q", "--sequential"])
    #expect(parallel.errors == sequential.errors)
    #expect(parallel.errors.contains("entry "))
  }
}
