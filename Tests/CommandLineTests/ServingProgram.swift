import Foundation
import Glibc
import ReplayTestSupport
import StorageProtocol
import Testing

/// The built program while it serves pages.
final class ServingProgram {
  /// What a page was answered with.
  struct Answer {
    let status: Int
    /// By names in lowercase.
    let fields: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSONObject { get throws { try #require(JSONText.value(body).objectValue) } }
  }

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

  func get(_ target: String, method: String = "GET", host: String? = nil) throws -> Answer {
    try send("\(method) \(target) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\n\r\n")
  }

  /// Sends a request as it is, and reads until the program has closed the connection.
  func send(_ request: String) throws -> Answer {
    let connection = try connected()
    defer { close(connection) }
    let bytes = Array(request.utf8)
    // What the program does not want to hear may be refused before all of it was sent.
    _ = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var received: [UInt8] = []
    while true {
      var count = 0
      received += [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
        count = recv(connection, buffer.baseAddress, buffer.count, 0)
        initialized = max(count, 0)
      }
      if count <= 0 { break }
    }
    return try ServingProgram.answer(received)
  }

  /// A connection on which nothing was sent yet.
  ///
  /// - Throws: where nobody listens.
  func connected() throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(descriptor)
      throw Failure(description: "nobody listens on port \(port)")
    }
    var limit = timeval(tv_sec: Int(ServingProgram.waitSeconds), tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    return descriptor
  }

  private static func answer(_ received: [UInt8]) throws -> Answer {
    let end = try #require(received.firstRange(of: Array("\r\n\r\n".utf8)), "the head of an answer ends")
    let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    try #require(words.count > 2 && words[0] == "HTTP/1.1")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    return Answer(status: try #require(Int(words[1])), fields: fields, body: Array(received[end.upperBound...]))
  }
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
