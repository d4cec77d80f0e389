/// The head of an HTTP request (RFC 9112), as far as pages need it. What a body says is never read.
package struct PageRequest: Equatable, Sendable {
  /// As written: methods are told apart by case.
  package let method: String
  /// What stands before `?`, as written.
  package let path: String
  /// What stands behind `?`, as written; nil without one.
  package let query: String?
  /// As written; nil where an HTTP/1.0 request has none.
  package let host: String?

  /// Whether only the head of the answer is wanted.
  package var isHead: Bool { method == "HEAD" }

  /// - Parameter head: the lines before the empty one.
  /// - Throws: the answer to what is not understood.
  package init(head: some Collection<UInt8>) throws(PageResponse) {
    guard let text = String(validating: head, as: UTF8.self), !text.unicodeScalars.contains("\0") else {
      throw .refusal(.badRequest)
    }
    // Not by characters, of which a carriage return and a line feed together are one.
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
    }
    let words = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, !words[0].isEmpty, words[1].hasPrefix("/") else { throw .refusal(.badRequest) }
    guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else { throw .refusal(.versionNotSupported) }
    let hosts = try PageRequest.fields(lines.dropFirst()).filter { $0.name == "host" }
    // RFC 9112, section 3.2: one, and in HTTP/1.1 not none.
    guard hosts.count <= 1, hosts.count == 1 || words[2] == "HTTP/1.0" else { throw .refusal(.badRequest) }
    method = words[0]
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(target[0])
    query = target.count > 1 ? String(target[1]) : nil
    host = hosts.first?.value
  }

  /// Names in lowercase, values without the blanks around them.
  private static func fields(_ lines: some Sequence<String>) throws(PageResponse) -> [(name: String, value: String)] {
    var fields: [(String, String)] = []
    for line in lines where !line.isEmpty {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: \.isWhitespace) else {
        throw .refusal(.badRequest)
      }
      let value = parts[1].drop { $0 == " " || $0 == "\t" }
      fields.append((parts[0].lowercased(), String(value.reversed().drop { $0 == " " || $0 == "\t" }.reversed())))
    }
    return fields
  }
}
