internal import Glibc
internal import ReplayEngine
internal import Synchronization

/// Everything that a run says on the error stream while it goes on.
///
/// What a verb tells is only kept; a thread draws it, and answers `SIGUSR1`.
final class ProgressLine: Sendable {
  private enum Form { case redrawn, plain, json, none }

  /// What the error stream shows.
  private struct Screen {
    var lastShown = Duration.zero
    var isLineOpen = false
    var hasFinished = false
  }

  private static let plainInterval = Duration.seconds(10)
  private static let redrawInterval = Duration.milliseconds(200)
  /// Back to the start of the line, and what stands there is erased.
  private static let eraser = "\r\u{1B}[K"

  private let form: Form
  private let tellsSteps: Bool
  private let start = ContinuousClock.now
  private let progress = Mutex(RunProgress())
  /// Lines that the run had to say, until the thread shows them.
  private let unsaid = Mutex<[String]>([])
  /// Apart from the progress: a stream that takes nothing, of a terminal that was stopped say, does not stop the run.
  private let screen = Mutex(Screen())

  init(_ options: SharedOptions) {
    form =
      switch options.progress {
      case _ where options.quiet: .none
      case .none: .none
      case .plain: .plain
      case .json: .json
      case .auto: Terminal.errors.obeysSequences ? .redrawn : .plain
      }
    tellsSteps = options.verbose && !options.quiet
  }

  // MARK: What is told

  func plan(_ steps: [PlannedStep]) { progress.withLock { $0.plan(steps) } }

  func note(_ event: Progress) {
    let begun: RunProgress? = progress.withLock { progress in
      let isNew = progress.step != event.step
      progress.note(event, at: elapsed)
      return isNew ? progress : nil
    }
    guard let begun else { return }
    unsaid.withLock { lines in
      if tellsSteps { lines.append("step: \(event.step.rawValue)") }
      // Whoever reads it by a program wants to know of every step, however short.
      if form == .json { lines.append(ProgressText(begun).json) }
    }
  }

  /// All work is done, though the verb goes on: nothing is drawn any more.
  func idle() {
    progress.withLock { $0.end(at: elapsed) }
    close()
  }

  /// The verb has ended, with a result or without: the line is erased, and none is drawn any more.
  ///
  /// - Returns: how far it came.
  func finish(withResult hasResult: Bool) -> RunProgress {
    let known = progress.withLock { progress in
      if hasResult { progress.end(at: elapsed) }
      return progress
    }
    if form == .json, hasResult, known.step != nil { unsaid.withLock { $0.append(ProgressText(known).json) } }
    close()
    return known
  }

  private func close() {
    screen.withLock { screen in
      sayUnsaid(&screen)
      ProgressLine.erase(&screen)
      screen.hasFinished = true
    }
  }

  // MARK: What is shown

  /// Time passes: what is due is shown.
  func tick() {
    screen.withLock { screen in
      sayUnsaid(&screen)
      // Behind what was said: a step that began meanwhile is not followed by the one before it.
      let known = now
      guard form != .none, !screen.hasFinished, known.step != nil else { return }
      let interval = form == .redrawn ? ProgressLine.redrawInterval : ProgressLine.plainInterval
      guard known.elapsed - screen.lastShown >= interval else { return }
      screen.lastShown = known.elapsed
      show(ProgressText(known), &screen)
    }
  }

  /// The time between two looks at what is due; nil where nothing ever is.
  var tickInterval: Duration? { form == .none && !tellsSteps ? nil : ProgressLine.redrawInterval }

  /// Says how far the run is, whatever is shown otherwise: somebody asked for it.
  func answer() { say(ProgressText(now).sentence) }

  private var elapsed: Duration { ContinuousClock.now - start }

  private var now: RunProgress {
    progress.withLock { progress in
      progress.pass(to: elapsed)
      return progress
    }
  }

  private func show(_ text: ProgressText, _ screen: inout Screen) {
    switch form {
    case .redrawn:
      // The last column stays free: some terminals break the line behind it.
      Output.draw(ProgressLine.eraser + text.line(columns: Terminal.errors.columns - 1))
      screen.isLineOpen = true
    case .plain: Output.complain(text.sentence)
    case .json: Output.complain(text.json)
    case .none: break
    }
  }

  /// A line of its own, never behind a redrawn one.
  private func say(_ line: String) {
    screen.withLock { screen in
      sayUnsaid(&screen)
      ProgressLine.erase(&screen)
      Output.complain(line)
    }
  }

  private func sayUnsaid(_ screen: inout Screen) {
    let lines = unsaid.withLock { lines in
      defer { lines = [] }
      return lines
    }
    guard !lines.isEmpty else { return }
    ProgressLine.erase(&screen)
    for line in lines { Output.complain(line) }
  }

  private static func erase(_ screen: inout Screen) {
    if screen.isLineOpen { Output.draw(eraser) }
    screen.isLineOpen = false
  }
}
