import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// What `make install` puts where, by the tools that will read it.
@Suite(.installed) struct DeployTests {
  private var installation: Installation {
    get throws { try #require(Installation.current) }
  }

  private func output(_ run: CommandLineRun) -> String { String(decoding: run.output, as: UTF8.self) }

  @Test func `settings that are there stay as they are, and outlive what is uninstalled`() throws {
    let installation = try Installation()
    let first = try installation.files
    #expect(first.contains("etc/eqm-replay/drill.env"))
    #expect(first.contains("local/bin/eqm-replay"))
    let settings = "\(installation.settings)/eqm-replay/drill.env"
    try Data("DRILL_LOG=/mine\n".utf8).write(to: URL(fileURLWithPath: settings))
    try installation.install()
    #expect(try installation.files == first)
    #expect(try String(contentsOfFile: settings, encoding: .utf8) == "DRILL_LOG=/mine\n")
    try installation.install("--uninstall")
    #expect(try installation.files == ["etc/eqm-replay/drill.env"])
  }

  @Test func `everything that is installed says where it is, and no file is empty`() throws {
    let installation = try installation
    for file in try installation.files {
      let text = try Data(contentsOf: URL(fileURLWithPath: "\(installation.prefix)/../\(file)"))
      #expect(!text.isEmpty, "\(file)")
    }
    let rules = try String(
      contentsOfFile: "\(installation.prefix)/share/eqm-replay/prometheus/rules.yml", encoding: .utf8)
    #expect(rules.contains("'https://wiki.example.com/?page=a&b'"))
    let service = try String(
      contentsOfFile: "\(installation.prefix)/lib/systemd/system/eqm-replay-drill.service", encoding: .utf8)
    #expect(!service.contains("/usr/local") && !service.contains("=/etc"))
    let page = try String(contentsOfFile: "\(installation.prefix)/share/doc/eqm-replay/README.md", encoding: .utf8)
    #expect(page.contains("cd \(installation.prefix)/share/eqm-replay/prometheus\n"))
    #expect(page.contains("`\(installation.settings)/fish/completions/`"))
  }

  @Test func `systemd finds nothing wrong with the units, and little that a drill could do to the machine`() throws {
    let units = "\(try installation.prefix)/lib/systemd/system"
    let verified = try installation.shell("cd '\(units)' && systemd-analyze verify ./*.service ./*.timer")
    #expect(verified.status == 0 && !verified.errors.contains("eqm-replay"), "\(verified.errors)")
    // In tenths.
    let exposure = try installation.shell(
      "systemd-analyze security --offline=true --threshold=10 '\(units)/eqm-replay-drill.service'")
    #expect(exposure.status == 0, "\(output(exposure))\(exposure.errors)")
    let quarters = try installation.shell(
      "systemd-analyze calendar \"$(sed -n 's/^OnCalendar=//p' '\(units)/eqm-replay-drill.timer')\"")
    #expect(quarters.status == 0, "\(quarters.errors)")
    #expect(output(quarters).contains("Normalized form: *-01,04,07,10-01 00:00:00\n"), "\(output(quarters))")
  }

  @Test func `a drill passes under the unit's filter of system calls, with the unit's settings`() throws {
    let folder = try TemporaryFolder()
    let run = try installation.shell(
      """
      set -e
      unit="$PREFIX/lib/systemd/system/eqm-replay-drill.service"
      cd '\(folder.path)' && mkdir evidence metrics
      . "$SYSCONFDIR/eqm-replay/drill.env"
      DRILL_LOG='\(Fixture.path("runbook-small.json"))'
      # What systemd would read: settings, then the command. /var/lib/eqm-replay is this folder.
      for setting in $(sed -n 's/^Environment=//p' "$unit" | sed 's|/var/lib/eqm-replay|.|'); do export "$setting"; done
      eval "set -- $(sed -n 's/^ExecStart=//p' "$unit")"
      /usr/bin/python3 '\(Fixture.projectFolder)/Tests/Python/under_filter.py' "$unit" "$@" > said
      ls evidence metrics
      """)
    #expect(run.status == 0, "\(run.errors)")
    #expect(output(run).contains("storage_replay_drill_") && output(run).contains("eqm_replay.prom"), "\(output(run))")
    let refused = try installation.shell(
      "/usr/bin/python3 '\(Fixture.projectFolder)/Tests/Python/under_filter.py' "
        + "\"$PREFIX/lib/systemd/system/eqm-replay-drill.service\" /usr/sbin/chroot / /bin/true")
    #expect(refused.status != 0 && refused.errors.contains("not permitted"), "the filter is in force")
  }

  @Test func `the settings in the units and their file are options of a drill`() throws {
    let installation = try installation
    let named = try installation.shell(
      "cat '\(installation.settings)/eqm-replay/drill.env' '\(installation.prefix)'/lib/systemd/system/*.service "
        + "| grep -o 'EQM_REPLAY_[A-Z_]*' | sort -u")
    let names = output(named).split(separator: "\n").map(String.init)
    #expect(names.count >= 8 && names.contains("EQM_REPLAY_METRICS_FILE"), "\(names)")
    let help = output(try CommandLineRun(["help", "drill"]))
    for name in names {
      let option = "--" + name.dropFirst("EQM_REPLAY_".count).lowercased().replacingOccurrences(of: "_", with: "-")
      #expect(help.contains("\(option) ") || help.contains("\(option)\n"), "\(option)")
    }
  }

  @Test(.enabled(if: geteuid() == 0, "users and owners are made"))
  func `sysusers and tmpfiles make the user and its folders, and the page's link goes where Debian has it`() throws {
    let folder = try TemporaryFolder()
    let prefix = try installation.prefix
    // Debian's owners: a folder of root's in one of another user, where systemd-tmpfiles makes nothing.
    let run = try installation.shell(
      """
      mkdir -p '\(folder.path)/etc' '\(folder.path)/var/lib/prometheus/node-exporter' &&
      chown prometheus '\(folder.path)/var/lib/prometheus' &&
      systemd-sysusers --root='\(folder.path)' '\(prefix)/lib/sysusers.d/eqm-replay.conf' &&
      systemd-tmpfiles --create --root='\(folder.path)' '\(prefix)/lib/tmpfiles.d/eqm-replay.conf' &&
      cd '\(folder.path)' && user=$(grep ^eqm-replay: etc/passwd | cut -d : -f 3) &&
      stat --format='%n %a %u' var/lib/eqm-replay/* | sed "s/ $user\\$/ own/" &&
      eval "$(sed -n 's| /var/| var/|2; s|^sudo ln |ln |p' "$PREFIX/share/doc/eqm-replay/README.md")" &&
      readlink var/lib/prometheus/node-exporter/eqm_replay.prom
      """)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      output(run) == """
        var/lib/eqm-replay/evidence 750 own
        var/lib/eqm-replay/metrics 755 own
        /var/lib/eqm-replay/metrics/eqm_replay.prom

        """)
  }
}
