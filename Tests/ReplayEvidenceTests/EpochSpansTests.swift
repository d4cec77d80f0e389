import ReplayEvidence
import StorageProtocol
import Testing

/// A replay's epochs, in few spans: nothing is lost where they are joined.
@Suite struct EpochSpansTests {
  private func part(_ entries: UInt64, _ notApplied: UInt64 = 0, next: Int64? = nil) -> EpochSpans.Part {
    EpochSpans.Part(entries: entries, notApplied: notApplied, nextEpoch: next.map { Epoch($0) })
  }

  @Test func `epochs that end in one batch are one span, and the rest is open`() {
    var spans = EpochSpans()
    spans.append([part(10, 1)], at: .seconds(1))
    spans.append([part(5, next: 1), part(7, 2, next: 2), part(3)], at: .seconds(2))
    spans.append([part(4, next: 5), part(1)], at: .seconds(5))
    let found = spans.ended(at: .seconds(6))
    #expect(found.map(\.first.value) == [0, 2, 5])
    #expect(found.map(\.last.value) == [1, 2, 5])
    #expect(found.map(\.entries) == [22, 7, 1])
    #expect(found.map(\.notApplied) == [3, 0, 0])
    #expect(found.map(\.elapsed) == [.seconds(2), .seconds(3), .seconds(1)])
  }

  @Test func `there is no rate of no time, nor of less`() {
    #expect(Duration.seconds(-1).perSecond(5) == 0 && Duration.zero.perSecond(5) == 0)
    #expect(Duration.milliseconds(500).perSecond(5) == 10)
  }

  @Test func `a log without entries has no spans, one without epochs has one`() {
    #expect(EpochSpans().ended(at: .seconds(1)).isEmpty)
    var spans = EpochSpans()
    spans.append([part(3)], at: .seconds(1))
    #expect(spans.ended(at: .seconds(1)).map(\.entries) == [3])
  }

  @Test(arguments: [1, 199, 200, 201, 399, 400, 401, 1_000, 12_345])
  func `any number of epochs is at most so many spans, with every entry and all of the time`(count: Int) {
    var spans = EpochSpans()
    for epoch in 1...count { spans.append([part(UInt64(epoch), 1, next: Int64(epoch))], at: .seconds(epoch)) }
    spans.append([part(1)], at: .seconds(count + 1))
    let found = spans.ended(at: .seconds(count + 1))
    #expect(found.count <= EpochSpans.spansMax)
    #expect(found.count >= min(count, EpochSpans.spansMax / 2))
    #expect(found.reduce(0) { $0 + $1.entries } == UInt64(count * (count + 1) / 2 + 1))
    #expect(found.reduce(0) { $0 + $1.notApplied } == UInt64(count))
    #expect(found.reduce(Duration.zero) { $0 + $1.elapsed } == .seconds(count + 1))
    #expect(found.first?.first == Epoch(0) && found.last?.last == Epoch(Int64(count)))
    for (span, next) in zip(found, found.dropFirst()) { #expect(next.first.value == span.last.value + 1) }
  }
}
