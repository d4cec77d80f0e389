import Foundation
import ReplayTestSupport
import Testing

/// Debian's PostgreSQL on a socket of its own, while a suite runs.
struct RunningPostgres: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let server = try PostgresServer()
    defer { server.stop() }
    try await PostgresServer.$current.withValue(server) { try await function() }
  }
}

extension SuiteTrait where Self == RunningPostgres {
  static var postgres: RunningPostgres { RunningPostgres() }
}

final class PostgresServer: Sendable {
  @TaskLocal static var current: PostgresServer?

  /// Of the socket and the data; short, as paths of sockets must be.
  let folder: String

  /// Text in the order of a language, not of bytes: what depends on the order must say so itself.
  init() throws {
    folder = "/tmp/eqm-pg-\(UUID().uuidString.prefix(8))"
    let run = try CommandLineRun(
      shell: """
        set -e
        mkdir '\(folder)'
        [ "$(id -u)" != 0 ] || chown postgres '\(folder)'
        cd '\(folder)'
        \(PostgresServer.tools)
        run "$bin/initdb" -D data -A trust -U postgres --encoding=UTF8 --locale-provider=icu --icu-locale=en-US \
          --locale=C.UTF-8 --no-sync > initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
        run "$bin/pg_ctl" -D data -w -l '\(folder)/data/log' \
          -o "-c listen_addresses= -k '\(folder)' -c fsync=off -c shared_buffers=16MB" start > start.log 2>&1 \
          || { cat start.log data/log >&2; exit 1; }
        """)
    try #require(run.status == 0, "run .ci/install-system-libraries tests: \(run.errors)")
  }

  /// initdb and the server refuse root.
  private static let tools = """
    bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
    run() { (
      # The server must not keep what tells Foundation that this shell has not ended yet.
      for descriptor in /proc/self/fd/*; do
        number=${descriptor##*/}
        [ "$number" -le 2 ] || eval "exec $number>&-"
      done
      if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- "$@"; else exec "$@"; fi
    ) }
    """

  func stop() {
    _ = try? CommandLineRun(
      shell: """
        cd '\(folder)'
        \(PostgresServer.tools)
        run "$bin/pg_ctl" -D data -m immediate stop > /dev/null 2>&1
        cd / && rm -rf '\(folder)'
        """)
  }
}

/// A database of its own for one test, and a folder.
struct MirrorDatabase {
  let folder: TemporaryFolder
  let conninfo: String

  init() throws {
    let server = try #require(PostgresServer.current)
    folder = try TemporaryFolder()
    let name = "db_\(UUID().uuidString.prefix(8).lowercased())"
    let run = try CommandLineRun(shell: "psql -X -q -h '\(server.folder)' -U postgres -c 'CREATE DATABASE \(name)'")
    try #require(run.status == 0, "\(run.errors)")
    conninfo = "host=\(server.folder) user=postgres dbname=\(name)"
  }

  /// Runs SQL, or psql with other arguments, in the folder.
  @discardableResult
  func psql(_ arguments: String, status: Int32 = 0) throws -> CommandLineRun {
    let run = try CommandLineRun(shell: "psql -X -A -t -q -d '\(conninfo)' \(arguments)", folder: folder.path)
    try #require(run.status == status, "\(arguments): \(run.errors)")
    return run
  }

  /// Runs statements in one go.
  func execute(_ statements: [String]) throws {
    try folder.write(statements.map { $0 + ";\n" }.joined(), "statements.sql")
    try psql("-v ON_ERROR_STOP=1 -f statements.sql")
  }

  /// What one value of a query is.
  func value(_ query: String) throws -> String {
    try folder.write(query, "query.sql")
    let run = try psql("-v ON_ERROR_STOP=1 -f query.sql")
    return String(decoding: run.output, as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  /// Exports a log or a snapshot to the subfolder `name`.
  func export(_ source: String, to name: String = "mirror", _ arguments: [String] = []) throws -> CommandLineRun {
    try CommandLineRun(
      ["export", source, "--to", "postgres", "-o", "\(folder.path)/\(name)", "--json", "-q"] + arguments)
  }

  /// Runs a script of an export as its first lines say.
  func script(_ script: String, in name: String = "mirror", _ arguments: String = "") throws -> CommandLineRun {
    try CommandLineRun(shell: "psql -X -d '\(conninfo)' \(arguments) -f \(script)", folder: "\(folder.path)/\(name)")
  }

  func reconcile(_ source: String, _ arguments: [String] = []) throws -> CommandLineRun {
    try CommandLineRun(["reconcile", source, "--postgres", conninfo, "--json", "-q"] + arguments)
  }
}
