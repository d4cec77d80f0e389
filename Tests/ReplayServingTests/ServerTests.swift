import Foundation
import Glibc
import ReplayMetrics
import ReplayServing
import ReplayTestSupport
import Synchronization
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

  /// What the tasks that keep threads busy have in common.
  private final class Work: Sendable {
    let busy = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)

    /// Computes until it is over: of threads that only wait, the system would make more.
    func keepBusy() {
      busy.add(1, ordering: .relaxed)
      while !isOver.load(ordering: .relaxed) {}
    }
  }

  /// Calls `body` on a thread of its own while child tasks of the caller keep every thread busy that they can get.
  private func whileBusy<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let work = Work()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<(4 * ServerTests.processors) { group.addTask { work.keepBusy() } }
      return try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
          while work.busy.load(ordering: .relaxed) < ServerTests.processors { usleep(1000) }
          let result = Result { try body() }
          work.isOver.store(true, ordering: .relaxed)
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
        return .success(try await whileBusy { try ["/healthz", "/metrics"].map { try client.get($0) } })
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
