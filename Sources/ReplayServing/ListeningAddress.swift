internal import FlyingSocks
internal import Glibc

/// An IP address and a port that a server listens on.
package struct ListeningAddress: Equatable, Sendable, CustomStringConvertible {
  package enum Host: Equatable, Sendable {
    /// Four bytes in network order.
    case version4([UInt8])
    /// Sixteen bytes in network order.
    case version6([UInt8])
  }

  package let host: Host
  /// 0 for any that is free.
  package let port: UInt16

  init(host: Host, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Nil for what is not `127.0.0.1:9464`, `[::1]:9464` or `localhost:9464`.
  ///
  /// Names are not looked up, and no address stands for "all of them" unless it is written: who else may read what is served
  /// must be seen on the command line.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard (1...5).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let port = UInt16(digits), let host = Host(text[..<colon])
    else { return nil }
    self.init(host: host, port: port)
  }

  /// Whether only this machine can reach it.
  package var isLoopback: Bool { host.isLoopback }

  package var description: String { "\(host):\(port)" }
}

extension ListeningAddress.Host: CustomStringConvertible {
  /// Nil for what is no address as a URL has it: IPv6 in brackets.
  init?(_ text: some StringProtocol) {
    if text == "localhost" {
      self = .version4([127, 0, 0, 1])
    } else if text.hasPrefix("["), text.hasSuffix("]") {
      guard let bytes = Self.parsed(String(text.dropFirst().dropLast()), AF_INET6, byteCount: 16) else { return nil }
      self = .version6(bytes)
    } else {
      guard let bytes = Self.parsed(String(text), AF_INET, byteCount: 4) else { return nil }
      self = .version4(bytes)
    }
  }

  private static func parsed(_ text: String, _ family: Int32, byteCount: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    // inet_pton writes 4 or 16 bytes, as the family says.
    return inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }

  var isLoopback: Bool {
    switch self {
    case .version4(let bytes): bytes[0] == 127
    // An IPv4 address in the other family's form.
    case .version6(let bytes) where bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]):
      bytes[12] == 127
    case .version6(let bytes): bytes == [UInt8](repeating: 0, count: 15) + [1]
    }
  }

  package var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    switch self {
    case .version4(let bytes): inet_ntop(AF_INET, bytes, &text, socklen_t(text.count))
    case .version6(let bytes): inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count))
    }
    let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    if case .version6 = self { return "[\(address)]" }
    return address
  }
}

extension ListeningAddress {
  /// The address as the system takes it.
  var system: any SocketAddress {
    switch host {
    case .version4(let bytes):
      var address = sockaddr_in.inet(port: port)
      withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
      return address
    case .version6(let bytes):
      var address = sockaddr_in6.inet6(port: port)
      withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
      return address
    }
  }
}
