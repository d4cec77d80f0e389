internal import LogReading
internal import ReplayMetrics
internal import ReplayServing

/// A server of what a run does, for as long as it does it.
public struct LiveServing: Sendable {
  private let board: RunBoard
  private let server: PageServer
  private let workers: Int

  /// Listens from now on.
  ///
  /// - Parameters:
  ///   - listen: `127.0.0.1:9464`; port 0 for any that is free.
  ///   - target: the name of the run in metrics.
  /// - Throws: `.usage` for what is no address; `.precondition` for one that cannot be had.
  public init(_ listen: String, target: String, _ options: ReplayOptions) async throws(ReplayFailure) {
    board = RunBoard([RunBoard.Subject(target: target, log: options.source.name)])
    server = try await PageServer.listening(listen, board)
    workers = options.workers
  }

  /// Where the pages are: `http://127.0.0.1:9464/`.
  public var url: String { server.url }

  /// Runs `body` with services that tell the server besides; nobody listens when this returns.
  public func during(
    _ services: Services, _ body: (Services) async throws(ReplayFailure) -> Report
  ) async throws(ReplayFailure) -> Report {
    board.begin(0, at: services.now(), workers: workers)
    return try await server.during { () throws(ReplayFailure) in try await body(board.watching(0, services)) }
  }
}

extension PageServer {
  var url: String { "http://\(address)/" }

  /// A server of the pages of `board`.
  ///
  /// - Throws: `.usage` for what is no address; `.precondition` for one that cannot be had.
  static func listening(_ listen: String, _ board: RunBoard) async throws(ReplayFailure) -> PageServer {
    guard let address = ListeningAddress(listen) else {
      throw ReplayOptions.usage("--listen is an address and a port such as 127.0.0.1:9464, [::1]:9464 or localhost:0")
    }
    do {
      return try await PageServer(address, RunPages(board, at: address))
    } catch {
      throw .precondition(PreconditionFailure(description: error.description))
    }
  }

  /// Runs `body` out of the server's way; nobody listens when this returns.
  func during(_ body: () async throws(ReplayFailure) -> Report) async throws(ReplayFailure) -> Report {
    let result: Result<Report, ReplayFailure>
    do throws(ReplayFailure) {
      result = .success(try await RunThreads.run(body))
    } catch {
      result = .failure(error)
    }
    await stop()
    return try result.get()
  }
}

extension ReplayOptions {
  /// Workers of the replay; the sequential engine is one.
  var workers: Int { parallelism?.workers ?? 1 }
}
