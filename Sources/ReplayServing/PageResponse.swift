internal import FlyingFox
internal import ReplayMetrics
package import StorageProtocol

internal import struct Foundation.Data

/// The status of an answer.
package enum PageStatus: Int, Sendable {
  case okay = 200
  case forbidden = 403
  case notFound = 404
  case methodNotAllowed = 405

  var reason: String {
    switch self {
    case .okay: "OK"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    }
  }
}

/// An answer, which asks the other side to end its connection.
package struct PageResponse: Equatable, Sendable {
  package enum Content: Equatable, Sendable {
    case text, metrics, json
    /// A page with one style sheet, which its policy knows by this SHA-256.
    case page(styleDigest: Digest)
  }

  package let status: PageStatus
  package let content: Content
  package let body: [UInt8]

  package init(_ content: Content, _ body: [UInt8], status: PageStatus = .okay) {
    self.status = status
    self.content = content
    self.body = body
  }

  /// An answer that says its status and nothing else.
  package static func refusal(_ status: PageStatus) -> PageResponse {
    PageResponse(.text, Array("\(status.reason)\n".utf8), status: status)
  }

  /// The answer as FlyingFox sends it.
  ///
  /// - Parameter isHead: whether the body is left out, though its length is told.
  func response(isHead: Bool) -> HTTPResponse {
    var headers = HTTPHeaders()
    for (name, value) in fields { headers[HTTPHeader(name)] = value }
    return HTTPResponse(
      statusCode: HTTPStatusCode(status.rawValue, phrase: status.reason), headers: headers,
      body: isHead ? Data() : Data(body))
  }

  /// Every field of the head, with its name.
  package var fields: [(name: String, value: String)] {
    let allowed = status == .methodNotAllowed ? [(name: "Allow", value: "GET, HEAD")] : []
    return allowed + [
      ("Content-Type", content.mediaType), ("Content-Length", "\(body.count)"), ("Connection", "close"),
      ("Cache-Control", "no-store"), ("Content-Security-Policy", content.policy),
      ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
  }
}

extension PageResponse.Content {
  fileprivate var mediaType: String {
    switch self {
    case .text: "text/plain; charset=utf-8"
    case .metrics: MetricsPage.contentType
    case .json: "application/json"
    case .page: "text/html; charset=utf-8"
    }
  }

  /// What a browser may do with it: nothing, but show a page in its own style.
  fileprivate var policy: String {
    let nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    guard case .page(let digest) = self else { return nothing }
    return "\(nothing); style-src 'sha256-\(String(decoding: Base64Text.encode(digest.bytes), as: UTF8.self))'"
  }
}
