import Foundation
import Glibc

/// Asks a server of this machine for pages, by a socket alone.
package struct PageClient: Sendable {
  /// What a page was answered with.
  package struct Answer: Sendable {
    package let status: Int
    /// By names in lowercase.
    package let fields: [String: String]
    package let body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// For the server to say something, however busy it is.
  private static let waitSeconds = 600

  package let port: UInt16

  package init(port: UInt16) { self.port = port }

  package func get(_ target: String, method: String = "GET", host: String? = nil) throws -> Answer {
    let request = "\(method) \(target) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nConnection: close\r\n\r\n"
    guard let answer = try send(request) else { throw Failure(description: "no answer: \(method) \(target)") }
    return answer
  }

  /// Sends a request as it is, and reads until the server has closed the connection.
  ///
  /// - Returns: nil where nothing was answered.
  package func send(_ request: String) throws -> Answer? {
    let connection = try connected()
    defer { close(connection) }
    let bytes = Array(request.utf8)
    // What the server does not want to hear may be refused before all of it was sent.
    _ = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var received: [UInt8] = []
    while true {
      var (count, code) = (0, Int32(0))
      received += [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
        count = recv(connection, buffer.baseAddress, buffer.count, 0)
        code = errno
        initialized = max(count, 0)
      }
      guard count >= 0 || code != EAGAIN else { throw Failure(description: "the connection stays open") }
      if count <= 0 { break }
    }
    return received.isEmpty ? nil : try PageClient.answer(received)
  }

  /// A connection on which nothing was sent yet.
  ///
  /// - Throws: where nobody listens.
  package func connected() throws -> Int32 {
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
    var limit = timeval(tv_sec: PageClient.waitSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    return descriptor
  }

  private static func answer(_ received: [UInt8]) throws -> Answer {
    guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else {
      throw Failure(description: "the head of an answer does not end")
    }
    let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count > 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
      throw Failure(description: "an answer begins otherwise: \(lines[0])")
    }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    return Answer(status: status, fields: fields, body: Array(received[end.upperBound...]))
  }
}
