internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// What a server shows. Called at any time, by several at once; neither may wait for anything.
package protocol Pages: Sendable {
  /// The answer to a request.
  func answer(_ request: PageRequest) -> PageResponse
  /// A moment later: twice a second.
  func tick()
}

/// A server of pages over HTTP/1.1.
///
/// It works on the threads that tasks share: what is served meanwhile must leave them alone (``RunThreads``).
package final class PageServer: Sendable {
  /// Between two looks at the run.
  private static let tick = Duration.milliseconds(500)
  /// For connections to end, once nobody listens any more: one that sends without end may keep the library busy.
  private static let farewell = Duration.seconds(1)

  /// Where it listens; with the port that was taken where any was asked for.
  package let address: ListeningAddress
  private let server: HTTPServer
  private let ticking: Task<Void, any Error>

  /// Listens from now on.
  ///
  /// - Parameter patience: for an answer to be made, and for the address to be had; neither takes time of its own, but
  ///   the process may be busy.
  /// - Throws: where the address cannot be had.
  package init(
    _ address: ListeningAddress, _ pages: any Pages, patience: Duration = .seconds(60)
  ) async throws(ServingFault) {
    server = HTTPServer(
      address: address.system, timeout: TimeInterval(patience.components.seconds), pool: LimitedPool(),
      logger: .disabled,
      handler: PageHandler(pages: pages))
    self.address = try await PageServer.start(server, at: address, patience)
    ticking = Task {
      while true {
        pages.tick()
        try await Task.sleep(for: PageServer.tick)
      }
    }
  }

  /// Ends the server: nobody listens there and connections have ended when this returns, unless a sender keeps the library busy for
  /// longer than a moment; they end with the process then.
  package func stop() async {
    ticking.cancel()
    let (ended, end) = AsyncStream<Never>.makeStream()
    Task {
      await server.stop()
      end.finish()
    }
    let waiting = Task {
      try await Task.sleep(for: PageServer.farewell)
      end.finish()
    }
    for await _ in ended {}
    waiting.cancel()
  }

  /// - Returns: where `server` listens now.
  private static func start(
    _ server: HTTPServer, at address: ListeningAddress, _ patience: Duration
  ) async throws(ServingFault) -> ListeningAddress {
    let waiting = Task { try await server.waitUntilListening(timeout: TimeInterval(patience.components.seconds)) }
    let running = Task {
      // Whatever ends it first, nobody need wait for it any longer.
      defer { waiting.cancel() }
      try await server.run()
    }
    if case .failure(let delay) = await waiting.result {
      running.cancel()
      guard case .failure(let fault) = await running.result, !(fault is CancellationError) else {
        throw ServingFault(address, delay)
      }
      throw ServingFault(address, fault)
    }
    let port: UInt16? =
      switch await server.listeningAddress {
      case .ip4(_, let port), .ip6(_, let port): port
      case .unix, nil: nil
      }
    return ListeningAddress(host: address.host, port: port ?? address.port)
  }
}

/// Answers what FlyingFox has understood.
private struct PageHandler: HTTPHandler {
  let pages: any Pages

  func handleRequest(_ request: HTTPRequest) async -> HTTPResponse {
    let asked = PageRequest(request)
    return pages.answer(asked).response(isHead: asked.isHead)
  }
}
