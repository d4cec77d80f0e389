internal import ReplayMetrics
internal import StorageProtocol

/// Something that is told about runs and knows how they are.
package protocol RunsServed: Sendable {
  /// How everything is now. Waits for nothing.
  var runs: ServedRuns { get }
  /// A moment has passed: twice a second.
  func tick()
}

/// The pages of runs: `/`, `/metrics`, `/status`, `/healthz`.
package struct RunPages: Pages {
  private let served: any RunsServed
  private let address: ListeningAddress

  package init(_ served: any RunsServed, at address: ListeningAddress) {
    self.served = served
    self.address = address
  }

  package func tick() { served.tick() }

  package func answer(_ request: PageRequest) -> PageResponse {
    guard HostCheck.admits(request.host, at: address) else { return .refusal(.forbidden) }
    guard let page = page(request) else { return .refusal(.notFound) }
    guard request.method == "GET" || request.isHead else { return .refusal(.methodNotAllowed) }
    return page()
  }

  /// What makes the page that is asked for; nil where there is none of that name.
  private func page(_ request: PageRequest) -> (() -> PageResponse)? {
    switch request.path {
    case "/":
      return {
        PageResponse(
          .page(styleDigest: LiveStyle.digest), LivePage(served.runs, isPaused: request.query == "pause").bytes)
      }
    case "/metrics": return { PageResponse(.metrics, Array(LiveMetrics(served.runs).page.text.utf8)) }
    case "/status":
      return {
        PageResponse(
          .json, JSONFormat.indented.encode(.object(StatusDocument(served.runs).json)) + [UInt8(ascii: "\n")])
      }
    case "/healthz": return { PageResponse(.text, Array("ok\n".utf8)) }
    default: return nil
    }
  }
}
