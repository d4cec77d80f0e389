import ReplayEngine
import Testing

@Suite struct FailureNextStepTests {
  @Test func `what went wrong behind a failure does not change the advice`() async throws {
    let log = "/nothing there/log.jsonl"
    let checking = Checking(try ReplayOptions(ReplayArguments(log: log)), quick: false, services: Services())
    let failure = await #expect(throws: ReplayFailure.self) { try await checking.run() }
    let next = try #require(failure?.next(verb: "check", log: log))
    #expect(next == "ls -ld '\(log)'")
    #expect(try ReplayFailure.also(#require(failure), problem: "more").next(verb: "check", log: log) == next)
  }
}
