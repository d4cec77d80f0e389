internal import Glibc
internal import ReplayEngine
internal import Synchronization

/// Progress on the error stream.
final class ProgressLine: Sendable {
  private enum Form { case redrawn, plain, json, none }

  private struct State {
    var step: RunStep?
    var lastShown: ContinuousClock.Instant
    var isLineOpen = false
  }

  private static let plainInterval = Duration.seconds(10)
  private static let redrawInterval = Duration.milliseconds(200)

  private let form: Form
  private let tellsSteps: Bool
  private let clock = ContinuousClock()
  private let state: Mutex<State>

  init(_ options: SharedOptions) {
    let isTerminal = isatty(STDERR_FILENO) == 1
    form =
      switch options.progress {
      case _ where options.quiet: .none
      case .none: .none
      case .plain: .plain
      case .json: .json
      case .auto: isTerminal ? .redrawn : .plain
      }
    tellsSteps = options.verbose && !options.quiet
    state = Mutex(State(lastShown: clock.now))
  }

  func show(_ progress: Progress) {
    guard form != .none || tellsSteps else { return }
    let now = clock.now
    state.withLock { state in
      if state.step != progress.step {
        state.step = progress.step
        if tellsSteps { Output.complain("step: \(progress.step.rawValue)") }
      }
      let interval = form == .redrawn ? ProgressLine.redrawInterval : ProgressLine.plainInterval
      guard form != .none, now - state.lastShown >= interval else { return }
      state.lastShown = now
      draw(progress, &state)
    }
  }

  private func draw(_ progress: Progress, _ state: inout State) {
    switch form {
    case .redrawn:
      // Back to the start of the line, and what stood there is erased.
      Output.draw("\r\u{1B}[K\(ProgressLine.sentence(progress))")
      state.isLineOpen = true
    case .plain: Output.complain(ProgressLine.sentence(progress))
    case .json: Output.complain(ProgressLine.json(progress))
    case .none: break
    }
  }

  private static func sentence(_ progress: Progress) -> String {
    let read = "\(progress.step.rawValue): \(progress.entries) entries, \(megabytes(progress.bytesRead))"
    guard let total = progress.storedBytes, total > 0 else { return "\(read) read" }
    return "\(read) of \(megabytes(total)) read"
  }

  private static func megabytes(_ bytes: UInt64) -> String {
    "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
  }

  private static func json(_ progress: Progress) -> String {
    let total = progress.storedBytes.map(String.init) ?? "null"
    return
      #"{"step":"\#(progress.step.rawValue)","entries":\#(progress.entries),"bytes_read":\#(progress.bytesRead),"stored_bytes":\#(total)}"#
  }

  /// Erases a redrawn line.
  func finish() {
    state.withLock { state in
      if state.isLineOpen { Output.draw("\r\u{1B}[K") }
      state.isLineOpen = false
    }
  }
}
