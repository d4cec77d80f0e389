internal import Glibc
internal import SystemFiles

/// Why nothing can be served.
package struct ServingFault: Error, CustomStringConvertible {
  package let description: String

  init(_ address: ListeningAddress, errno code: Int32) {
    description = "cannot listen on \(address): \(SystemError(code))"
  }
}

/// A socket that listens, and the address that it has.
struct ListeningSocket: ~Copyable {
  /// Connections that the kernel keeps until they are accepted. What comes when there are more is dropped without a word, and tries
  /// again for minutes: enough for a burst while the machine is busy.
  private static let backlog: Int32 = 128

  let descriptor: Int32
  /// With the port that was taken where any was asked for.
  let address: ListeningAddress

  /// Listens on exactly `address`, of its own family.
  ///
  /// - Throws: an address that is not this machine's, or a port that is taken or not allowed.
  init(_ address: ListeningAddress) throws(ServingFault) {
    let family = address.host.family
    let flags = [SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC].reduce(0) { $0 | Int32($1.rawValue) }
    let descriptor = socket(family, flags, 0)
    guard descriptor >= 0 else { throw ServingFault(address, errno: errno) }
    var yes: Int32 = 1
    // Connections of a server that ended do not keep the port from the next one.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    if family == AF_INET6 {
      setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    guard address.withSystemAddress({ bind(descriptor, $0, $1) }) == 0,
      listen(descriptor, ListeningSocket.backlog) == 0
    else {
      let code = errno
      close(descriptor)
      throw ServingFault(address, errno: code)
    }
    self.descriptor = descriptor
    self.address = ListeningAddress(host: address.host, port: ListeningSocket.port(of: descriptor, family))
  }

  deinit { close(descriptor) }

  /// The next connection, which waits for nothing; negative where there is none or none can be had, and `errno` says which.
  func accept() -> Int32 {
    let connection = Glibc.accept(descriptor, nil, nil)
    guard connection >= 0 else { return connection }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    _ = fcntl(connection, F_SETFL, O_NONBLOCK)
    return connection
  }

  private static func port(of descriptor: Int32, _ family: Int32) -> UInt16 {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { storage in
      // Room for an address of any family, and its size is told.
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
      // The port is at the same place in both families.
      return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
    }
  }
}

extension ListeningAddress.Host {
  fileprivate var family: Int32 {
    switch self {
    case .version4: AF_INET
    case .version6: AF_INET6
    }
  }
}

extension ListeningAddress {
  /// Calls `body` with the address as the system takes it.
  fileprivate func withSystemAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    switch host {
    case .version4(let bytes):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
      return withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .version6(let bytes):
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
      return withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
  }
}
