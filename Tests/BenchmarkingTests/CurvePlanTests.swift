import Benchmarking
import Testing

@Suite struct CurvePlanTests {
  private func plan(_ curves: [Curve] = Curve.allCases, scale: Double = 1, processorCount: Int = 2) -> CurvePlan {
    CurvePlan(curves, scale: scale, processorCount: processorCount)
  }

  @Test func `curves reach as far as they say`() {
    let plan = plan()
    #expect(plan.points(.workers).map(\.place) == [1, 2, 3, 4])
    #expect(plan.points(.workers).allSatisfy { $0.place == $0.workerCount && $0.log.entryCount == 1_000_000 })
    for curve in [Curve.entries, .cost, .memory] {
      #expect(
        plan.points(curve).map(\.place) == [
          10_000, 100_000, 1_000_000, 10_000_000, 10_000, 100_000, 1_000_000, 10_000_000,
        ])
      #expect(plan.points(curve).allSatisfy { $0.place == $0.log.entryCount && $0.log.kind == .recorded })
    }
    let contents = plan.points(.contentSize).filter { $0.workerCount == 2 }
    #expect(contents.first?.place == 16 && contents.last?.place == 1 << 20)
    #expect(
      contents.allSatisfy { $0.log.kind == .content(bytes: $0.place) && $0.place * $0.log.entryCount <= 256 << 20 })
    #expect(plan.points(.skew).prefix(7).map(\.place) == [0, 10, 20, 40, 60, 80, 90])
    #expect(plan.points(.epochs).prefix(6).map(\.place) == [4, 10, 30, 100, 1000, 10_000])
  }

  @Test func `each log is replayed once with each number of workers, whatever curves share it`() throws {
    let replays = plan().replays
    #expect(Set(replays.map(\.log)).count == replays.count)
    let usual = try #require(replays.first { $0.log == GeneratedLog(.recorded, entryCount: 1_000_000) })
    #expect(usual.workerCounts == [1, 2, 3, 4])
    for curve in Curve.allCases {
      for point in plan().points(curve) {
        #expect(replays.first { $0.log == point.log }?.workerCounts.contains(point.workerCount) == true)
      }
    }
    #expect(plan([.cost]).replays == plan([.memory, .entries, .cost]).replays)
  }

  @Test func `many processors are not all tried, one has one line`() {
    #expect(plan(processorCount: 20).points(.workers).map(\.place) == [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 40])
    #expect(plan(processorCount: 1).points(.workers).map(\.place) == [1, 2])
    #expect(Set(plan(processorCount: 1).points(.skew).map(\.workerCount)) == [1])
  }

  @Test func `a small scale shortens logs, not below what a log is, and merges points that become the same`() {
    let plan = plan(scale: 0.0001)
    #expect(plan.points(.entries).filter { $0.workerCount == 1 }.map(\.place) == [100, 1000])
    #expect(plan.replays.allSatisfy { (24...1000).contains($0.log.entryCount) })
    #expect(plan.points(.contentSize).count == 18)
  }
}
