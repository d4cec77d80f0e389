import Foundation
import ReplayTestSupport
import Testing

/// What `Deploy/install` puts into a folder of its own, while a suite runs.
struct InstalledProgram: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let installation = try Installation()
    try await Installation.$current.withValue(installation) { try await function() }
  }
}

extension SuiteTrait where Self == InstalledProgram {
  static var installed: InstalledProgram { InstalledProgram() }
}

final class Installation: Sendable {
  @TaskLocal static var current: Installation?

  private let folder: FolderOfSuite
  /// The folder that stands for /usr/local.
  var prefix: String { "\(folder.path)/local" }
  /// The folder that stands for /etc.
  var settings: String { "\(folder.path)/etc" }

  init() throws {
    folder = try FolderOfSuite()
    try install()
  }

  func install(_ arguments: String = "") throws {
    let run = try shell("'\(Fixture.projectFolder)/Deploy/install' \(arguments)")
    try #require(run.status == 0, "\(run.errors)")
  }

  /// Runs a shell command with the variables of `make install`; the program is `eqm-replay`.
  func shell(_ command: String) throws -> CommandLineRun {
    try CommandLineRun(
      shell: """
        export PREFIX='\(prefix)' SYSCONFDIR='\(settings)' DESTDIR='' RUNBOOK_URL='https://wiki.example.com/?page=a&b'
        export MANPATH="$PREFIX/share/man" PATH="$PREFIX/bin:$PATH"
        \(command)
        """)
  }

  /// Paths of all files, below the folder of both.
  var files: [String] {
    get throws {
      let names = try #require(FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String })
      return try names.filter {
        try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\($0)")[.type] as? FileAttributeType
          == .typeRegular
      }.sorted()
    }
  }
}

/// A folder that is removed with the suite: `TemporaryFolder` is not for more than one task.
private final class FolderOfSuite: Sendable {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("eqm-install-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
