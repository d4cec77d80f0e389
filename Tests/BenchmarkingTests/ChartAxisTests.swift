import Benchmarking
import Testing

@Suite struct ChartUnitTests {
  private static let mebi = Double(1 << 20)

  @Test func `numbers have three digits and a prefix, and never a rounding that is out of its prefix`() {
    let counts: [(Double, String)] = [
      (0, "0"), (0.25, "0.25"), (7, "7"), (12.34, "12.3"), (999.4, "999"), (999.6, "1 k"), (10_000, "10 k"),
      (999_999, "1 M"), (2_500_000, "2.5 M"), (1.5e9, "1.5 G"), (9e15, "9000 T"),
    ]
    for (value, label) in counts { #expect(ChartUnit.count.label(value) == label) }
    let sizes: [(Double, String)] = [
      (16, "16 B"), (1000, "1000 B"), (1023.6, "1 KiB"), (1536, "1.5 KiB"), (Self.mebi, "1 MiB"),
      (5 * 1024 * Self.mebi, "5 GiB"),
    ]
    for (value, label) in sizes { #expect(ChartUnit.bytes.label(value) == label) }
    #expect(ChartUnit.percent.label(40) == "40 %")
  }
}

@Suite struct ChartAxisTests {
  private static let mebi = Double(1 << 20)

  private func axis(
    _ spacing: ChartAxis.Spacing = .linear, in unit: ChartUnit = .count, ends: ChartAxis.Ends, _ values: [Double],
    tickCountMax: Int = 6
  ) -> ChartAxis {
    ChartAxis("values", spacing, in: unit, ends: ends, of: values, tickCountMax: tickCountMax)
  }

  @Test func `a linear axis that ends at lines begins at 0 and has round steps`() {
    let throughput = axis(ends: .lines, [163_000, 287_000])
    #expect(throughput.ticks == [0, 100_000, 200_000, 300_000])
    #expect(throughput.ends == 0...300_000)
    #expect(axis(ends: .lines, [6.52, 7.51]).ticks == [0, 2, 4, 6, 8])
    #expect(axis(ends: .lines, [0.3]).ticks.map(ChartUnit.count.label) == ["0", "0.1", "0.2", "0.3"])
    #expect(axis(in: .bytes, ends: .lines, [3000 * Self.mebi]).ticks == [0, 1024, 2048, 3072].map { $0 * Self.mebi })
    #expect(axis(ends: .lines, [0]).ticks == [0, 1])
  }

  @Test func `an axis that ends at its values has lines between them, and counts no halves`() {
    #expect(axis(ends: .values, [1, 2, 3, 4], tickCountMax: 9).ticks == [1, 2, 3, 4])
    #expect(axis(ends: .values, [1, 64], tickCountMax: 9).ticks == [10, 20, 30, 40, 50, 60])
    #expect(axis(ends: .values, [0, 90], tickCountMax: 9).ticks == [0, 20, 40, 60, 80])
    #expect(axis(ends: .values, [0, 90], tickCountMax: 9).ends == 0...90)
  }

  @Test func `a logarithmic axis has powers, fewer of them where there are many, and more digits where there are few`()
  {
    let decimal = ChartAxis.Spacing.logarithmic(base: 10)
    #expect(axis(decimal, ends: .values, [1e4, 1e7]).ticks == [1e4, 1e5, 1e6, 1e7])
    #expect(axis(decimal, ends: .values, [4, 1e4]).ticks == [10, 100, 1000, 10_000])
    #expect(axis(decimal, ends: .lines, [30, 400]).ticks == [20, 50, 100, 200, 500])
    #expect(axis(decimal, ends: .lines, [0.03, 0.2]).ends.lowerBound == 0.02)
    let binary = ChartAxis.Spacing.logarithmic(base: 2)
    let contents = axis(binary, in: .bytes, ends: .values, [16, Self.mebi], tickCountMax: 9)
    #expect(contents.ticks == (2...10).map { Double(1 << (2 * $0)) })
    let memory = axis(binary, in: .bytes, ends: .lines, [21 * Self.mebi, 3000 * Self.mebi])
    #expect(memory.ticks == [16, 64, 256, 1024, 4096].map { $0 * Self.mebi })
  }

  @Test func `values lie where their axis says, and what is outside lies at an end`() {
    let linear = axis(ends: .lines, [100])
    #expect([-1, 0, 50, 100, 101].map(linear.share) == [0, 0, 0.5, 1, 1])
    let powers = axis(.logarithmic(base: 10), ends: .values, [1e4, 1e7])
    #expect([1e4, 1e7].map(powers.share) == [0, 1])
    #expect(abs(powers.share(of: 1e5) - 1 / 3) < 1e-12)
    #expect(axis(ends: .values, [5]).share(of: 5) == 0.5, "a single value lies in the middle")
    #expect(axis(.logarithmic(base: 2), ends: .values, [8]).ticks == [8])
  }

  @Test func `all values lie between the ends of an axis, and its lines are few and in order`() {
    for exponent in -6...15 {
      for factor in [1.0, 1.7, 3.3, 9.99] {
        for spread in [1.0, 1.01, 2.5, 40, 12_345] {
          let low = factor * (0..<abs(exponent)).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 }
          let values = [low, low * spread]
          for spacing in [ChartAxis.Spacing.linear, .logarithmic(base: 10), .logarithmic(base: 2)] {
            for unit in [ChartUnit.count, .bytes] {
              let axis = axis(spacing, in: unit, ends: .lines, values)
              #expect(
                values.allSatisfy { axis.ends.lowerBound <= $0 * 1.000001 && $0 <= axis.ends.upperBound * 1.000001 })
              #expect((1...10).contains(axis.ticks.count), "\(spacing) \(unit) \(values): \(axis.ticks)")
              #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0 < $1 })
            }
          }
        }
      }
    }
  }
}
