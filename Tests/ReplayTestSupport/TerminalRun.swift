internal import Foundation
internal import Glibc

/// A run of the built program whose error stream is a pseudo-terminal, and standard output too where it is asked for.
///
/// What is fed to standard input, and when, is up to the test: so it decides how far a run is.
package final class TerminalRun {
  /// What of the program is connected to the terminal.
  package enum Shown {
    case errors, outputAndErrors
  }

  private struct TerminalFault: Error {
    let code = errno
    let received: String
  }

  private let process = Process()
  private let terminal: Int32
  /// A socket: writing to a program that has ended fails there, and does not end the tests.
  private var input: Int32
  private let output: (file: FileHandle, folder: TemporaryFolder)
  private var received: [UInt8] = []

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - columns: of the terminal; 0 for one that does not say.
  ///   - environment: besides `TERM=xterm`.
  package init(
    _ arguments: [String], showing shown: Shown = .errors, columns: UInt16 = 200, environment: [String: String] = [:]
  ) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([], "output")
    guard let file = FileHandle(forWritingAtPath: path) else { throw TerminalFault(received: "") }
    output = (file, folder)
    var (ours, theirs): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&ours, &theirs, nil, nil, &size) == 0 else { throw TerminalFault(received: "") }
    terminal = ours
    _ = fcntl(ours, F_SETFD, FD_CLOEXEC)
    let screen = FileHandle(fileDescriptor: theirs, closeOnDealloc: true)
    process.executableURL = URL(fileURLWithPath: CommandLineRun.program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .filter { !["NO_COLOR", "TERM"].contains($0.key) }
      .merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 }
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw TerminalFault(received: "") }
    input = ends[0]
    _ = fcntl(input, F_SETFD, FD_CLOEXEC)
    let inputOfProgram = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    process.standardInput = inputOfProgram
    process.standardOutput = shown == .outputAndErrors ? screen : file
    process.standardError = screen
    try process.run()
    // Only the program holds the terminal from here on: its end is the end of what comes.
    try screen.close()
    try inputOfProgram.close()
  }

  deinit {
    if process.isRunning { process.terminate() }
    close(terminal)
    if input >= 0 { close(input) }
  }

  /// Gives bytes to standard input.
  package func feed(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Glibc.send(input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { throw TerminalFault(received: screen) }
      rest = rest.dropFirst(sent)
    }
  }

  /// Ends standard input.
  package func endInput() {
    close(input)
    input = -1
  }

  /// Waits until the program takes SIGUSR1 itself: before that the signal would end it.
  package func waitForReadiness() throws {
    for _ in 0..<600 {
      let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      let caught = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last
      if let set = caught.flatMap({ UInt64($0, radix: 16) }), set & 1 << UInt64(SIGUSR1 - 1) != 0 { return }
      usleep(100_000)
    }
    throw TerminalFault(received: screen)
  }

  package func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// What the terminal received so far.
  package var screen: String { String(decoding: received, as: UTF8.self) }

  /// Waits until the terminal has received what `condition` looks for: as long as that takes, up to a minute.
  package func wait(until condition: (String) -> Bool) throws {
    var patience = 600
    while !condition(screen) {
      guard patience > 0, try receive(milliseconds: 100) else { throw TerminalFault(received: screen) }
      patience -= 1
    }
  }

  /// Takes in what comes within a time; false where nothing will come any more.
  private func receive(milliseconds: Int32) throws -> Bool {
    var waiting = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return true }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(terminal, &bytes, bytes.count)
    // Linux says EIO where nobody has the other side open.
    guard count > 0 else { return false }
    received += bytes[..<count]
    return true
  }

  /// Waits for the end of the program.
  ///
  /// - Returns: its exit status, negative for a signal's number; standard output, unless that was the terminal.
  package func end() throws -> (status: Int32, output: [UInt8]) {
    var patience = 60
    while try receive(milliseconds: 1000) {
      guard patience > 0 else { throw TerminalFault(received: screen) }
      patience -= 1
    }
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return (status, try output.folder.read("output"))
  }
}
