import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `restore` into a folder that has something already, and restores that do not come to their end.
@Suite struct RestoreResumeTests {
  private static let log = Fixture.path("live-content.jsonl.lz4")

  @Test func `what is missing, cut, longer or changed comes back, and nothing else is written`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    try target.restore(Self.log, status: 0)
    let whole = try target.tree
    let files = try target.files.filter { try target.read($0).count > 100 }
    let damages: [(name: String, isMended: Bool, damage: (String, [UInt8]) throws -> Void)] = [
      ("deleted", false, { name, _ in try FileManager.default.removeItem(atPath: "\(target.path)/\(name)") }),
      ("cut", true, { name, bytes in try target.write(bytes.dropLast(), name) }),
      ("emptied", true, { name, _ in try target.write([], name) }),
      ("longer", true, { name, bytes in try target.write(bytes + [0], name) }),
      ("changed", true, { name, bytes in try target.write([bytes[0] ^ 1] + bytes.dropFirst(), name) }),
      (
        "a folder", true,
        { name, _ in
          try FileManager.default.removeItem(atPath: "\(target.path)/\(name)")
          try FileManager.default.createDirectory(
            atPath: "\(target.path)/\(name)/inner", withIntermediateDirectories: true)
        }
      ),
      (
        "a link", true,
        { name, bytes in
          try folder.write(bytes, "elsewhere")
          try FileManager.default.removeItem(atPath: "\(target.path)/\(name)")
          try FileManager.default.createSymbolicLink(
            atPath: "\(target.path)/\(name)", withDestinationPath: "\(folder.path)/elsewhere")
        }
      ),
    ]
    for (place, damage) in damages.enumerated() { try damage.damage(files[place], target.read(files[place])) }
    try FileManager.default.createDirectory(atPath: "\(target.path)/.partial", withIntermediateDirectories: true)
    try target.write(Array("half".utf8), ".partial/abcdef")
    let report = try target.restore(Self.log, status: 0)
    let counts = try report.object("counts")
    #expect(counts["written"] == .integer(1))
    #expect(counts["mended"] == .integer(damages.count - 1))
    #expect(counts["already_there"] == .integer(117 - damages.count))
    let mended = try report.elements("mended").compactMap { $0.objectValue?["file"] }
    #expect(Set(mended.map(\.canonicalText)) == Set(files[1..<damages.count].map { "\"\($0)\"" }))
    #expect(try target.tree == whole)
    let again = try target.restore(Self.log, status: 0)
    #expect(try again.object("counts")["already_there"] == .integer(117))
    #expect(try target.tree == whole)
  }

  @Test func `--force removes what a restore made, and nobody's own files`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    try target.restore(Self.log, status: 0)
    let whole = try target.tree
    for name in ["notes.txt", "objects/a.c"] {
      try target.write(Array("mine".utf8), name)
      #expect(try target.restore(Self.log, ["--until-ordinal", "50", "--force"]).status == 6)
      #expect(try target.read(name) == Array("mine".utf8))
      try FileManager.default.removeItem(atPath: "\(target.path)/\(name)")
      #expect(try target.tree == whole)
    }
    let other = RestoredFolder(folder, "other")
    try FileManager.default.createDirectory(atPath: "\(other.path)/objects", withIntermediateDirectories: true)
    try other.write(Array(#"{"db":"prod"}"#.utf8), "restore.json")
    try other.write(Array("mine".utf8), "objects/a.c")
    #expect(try other.restore(Self.log, ["--force"]).status == 6)
    #expect(try other.read("objects/a.c") == Array("mine".utf8))
  }

  @Test func `a file that the log does not give back is removed from its place`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    let log = try folder.write(
      LogText.lines([#"{"event_type":"STORE","object_id":"o","version":1,"content_size":5}"#]), "log.jsonl")
    try target.restore(log, status: 3)
    let key = ObjectNaming.shardID(object: Identifier("o"), version: ObjectVersion(1), index: 0).hexadecimal
    let name = "objects/\(key.prefix(2))/\(key)"
    try FileManager.default.createDirectory(
      atPath: "\(target.path)/objects/\(key.prefix(2))", withIntermediateDirectories: true)
    try target.write(Array("AAAAB".utf8), name)
    let report = try target.restore(log, status: 3)
    #expect(try report.object("counts").object("unrecoverable")["placeholder"] == .integer(1))
    #expect(!target.has(name))
  }

  @Test func `a folder that is something else is refused before any work`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    let archive = try pack(Self.log, in: folder)
    try target.restore(archive, status: 0)
    let whole = try target.tree
    for options in [
      ["--until-ordinal", "9"], ["--object", "z"], ["--node", "node-00"], ["--max-content-size", "9MiB"],
    ] {
      let run = try target.restore(archive, options)
      #expect(run.status == 6, "\(options): \(run.errors)")
      #expect(run.errors.contains("other options"))
    }
    #expect(try target.restore(Fixture.path("live-control.jsonl.lz4")).status == 6)
    #expect(try target.tree == whole)
    let other = RestoredFolder(folder, "other")
    try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: true)
    try other.write([1], "precious")
    for options in [[], ["--force"]] { #expect(try other.restore(archive, options).status == 6) }
    #expect(try other.tree == ["precious": [1]])
    try folder.write("", "file")
    #expect(try RestoredFolder(folder, "file").restore(archive).status == 6)
    #expect(try RestoredFolder(folder, "file/x").restore(archive).status == 6)
    #expect(try RestoredFolder(folder, "log.eqm/inside").restore(archive).status == 6)
    #expect(try RestoredFolder(folder, "log.eqm").restore(archive).status == 6)
    #expect(try CommandLineRun(["check", archive, "-q"]).status == 0)
    let control = Fixture.path("live-control.jsonl.lz4")
    try target.restore(control, ["--force"], status: ExpectedContents(of: control).status)
    try target.check(ExpectedContents(of: control))
  }

  @Test func `a folder that is a symbolic link is not followed`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    try target.restore(Self.log, status: 0)
    let name = try target.files[0]
    let inner = name.prefix("objects/00".count)
    let move = try CommandLineRun(
      shell: "mv '\(target.path)/\(inner)' elsewhere && ln -s ../../elsewhere '\(target.path)/\(inner)'",
      folder: folder.path)
    #expect(move.status == 0, "\(move.errors)")
    let bytes = Array("another's".utf8)
    let outside = "elsewhere/\(name.dropFirst(inner.count + 1))"
    try folder.write(bytes, outside)
    #expect(try target.restore(Self.log).status == 6)
    #expect(try folder.read(outside) == bytes)
  }

  @Test func `two restores do not write to one folder`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    try target.restore(Self.log, status: 0)
    let run = try CommandLineRun(
      shell: "flock '\(target.path)/restore.json' $EQM restore '\(Self.log)' -o '\(target.path)' -q")
    #expect(run.status == 6, "\(run.errors)")
    #expect(run.errors.contains("in use"))
  }

  @Test func `a disk without room is found before anything is written`() throws {
    let folder = try TemporaryFolder()
    // 64 MiB must stay free, and contents take 2.6 MB: found before the replay, found before writing, enough.
    for (size, status) in [("32m", 6), ("66m", 6), ("90m", 0)] {
      let run = try CommandLineRun(
        shell: """
          mount -t tmpfs -o size=\(size) none '\(folder.path)' || exit 99
          $EQM restore '\(Self.log)' -o '\(folder.path)/restored' -q > /dev/null; status=$?
          ls -A '\(folder.path)'; umount '\(folder.path)'; exit $status
          """)
      try #require(run.status != 99, "this test needs to mount a tmpfs: run it as root")
      #expect(run.status == Int32(status), "\(size): \(run.errors)")
      #expect(run.output.isEmpty == (status == 6))
      #expect(run.errors.contains("not enough room") == (status == 6), "\(run.errors)")
    }
  }

  @Test func `a file that cannot be written whole has no name, and the next run gives it`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    let run = try CommandLineRun(shell: "ulimit -f 100; $EQM restore '\(Self.log)' -o '\(target.path)' -q")
    #expect(run.status == 2, "\(run.errors)")
    #expect(!target.has("manifest.jsonl"))
    let written = try target.tree.filter { $0.key.hasPrefix("objects/") && $0.key.count > 20 }
    #expect(written.values.allSatisfy { $0.count <= 102_400 })
    try target.restore(Self.log, status: 0)
    let whole = try target.tree
    #expect(written.allSatisfy { whole[$0.key] == $0.value })
    try target.check(ExpectedContents(of: Self.log))
  }

  /// Kills by seed, each followed by a run that goes on.
  @Test func `a restore killed at any moment leaves whole files, and the next one finishes it`() throws {
    let folder = try TemporaryFolder()
    let archive = try pack(Self.log, in: folder)
    let undisturbed = RestoredFolder(folder, "undisturbed")
    try undisturbed.restore(archive, status: 0)
    let whole = try undisturbed.tree
    var random = SeededGenerator(seed: 5)
    var partCount = 0
    for round in 1...20 {
      let target = RestoredFolder(folder, "round-\(round)")
      for signal in ["KILL", "INT", "TERM"] {
        let milliseconds = 20 + random.index(below: 300)
        let seconds = "0.\(String(1000 + milliseconds).dropFirst())"
        let run = try CommandLineRun(
          shell: "timeout -s \(signal) \(seconds) $EQM restore '\(archive)' -o '\(target.path)' -q --workers 2")
        #expect([0, 124, 137, -9].contains(run.status), "round \(round), \(signal): \(run.errors)")
        let tree = try target.tree.filter { $0.key.hasPrefix("objects/") || $0.key == "manifest.jsonl" }
        #expect(tree.allSatisfy { whole[$0.key] == $0.value }, "round \(round), \(signal), seed 5")
        if tree["manifest.jsonl"] != nil {
          #expect(Set(whole.keys.filter { $0.hasPrefix("objects/") }).isSubset(of: tree.keys))
        }
        if tree.count > 2, tree["manifest.jsonl"] == nil { partCount += 1 }
      }
      try target.restore(archive, status: 0)
      #expect(try target.tree == whole, "round \(round), seed 5")
      try FileManager.default.removeItem(atPath: target.path)
    }
    #expect(partCount > 0, "some were killed while they wrote")
  }

  @Test(arguments: [("INT", 130), ("TERM", 143)])
  func `a restore that is interrupted says so, and leaves no manifest`(signal: String, status: Int) throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    // The pipe stays open: the program waits for input that never comes.
    let run = try CommandLineRun(
      shell: """
        mkfifo pipe; exec 9<>pipe; echo '{"event_type":"READ"}' >&9
        TMPDIR="$PWD" $EQM restore - -o '\(target.path)' -q <&9 & sleep 0.5; kill -\(signal) $!; wait $!
        """, folder: folder.path)
    #expect(run.status == Int32(status), "\(run.errors)")
    #expect(try folder.names == ["pipe"])
  }
}
