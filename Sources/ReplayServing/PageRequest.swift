internal import FlyingFox

/// A request, as far as pages need it. What its body says is never looked at.
package struct PageRequest: Equatable, Sendable {
  /// In capital letters.
  package let method: String
  /// What stands before `?`, as written.
  package let path: String
  /// What stands behind `?`, as written; empty without one.
  package let query: String
  /// As written; nil where the request has none.
  package let host: String?

  /// Whether only the head of the answer is wanted.
  package var isHead: Bool { method == "HEAD" }

  package init(_ method: String, _ path: String, query: String = "", host: String?) {
    self.method = method
    self.path = path
    self.query = query
    self.host = host
  }

  init(_ request: HTTPRequest) {
    self.init(
      request.method.rawValue, request.target.path(), query: request.target.query(), host: request.headers[.host])
  }
}
