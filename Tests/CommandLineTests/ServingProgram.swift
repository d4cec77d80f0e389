import Foundation
import Glibc
import ReplayTestSupport
import StorageProtocol
import Testing

/// The built program while it serves pages.
final class ServingProgram {
  private static let waitSeconds = 60.0

  private let process = Process()
  private let input = Pipe()
  private let scratch: TemporaryFolder
  /// Of the address that the program told.
  private(set) var port: UInt16 = 0

  /// Starts the program, whose standard input stays open, and waits until it says where it listens.
  init(_ arguments: [String], folder: String? = nil) throws {
    scratch = try TemporaryFolder()
    process.executableURL = URL(fileURLWithPath: CommandLineRun.program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let files = try ["output", "errors"].map { try scratch.write([], $0) }
    process.standardInput = input
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    try process.run()
    port = try wait("it told no address: \(arguments)") {
      let line = errors.split(separator: "\n").first { $0.hasPrefix("serving http://") }
      return (line?.split(separator: ":").last).flatMap { UInt16($0.filter(\.isNumber)) }
    }
  }

  deinit {
    guard process.isRunning else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  var output: [UInt8] { (try? scratch.read("output")) ?? [] }

  var errors: String { String(decoding: (try? scratch.read("errors")) ?? [], as: UTF8.self) }

  var processIdentifier: Int32 { process.processIdentifier }

  var url: String { "http://127.0.0.1:\(port)/" }

  func feed(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

  func endInput() throws { try input.fileHandleForWriting.close() }

  func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// The exit status, once the program has ended.
  func end() throws -> Int32 {
    _ = try wait("it did not end") { process.isRunning ? nil : true }
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  /// Asks until there is an answer.
  func wait<Value>(_ failure: String, for value: () throws -> Value?) throws -> Value {
    let deadline = Date(timeIntervalSinceNow: ServingProgram.waitSeconds)
    while Date() < deadline {
      if let value = try value() { return value }
      usleep(20_000)
    }
    throw Failure(description: "\(failure); it says: \(errors)")
  }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  // MARK: Pages

  /// Asks the program for pages.
  var client: PageClient { PageClient(port: port) }

  func get(_ target: String, method: String = "GET", host: String? = nil) throws -> PageClient.Answer {
    try client.get(target, method: method, host: host)
  }
}

extension PageClient.Answer {
  var json: JSONObject { get throws { try #require(JSONText.value(body).objectValue) } }
}

/// Prometheus' own check of a page.
enum Promtool {
  /// What it complains of; nothing of a page that is right.
  static func complaints(_ page: String) throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(page, "page.prom")
    let run = try CommandLineRun(shell: "promtool check metrics < '\(file)' 2>&1")
    let said = String(decoding: run.output, as: UTF8.self)
    return run.status == 0 ? said : "exit status \(run.status): \(said)"
  }
}
