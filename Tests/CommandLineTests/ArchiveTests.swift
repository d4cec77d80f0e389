import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `pack`, `unpack`, `check`, and replays of archives.
@Suite struct ArchiveTests {
  /// Packs a log into segments of about 40 KB, and returns the archive's path.
  static func pack(
    _ log: String, in folder: borrowing TemporaryFolder, _ options: [String] = ["--segment-bytes", "40000"]
  ) throws -> String {
    let archive = "\(folder.path)/log.eqm"
    let run = try CommandLineRun(["pack", log, "-o", archive, "-q"] + options)
    #expect(run.status == 0, "\(run.errors)")
    return archive
  }

  private static func options(_ log: String) -> [String] {
    log.hasPrefix("runbook-drill") ? ["--profile", "drill"] : []
  }

  /// The entries of a log as an archive keeps them.
  private static func entries(_ text: [UInt8]) -> [[UInt8]] {
    text.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  @Test(arguments: Fixture.logs)
  func `a fixture packed is accepted by stock tools and replays to its root`(log: String) throws {
    let folder = try TemporaryFolder()
    let archive = try Self.pack(Fixture.path(log), in: folder, ["--segment-bytes", "200KiB"] + Self.options(log))
    let tools = try CommandLineRun(
      shell: "sha256sum -c --quiet SHA256SUMS && lz4 -t -q -m segments/* && jq -e .entries manifest.json",
      folder: archive)
    #expect(tools.status == 0, "\(tools.errors)")
    let expected = try Fixture.expected(log).object("commitment").text("state_root")
    // The sequential engine takes half a minute for the largest, and reads every other archive alike.
    let sequential = TestEffort.isHeavy || !log.hasPrefix("vm-trace") ? [["--sequential"]] : []
    for engine in [["--workers", "1"], ["--workers", "3", "--partitions", "7"]] + sequential {
      // The profile is the manifest's.
      let run = try CommandLineRun(["replay", archive, "--json", "-q"] + engine)
      #expect(try run.json.object("commitment").text("state_root") == expected, "\(engine): \(run.errors)")
    }
    let check = try CommandLineRun(["check", archive, "--json", "-q"])
    #expect(check.status == (log.hasPrefix("bad-entries") ? 3 : 0), "\(check.errors)")
    #expect(try check.json["sound"] == .boolean(true))
    #expect(try CommandLineRun(["check", archive, "--quick", "-q"]).status == 0)
  }

  @Test(arguments: Fixture.logs.filter { !$0.hasPrefix("vm-trace") })
  func `a fixture packed and unpacked has the same entries, byte for byte`(log: String) throws {
    let folder = try TemporaryFolder()
    let archive = try Self.pack(Fixture.path(log), in: folder)
    for name in ["log.jsonl", "log.jsonl.lz4"] {
      let run = try CommandLineRun(["unpack", archive, "-o", "\(folder.path)/\(name)", "-q"])
      #expect(run.status == 0, "\(run.errors)")
    }
    let original = try CommandLineRun(shell: "$EQM inspect \(Fixture.path(log)) --json -q | jq -e .entries.total")
    let text = try folder.read("log.jsonl")
    #expect(Self.entries(text).count == Int(String(decoding: original.output, as: UTF8.self).dropLast()))
    if log.contains(".jsonl") {
      #expect(Self.entries(text) == Self.entries(try Fixture.bytes(of: log)))
    } else {
      let run = try CommandLineRun(
        shell:
          "diff <(jq -cS .[] <(lz4 -dcq \(Fixture.path(log)) 2>/dev/null || cat \(Fixture.path(log)))) <(jq -cS . log.jsonl)",
        folder: folder.path)
      #expect(run.status == 0, "\(String(decoding: run.output.prefix(500), as: UTF8.self))")
    }
    let decompressed = try CommandLineRun(shell: "lz4 -dcq log.jsonl.lz4 | cmp - log.jsonl", folder: folder.path)
    #expect(decompressed.status == 0)
  }

  /// Payloads that an archive must give back as they were, whatever they look like.
  private static let payloads = [
    #"{"metadata":{},"content":"QUJD"}"#, #"{ "content" : "QUI=" , "metadata" : {"a":1} }"#,
    #"{"content":"QQ==","metadata":{},"more":[{"content":"x"}]}"#, #"{"metadata":{"content":"QUJD"},"content":""}"#,
    // Not what encoding gives again: unused bits, an escape.
    #"{"metadata":{},"content":"QUJ="}"#, #"{"metadata":{},"content":"QR=="}"#,
    #"{"metadata":{},"content":"QUJD\/\/\/\/"}"#, #"{"metadata":{},"c\u006fntent":"QUJD"}"#,
    // Names that a reference has.
    #"{"metadata":{},"content":"QUJD","pack":0}"#, #"{"metadata":{},"content":"QUJD","size":3}"#,
    // References that are none: a replay rejects them.
    #"{"metadata":{},"pack":0,"offset":0,"stored":22,"size":3}"#,
    #"{"metadata":{},"p\u0061ck":0,"offset":0,"stored":22,"size":3}"#,
    #"{"metadata":{},"pack":"x"}"#, #"{"pack":0,"offset":0,"stored":22,"size":3}"#,
    #"{"metadata":[],"content":"QUJD"}"#,
    #"{"metadata":{},"content":"QUJD?"}"#, #"{"metadata":{},"content":5}"#, "{}", "[]",
  ]

  @Test func `payloads of any spelling come back, and mean what they meant`() throws {
    let folder = try TemporaryFolder()
    let entries =
      [#"{"event_type":"NODE_REGISTRATION","node_id":"n"}"#]
      + Self.payloads.enumerated().flatMap { number, payload in
        [
          #"{"event_type":"STORE","object_id":"o\#(number)","version":1,"payload":\#(payload)}"#,
          #"{"payload" : \#(payload), "event_type":"STORE","object_id":"p\#(number)","version":-1}"#,
          #"{"payl\u006fad":\#(payload),"event_type":"STORE","object_id":"q\#(number)","version":2}"#,
        ]
      }
    let log = try folder.write(LogText.lines(entries), "log.jsonl")
    let archive = try Self.pack(log, in: folder, ["--segment-bytes", "700"])
    #expect(try CommandLineRun(["unpack", archive, "-o", "\(folder.path)/again.jsonl", "-q"]).status == 0)
    #expect(try Self.entries(folder.read("again.jsonl")) == entries.map { Array($0.utf8) })
    let expected = try CommandLineRun(["replay", log, "--json", "-q"])
    for engine in [["--workers", "2"], ["--sequential"]] {
      let run = try CommandLineRun(["replay", archive, "--json", "-q"] + engine)
      #expect(run.status == expected.status, "\(run.errors)")
      for part in ["entries", "stores", "commitment"] { #expect(try run.json[part] == expected.json[part], "\(part)") }
      let ordinals = try run.json.elements("rejects").map { $0.objectValue?["ordinal"] }
      #expect(try ordinals == expected.json.elements("rejects").map { $0.objectValue?["ordinal"] })
    }
    // Packing an archive again gives the same archive.
    let again = "\(folder.path)/again.eqm"
    #expect(try CommandLineRun(["pack", archive, "-o", again, "-q", "--segment-bytes", "700"]).status == 0)
    #expect(try CommandLineRun(shell: "diff -r log.eqm again.eqm", folder: folder.path).status == 0)
  }

  @Test func `line breaks inside of entries become blanks, and nothing else changes`() throws {
    let folder = try TemporaryFolder()
    let text = "[\n  {\n\"event_type\":\r\n \"READ\",\t\"x\": \"a\\nb\"},\n\n{\"event_type\":\"READ\"\n}\n]"
    let log = try folder.write(text, "log.json")
    let archive = try Self.pack(log, in: folder)
    #expect(try CommandLineRun(["unpack", archive, "-o", "\(folder.path)/again.jsonl", "-q"]).status == 0)
    #expect(
      String(decoding: try folder.read("again.jsonl"), as: UTF8.self)
        == "{ \"event_type\":\r  \"READ\",\t\"x\": \"a\\nb\"}\n{\"event_type\":\"READ\" }\n")
  }

  @Test func `the same log gives the same archive whatever reads it`() throws {
    let folder = try TemporaryFolder()
    let log = Fixture.path("live-mixed.jsonl.lz4")
    _ = try Self.pack(log, in: folder, ["--segment-bytes", "40000", "--workers", "1"])
    let other = "\(folder.path)/other.eqm"
    let run = try CommandLineRun(
      shell:
        "lz4 -dcq '\(log)' | $EQM pack - -o '\(other)' --segment-bytes 40000 --workers 3 -q && diff -r log.eqm other.eqm",
      folder: folder.path)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func `an archive is not overwritten without force, and stays if packing fails`() throws {
    let folder = try TemporaryFolder()
    let log = Fixture.path("live-mixed.jsonl.lz4")
    let archive = try Self.pack(log, in: folder)
    #expect(try CommandLineRun(["pack", log, "-o", archive, "-q"]).status == 6)
    let before = try CommandLineRun(shell: "cat log.eqm/SHA256SUMS", folder: folder.path).output
    let broken = try folder.write("{\"event_type\":\"READ\"}\n{", "broken.jsonl")
    #expect(try CommandLineRun(["pack", broken, "-o", archive, "-q", "--force"]).status == 4)
    #expect(try CommandLineRun(shell: "cat log.eqm/SHA256SUMS", folder: folder.path).output == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: archive).sorted()
        == ["SHA256SUMS", "content", "manifest.json", "segments"])
    #expect(try CommandLineRun(["pack", broken, "-o", "\(folder.path)/none.eqm", "-q"]).status == 4)
    let left = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/none.eqm")) ?? []
    #expect(left.isEmpty, "nothing half-written stays")
    #expect(try CommandLineRun(["pack", archive, "-o", archive, "-q", "--force"]).status == 6)
    let other = Fixture.path("live-content.jsonl.lz4")
    #expect(try CommandLineRun(["pack", other, "-o", archive, "-q", "--force"]).status == 0)
    #expect(try CommandLineRun(["check", archive, "-q"]).status == 0)
  }
}

/// What a review found that the tests above did not see.
@Suite struct ArchiveEdgeTests {
  @Test func `entries of any kind may look like references and stay what they are`() throws {
    let folder = try TemporaryFolder()
    let payloads = [
      #"{"pack":1}"#, #"{"pack":0,"offset":0,"stored":22,"size":3}"#,
      #"{"metadata":{},"c\u006fntent":"QUJD","pack":0}"#, #"{"metadata":{},"content":"QUJD"}"#,
    ]
    let entries = payloads.enumerated().flatMap { number, payload in
      ["READ", "NOBODY_KNOWS", "PROOF_FAILED", "EPOCH_ADVANCEMENT", "STORE"].map { type in
        #"{"event_type":"\#(type)","object_id":"o\#(number)","version":1,"epoch":1,"payload":\#(payload)}"#
      }
    }
    let log = try folder.write(LogText.lines(entries), "log.jsonl")
    let archive = try ArchiveTests.pack(log, in: folder)
    let again = "\(folder.path)/again.jsonl"
    #expect(try CommandLineRun(["unpack", archive, "-o", again, "-q"]).status == 0)
    #expect(try folder.read("again.jsonl") == LogText.lines(entries))
    let expected = try CommandLineRun(["replay", log, "--json", "-q"])
    for engine in [["--workers", "2"], ["--sequential"], ["--verify", "sequential"]] {
      let run = try CommandLineRun(["replay", archive, "--json", "-q"] + engine)
      #expect(run.status == expected.status, "\(engine): \(run.errors)")
      #expect(try run.json.object("commitment") == expected.json.object("commitment"))
    }
  }

  @Test func `packing again loses no content, whatever limit is asked for`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    let again = "\(folder.path)/again.eqm"
    let run = try CommandLineRun(
      ["pack", archive, "-o", again, "-q", "--segment-bytes", "40000", "--max-content-size", "2"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try CommandLineRun(shell: "diff -r log.eqm again.eqm", folder: folder.path).status == 0)
  }

  @Test func `force replaces archives only, and never what is packed`() throws {
    let folder = try TemporaryFolder()
    let log = Fixture.path("runbook-small.json")
    _ = try CommandLineRun(shell: "mkdir -p site/content && echo mine > site/content/page", folder: folder.path)
    #expect(try CommandLineRun(["pack", log, "-o", "\(folder.path)/site", "-q", "--force"]).status == 6)
    #expect(try folder.read("site/content/page") == Array("mine\n".utf8))
    let archive = try ArchiveTests.pack(log, in: folder)
    _ = try CommandLineRun(shell: "cp '\(log)' content/log.json", folder: archive)
    let run = try CommandLineRun(["pack", "\(archive)/content/log.json", "-o", archive, "-q", "--force"])
    #expect(run.status == 6, "\(run.errors)")
    // What a killed packing left is nobody's.
    _ = try CommandLineRun(shell: "mkdir -p new.eqm/.eqm-replay-pack-abcdef/segments", folder: folder.path)
    #expect(try CommandLineRun(["pack", log, "-o", "\(folder.path)/new.eqm", "-q"]).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/new.eqm").sorted()
        == ["SHA256SUMS", "content", "manifest.json", "segments"])
    #expect(
      try CommandLineRun(["generate", "-o", "\(folder.path)/x.jsonl", "--entries", "1", "--level", "99"]).status == 64)
  }

