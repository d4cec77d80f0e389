import ReplayServing
import Testing

@Suite struct AddressTests {
  @Test(arguments: [
    ("127.0.0.1:9464", "127.0.0.1:9464", true), ("localhost:0", "127.0.0.1:0", true),
    ("127.9.8.7:1", "127.9.8.7:1", true),
    ("[::1]:65535", "[::1]:65535", true), ("[0:0:0:0:0:0:0:1]:80", "[::1]:80", true),
    ("0.0.0.0:80", "0.0.0.0:80", false),
    ("[::]:80", "[::]:80", false), ("[::ffff:127.0.0.1]:80", "[::ffff:127.0.0.1]:80", true),
    ("[::ffff:10.0.0.1]:80", "[::ffff:10.0.0.1]:80", false),
    ("10.0.0.1:080", "10.0.0.1:80", false),
  ])
  func `an address and a port`(text: String, shown: String, isLoopback: Bool) throws {
    let address = try #require(ListeningAddress(text))
    #expect("\(address)" == shown)
    #expect(address.isLoopback == isLoopback)
  }

  @Test(arguments: [
    "", ":", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
    "127.0.0.1:9464 ",
    "127.1:80", "::1:80", "[::1]", "[::1]80", "[127.0.0.1]:80", "[::1%lo]:80", "example.com:80", "localhost",
    "127.0.0.1:000080",
  ])
  func `what is no address and port`(text: String) {
    #expect(ListeningAddress(text) == nil)
  }
}
