import ControlPlan
import StorageProtocol
import Testing

/// The cases of the sticky cache (protocol.md 6), each worked out by hand.
@Suite struct StickyCacheTests {
  /// The eligible ids of the span that holds the last entry, which must be a data entry.
  private func eligible(_ planned: PlannedBatch) throws -> [String] {
    try #require(planned.spans.last).version.eligible.ids
  }

  private static let start = [Entry.register("b"), Entry.register("a"), Entry.store]

  @Test func `a context after a placement leaves the cached nodes eligible, verified or not`() throws {
    var log = try PlannedLog(hasPlaced: true)
    let planned = try log.add(StickyCacheTests.start + [Entry.context(["b"]), Entry.store])
    #expect(planned.spans.map(\.version.eligible.ids) == [["a", "b"], ["a", "b"]])
    #expect(log.questions == [PlannedLog.Question(entry: 3, since: 2)])
  }

  @Test func `a context before any placement makes the next one see the verifier, and nobody is verified yet`() throws {
    var log = try PlannedLog(hasPlaced: false)
    let planned = try log.add(StickyCacheTests.start + [Entry.context(["b"]), Entry.store])
    #expect(planned.spans.map(\.version.eligible.ids) == [["a", "b"], []])
  }

  @Test func `with an epoch just what the context verifies becomes eligible, cached list or not`() throws {
    for hasPlaced in [false, true] {
      var log = try PlannedLog(hasPlaced: hasPlaced)
      _ = try log.add(StickyCacheTests.start + [Entry.context(["b"]), Entry.store])
      let planned = try log.add([Entry.advance(1), Entry.store])
      #expect(try eligible(planned) == ["b"], "placed before: \(hasPlaced)")
    }
  }

  @Test func `an epoch before any context verifies the active nodes, and does not outlive the context's arrival`()
    throws
  {
    var log = try PlannedLog(hasPlaced: false)
    _ = try log.add(StickyCacheTests.start + [Entry.status("b", "inactive"), Entry.advance(1), Entry.store])
    let planned = try log.add([Entry.context([]), Entry.store])
    #expect(try eligible(planned) == ["a"], "verified by the epoch, in that epoch")
    #expect(try eligible(log.add([Entry.status("b", "active"), Entry.store])) == ["a"], "b was inactive at the epoch")
    #expect(try eligible(log.add([Entry.register("a"), Entry.store])) == [], "registered anew: the context denies it")
    #expect(try eligible(log.add([Entry.advance(2), Entry.store])) == [])
  }

  @Test(
    arguments: [
      (Entry.register("c"), []), (Entry.register("a"), []), (Entry.unregister("a"), []),
      (Entry.status("a", "active"), []), (Entry.status("a", "revoked"), []), (Entry.advance(0), ["b"]),
    ] as [(String, [String])])
  func `what clears the cache brings the verifier to bear`(entry: String, ids: [String]) throws {
    var log = try PlannedLog(hasPlaced: true)
    let planned = try log.add(StickyCacheTests.start + [Entry.context(["b"]), Entry.store, entry, Entry.store])
    #expect(planned.spans.map(\.version.eligible.ids) == [["a", "b"], ["a", "b"], ids])
  }

  @Test(arguments: [
    Entry.unregister("nobody"), Entry.status("nobody", "active"), Entry.uptime("nobody"), Entry.uptime("a"),
    Entry.rewards(0), Entry.context(["a", "b"]), Entry.context([]),
  ])
  func `unknown nodes, uptimes, rewards and later contexts clear nothing`(entry: String) throws {
    var log = try PlannedLog(hasPlaced: true)
    let planned = try log.add(StickyCacheTests.start + [Entry.context(["b"]), Entry.store, entry, Entry.store])
    #expect(planned.spans.map(\.version.eligible.ids) == [["a", "b"], ["a", "b"], ["a", "b"]])
    let lists = planned.spans.map { ObjectIdentifier($0.version.eligible) }
    #expect(lists[1] == lists[2])
  }

  @Test func `a node of the cached list that is verified by a later registration is seen only after that clears it`()
    throws
  {
    var log = try PlannedLog(hasPlaced: true)
    _ = try log.add(StickyCacheTests.start + [Entry.context(["a", "c"]), Entry.store])
    #expect(try eligible(log.add([Entry.register("c"), Entry.store])) == ["c"], "a was registered without a context")
  }

  @Test func `an empty list is never kept: nothing was placed on it`() throws {
    // Two nodes, none active: chunks are placed on nobody, so the caller has nothing placed to tell of.
    var log = try PlannedLog(hasPlaced: false)
    _ = try log.add([Entry.register("a"), Entry.status("a", "inactive"), Entry.store])
    let planned = try log.add([Entry.context(["a"]), Entry.store])
    #expect(try eligible(planned) == [])
    #expect(try eligible(log.add([Entry.advance(1), Entry.store])) == [], "verified, and not active")
    #expect(try eligible(log.add([Entry.status("a", "active"), Entry.store])) == ["a"])
  }

  // MARK: The question

  @Test func `what was placed is asked once in a log, at its first context, from the last clearing on`() throws {
    var log = try PlannedLog(hasPlaced: true)
    _ = try log.add(StickyCacheTests.start)
    _ = try log.add([Entry.store, Entry.uptime("a"), Entry.unregister("nobody"), Entry.store])
    #expect(log.questions == [])
    // Ordinals 7 to 10; the epoch at 8 clears.
    _ = try log.add([Entry.store, Entry.advance(1), Entry.store, Entry.context(["a"]), Entry.context(["b"])])
    #expect(log.questions == [PlannedLog.Question(entry: 3, since: 9)])
    #expect(log.spansAsked == [2], "the plan so far has the spans before the context")
    _ = try log.add([Entry.register("c"), Entry.context(["a"]), Entry.store])
    #expect(log.questions.count == 1)
  }

  @Test func `without a clearing entry the question goes back to the log's start`() throws {
    var log = try PlannedLog()
    _ = try log.add([Entry.store, Entry.uptime("nobody"), Entry.store])
    _ = try log.add([Entry.context([])])
    #expect(log.questions == [PlannedLog.Question(entry: 0, since: 0)])
    #expect(log.spansAsked == [0])
  }
}