  /// Resume points at every batch must not hide what is damaged.
  @Test func `damage is found although a replay pauses right behind it`() throws {
    let folder = try TemporaryFolder()
    let whole = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    let damages = [
      ArchiveDamageTests.flip("content/000000.pack"),
      // Bytes that LZ4 does not look at, in the last segment: only the digest tells.
      "python3 - <<'END'\nimport json,hashlib\nm=json.load(open('manifest.json'))\nc=bytes(32)\n"
        + "for s in m['segments']:\n  s['sha256']='11'*32; c=hashlib.sha256(c+bytes.fromhex(s['sha256'])).digest(); s['chain']=c.hex()\n"
        + "open('manifest.json','w').write(json.dumps(m))\n"
        + "lines=[l for l in open('SHA256SUMS') if 'content' in l]+['11'*32+'  '+s['file']+'\\n' for s in m['segments']]\n"
        + "lines+=[hashlib.sha256(open('manifest.json','rb').read()).hexdigest()+'  manifest.json\\n']\n"
        + "open('SHA256SUMS','w').write(''.join(lines))\nEND",
    ]
    for (number, damage) in damages.enumerated() {
      let archive = "\(folder.path)/\(number).eqm"
      let change = try CommandLineRun(shell: "cp -r '\(whole)' '\(archive)' && cd '\(archive)' && \(damage)")
      #expect(change.status == 0, "\(change.errors)")
      let plain = try CommandLineRun(["replay", archive, "-q"])
      #expect(plain.status == 4)
      for workers in ["1", "3"] {
        let run = try CommandLineRun([
          "replay", archive, "-q", "--checkpoint-dir", "\(folder.path)/p\(number)\(workers)", "--checkpoint-seconds",
          "0",
          "--workers", workers,
        ])
        #expect(run.status == 4, "\(number), \(workers) workers")
        if number == 0 { #expect(run.errors == plain.errors) }
      }
    }
  }

  @Test func `a replay that pauses at every batch can be verified`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    let run = try CommandLineRun([
      "replay", archive, "-q", "--checkpoint-dir", "\(folder.path)/points", "--checkpoint-seconds", "0", "--verify",
      "sequential",
    ])
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: [
    ".entries+=1000000000000|.segments[-1].entries+=1000000000000|.segments[-1].frames[-1].entries+=1000000000000",
    ".segments[1].stored_bytes=1152921504606846976|.segments[1].frames[0].stored_bytes=1152921504606846976|.segments[1].raw_bytes=1152921504606846976|.segments[1].frames[0].raw_bytes=1152921504606846976",
    ".packs[0].stored_bytes=9223372036854775808|.packs+=[.packs[0]]|.packs[1].file=\"content/x\"",
  ])
  func `numbers that no memory can hold are refused, by a salvage too`(edit: String) throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    _ = try CommandLineRun(
      shell: "jq -c '\(edit)' manifest.json > m && mv m manifest.json && sed -i '/manifest.json/d' SHA256SUMS && "
        + "sha256sum manifest.json >> SHA256SUMS", folder: archive)
    for more in [[], ["--salvage"], ["--sequential"]] {
      let run = try CommandLineRun(["replay", archive, "-q"] + more)
      #expect(run.status == 4, "\(more): \(run.errors)")
    }
  }
}
