import Dispatch
import Foundation
import ReplayMetrics
import ReplayServing
import ReplayTestSupport
import Testing

/// The server beside work that leaves no thread free.
@Suite struct ServerTests {
  private static let processors = ProcessInfo.processInfo.activeProcessorCount

  private func server(_ text: String = "127.0.0.1:0") async throws -> PageServer {
    let address = try #require(ListeningAddress(text))
    let runs = ServedRuns(
      [ServedRun(target: "a", log: "log", phase: .waiting)],
      build: BuildInformation(version: "1", revision: "r", swiftVersion: "s"))
    return try await PageServer(address, RunPages(FixedRuns(runs: runs), at: address), patience: .seconds(3600))
  }

  /// Calls `body` on a thread of its own while every thread that child tasks of the caller can get is blocked.
  private func whileBlocked<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let (started, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let tasks = 4 * ServerTests.processors
    @Sendable func block() {
      started.signal()
      ended.wait()
    }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<tasks { group.addTask { block() } }
      return try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
          for _ in 0..<ServerTests.processors { started.wait() }
          let result = Result { try body() }
          for _ in 0..<tasks { ended.signal() }
          continuation.resume(with: result)
        }
      }
    }
  }

  @Test func `pages are answered while every thread of the run is busy`() async throws {
    let server = try await server()
    let client = PageClient(port: server.address.port)
    let answers = await RunThreads.run { () -> Result<[PageClient.Answer], any Error> in
      do {
        return .success(try await whileBlocked { try ["/healthz", "/metrics"].map { try client.get($0) } })
      } catch {
        return .failure(error)
      }
    }
    await server.stop()
    #expect(try answers.get().map(\.status) == [200, 200])
    #expect(throws: PageClient.Failure.self, "nobody listens any longer") { try client.connected() }
  }

  @Test func `a port is had once, and again when its server has ended`() async throws {
    let first = try await server()
    let address = "\(first.address)"
    await #expect(throws: ServingFault.self) { try await server(address) }
    await first.stop()
    let second = try await server(address)
    #expect(second.address == first.address)
    await second.stop()
  }
}
