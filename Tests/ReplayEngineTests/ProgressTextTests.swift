import ReplayEngine
import Testing

@Suite struct ProgressTextTests {
  /// A drill in its sequential run, 100 s of it: a tenth of 500 entries.
  private let drill: RunProgress
  /// The only reading of a verb, of a log of unknown size.
  private let stream: RunProgress

  init() {
    var drill = RunProgress()
    drill.plan([
      PlannedStep(.load, readings: 1), PlannedStep(.verify, readings: 1), PlannedStep(.evidence, readings: 0),
    ])
    let told: [(RunStep, UInt64, UInt64, Int)] = [
      (.load, 0, 0, 0), (.load, 500, 5_600_000, 10), (.verify, 0, 0, 10), (.verify, 50, 3_400_000, 110),
    ]
    for (step, entries, bytes, seconds) in told {
      drill.note(
        Progress(step: step, entries: entries, bytesRead: bytes, storedBytes: 5_600_000), at: .seconds(seconds))
    }
    self.drill = drill
    var stream = RunProgress()
    stream.plan([PlannedStep(.replay, readings: 1)])
    stream.note(Progress(step: .replay, entries: 0, bytesRead: 0, storedBytes: nil), at: .zero)
    stream.note(Progress(step: .replay, entries: 1200, bytesRead: 3_400_000, storedBytes: nil), at: .seconds(3))
    self.stream = stream
  }

  @Test func `a sentence says all that is known`() {
    #expect(
      ProgressText(drill).sentence
        == "verify, step 2 of 3: 55 %, 50 entries, 0 entries/s, 3.4 of 5.6 MB, 0.0 MB/s, ETA 15 min 0 s")
    #expect(
      ProgressText(stream).sentence
        == "replay, step 1 of 1: 1200 entries, 400 entries/s, 3.4 MB, 1.1 MB/s")
    #expect(ProgressText(RunProgress()).sentence == "nothing has begun yet")
  }

  @Test func `a line is never wider than it may be, and gives up what matters least first`() {
    for columns in 0...200 {
      for progress in [drill, stream] {
        let line = ProgressText(progress).line(columns: columns)
        #expect(line.utf8.count <= columns, "\(columns): \(line)")
        #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
      }
    }
    #expect(ProgressText(drill).line(columns: 39) == "55 %  verify 2 of 3  ETA 15 min 0 s")
    #expect(ProgressText(drill).line(columns: 79).hasPrefix("[####"))
    #expect(
      ProgressText(drill).line(columns: 200)
        == "[###############-------------]  55 %  verify 2 of 3  50 entries  0/s  0.0 MB/s  ETA 15 min 0 s")
  }

  @Test func `JSON has null for what is not known`() {
    #expect(
      ProgressText(stream).json
        == #"{"step":"replay","step_number":1,"step_count":1,"entries":1200,"entries_per_second":400,"#
        + #""bytes_read":3400000,"stored_bytes":null,"bytes_per_second":1133333,"fraction_millionths":null,"#
        + #""elapsed_seconds":3.000000,"remaining_seconds":null,"remaining_seconds_in_step":null}"#)
  }

  @Test func `a summary has a line a step and no rate of what read nothing`() {
    var ended = drill
    ended.note(Progress(step: .evidence, entries: 0, bytesRead: 0, storedBytes: nil), at: .seconds(1010))
    ended.end(at: .milliseconds(1_010_250))
    #expect(
      RunSummary(ended, stages: []).lines == [
        "step              time     entries/s          MB/s",
        "load          10.000 s            50           0.5",
        "verify      1000.000 s             0           0.0",
        "evidence       0.250 s", "total       1010.250 s",
      ])
    #expect(RunSummary(RunProgress(), stages: []).lines.isEmpty)
  }
}
