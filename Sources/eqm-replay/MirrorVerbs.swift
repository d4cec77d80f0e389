internal import ArgumentParser
internal import ReplayEngine

struct ReconcileCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: "Compares every row of a mirror in PostgreSQL with the state of a snapshot, or of a log.",
    discussion: """
      Rows that are missing in PostgreSQL, extra, or different are counted and listed. Exit status 0: all tables are equal; 1: a
      row is not. 2: PostgreSQL could not be read to the end, so that nothing is known. All tables are read through psql in one
      transaction, as of one moment. Passwords belong in PGPASSFILE or PGSERVICE: arguments can be seen by others.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    help: ArgumentHelp(
      "The database, as psql's -d takes it: a conninfo string, a URI or a name.", valueName: "conninfo"))
  var postgres: String

  @Option(help: ArgumentHelp("The schema of the mirror's tables.", valueName: "name"))
  var schema = Reconciling.schemaUsual

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    try await Reconciling(
      ReplayOptions(parallel.arguments(log)), with: postgres, schema: schema, services: services
    ).run()
  }
}
