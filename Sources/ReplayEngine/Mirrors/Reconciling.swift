internal import LogReading
internal import PostgresMirror
internal import StateSnapshot
internal import StorageProtocol
internal import SystemFiles

/// The verb `reconcile`: every row of a mirror in PostgreSQL, compared with the state of a snapshot or of a log.
public struct Reconciling: Sendable {
  /// The schema of the mirror's tables where nobody names one.
  public static let schemaUsual = PostgresMirror.schemaUsual

  private let options: ReplayOptions
  private let connection: String
  private let schema: String
  private let services: Services

  /// - Parameters:
  ///   - connection: what psql's `-d` takes: a conninfo string, a URI or a database's name.
  ///   - schema: of the mirror's tables.
  /// - Throws: `.usage`.
  public init(
    _ options: ReplayOptions, with connection: String, schema: String, services: Services
  ) throws(ReplayFailure) {
    guard !schema.isEmpty else { throw ReplayOptions.usage("--schema is the name of a schema") }
    self.options = options
    self.connection = connection
    self.schema = schema
    self.services = services
  }

  /// Reads both sides once and says how they differ.
  ///
  /// - Returns: a report with exit status 1 where a row is missing, extra or different.
  /// - Throws: `.precondition`, `.log`, `.snapshot`; `.input` where PostgreSQL cannot be read to the end, so that nothing is
  ///   known; `.output`.
  public func run() async throws(ReplayFailure) -> Report {
    try await options.withState(in: TargetFolder(path: services.temporaryFolder), services) {
      (state) throws(ReplayFailure) in
      services.onProgress(Progress(step: .verify, entries: 0, bytesRead: 0, storedBytes: nil))
      let result = try compare(state.snapshot)
      return ReconciliationReport(
        source: options.source.name, schema: schema, state: state, result: result
      ).report
    }
  }

  private func compare(_ snapshot: VerifiedSnapshot) throws(ReplayFailure) -> Reconciliation {
    do {
      return try MirrorComparison(
        of: snapshot, with: connection, schema: schema, wakeDescriptor: services.wakeDescriptor
      ).run()
    } catch {
      // A signal to the whole group ends psql as well.
      guard !services.isInterrupted() else { throw ReplayFailure(LogError(.interrupted)) }
      switch error {
      case .snapshot(let fault): throw ReplayFailure(reading: fault)
      case .interrupted: throw ReplayFailure(LogError(.interrupted))
      default: throw .input(InputFailure(description: error.description))
      }
    }
  }
}
