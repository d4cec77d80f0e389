/// Whether a request may be answered by the name it was sent to.
///
/// A page of a stranger can give its own name the address 127.0.0.1 and then read, in the browser of whoever looks at it, what
/// this machine serves to itself (DNS rebinding): such a request carries the stranger's name. Any port is let through, as that of
/// a tunnel is another.
enum HostCheck {
  static func admits(_ host: String?, at address: ListeningAddress) -> Bool {
    // Without a name it comes from no browser. Beyond this machine any name may be ours.
    guard let host, address.isLoopback else { return true }
    guard let name = nameWithoutPort(host) else { return false }
    return name.lowercased() == "localhost" || ListeningAddress.Host(name)?.isLoopback == true
  }

  /// Nil for what is no name with or without a port.
  private static func nameWithoutPort(_ host: String) -> Substring? {
    let end = host.hasPrefix("[") ? host.firstIndex(of: "]").map(host.index(after:)) : host.firstIndex(of: ":")
    guard let end else { return host.hasPrefix("[") ? nil : host[...] }
    let rest = host[end...]
    guard
      rest.isEmpty
        || (rest.hasPrefix(":")
          && rest.dropFirst().utf8.allSatisfy { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") })
    else { return nil }
    return host[..<end]
  }
}
