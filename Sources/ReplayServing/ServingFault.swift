internal import FlyingSocks
internal import SystemFiles

/// Why nothing can be served.
package struct ServingFault: Error, CustomStringConvertible {
  package let description: String

  init(_ address: ListeningAddress, _ fault: any Error) {
    let reason =
      if case .failed(_, let code, _) = fault as? SocketError { "\(SystemError(code))" } else { "\(fault)" }
    description = "cannot listen on \(address): \(reason)"
  }
}
