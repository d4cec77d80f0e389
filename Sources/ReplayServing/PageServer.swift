internal import Glibc

/// What a server shows. Called by its thread alone, one call at a time; neither may wait for anything.
package protocol Pages: Sendable {
  /// The answer to a request that was understood.
  func answer(_ request: PageRequest) -> PageResponse
  /// A moment later: twice a second.
  func tick()
}

/// A server of pages over HTTP/1.1, on a thread of its own.
///
/// Not on the threads of tasks, all of which a replay keeps busy for as long as it runs: a page asked for meanwhile would come
/// when the replay has ended. It holds at most sixteen connections, for ten seconds and eight KiB each, and answers one request of
/// each.
package final class PageServer: Sendable {
  /// Where it listens; with the port that was taken where any was asked for.
  package let address: ListeningAddress
  private let stopWriter: Int32
  private let thread: ServerThread

  /// Listens from now on.
  ///
  /// - Throws: where the address cannot be had.
  package init(_ address: ListeningAddress, _ pages: any Pages) throws(ServingFault) {
    let listener = try ListeningSocket(address)
    self.address = listener.address
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ServingFault(address, errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    stopWriter = ends[1]
    let loop = ServerLoop(listener, stopDescriptor: ends[0], pages)
    var status: Int32 = 0
    guard let thread = ServerThread(loop, &status) else {
      close(stopWriter)
      throw ServingFault(address, errno: status)
    }
    self.thread = thread
  }

  /// Ends the server, with every connection that it has; nobody listens there when this returns.
  package func stop() {
    close(stopWriter)
    thread.join()
  }
}
