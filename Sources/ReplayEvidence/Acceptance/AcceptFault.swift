internal import StorageProtocol

/// Why a file is no accept list.
package struct AcceptFault: Error, Equatable, CustomStringConvertible {
  package enum Reason: Equatable, Sendable {
    /// No line of it accepts anything.
    case empty
    /// Also a line that is cut, or two values on one.
    case notJSON(byte: Int)
    /// A key twice, a lone surrogate, or nesting without end.
    case ambiguousJSON(byte: Int)
    case notObject
    case missing(String)
    case unknownMember(String)
    /// Not an integer from 0 to 2⁶⁴ − 1.
    case ordinal
    case fieldAndCode
    case fieldOrCodeMissing
    case unknownField
    case unknownCode
    /// Not a text, or nothing but white space.
    case reason
    /// Not a day of the calendar as `YYYY-MM-DD`.
    case expires
    /// The last day on which the line held is over.
    case expired(String)
    /// Another line accepts the same.
    case repeated(line: Int)
  }

  package let reason: Reason
  /// From 1; nil where the whole file is meant.
  package let line: Int?

  package init(_ reason: Reason, line: Int? = nil) {
    self.reason = reason
    self.line = line
  }

  package var description: String { (line.map { "line \($0): " } ?? "") + sentence }

  private var sentence: String {
    switch reason {
    case .empty: "no line accepts anything"
    case .notJSON(let byte): "not one JSON value: byte \(byte) of the line is unexpected"
    case .ambiguousJSON(let byte): "JSON that can be read in more than one way, at byte \(byte) of the line"
    case .notObject: "not a JSON object"
    case .missing(let name): "\(name) is missing"
    case .unknownMember(let name): "\(name.debugDescription) is no member of a line"
    case .ordinal: "ordinal is not an unsigned 64-bit integer"
    case .fieldAndCode: "field and code: a line accepts one finding"
    case .fieldOrCodeMissing: "field or code is missing"
    case .unknownField: "field is none that a divergence has: \(AcceptList.Finding.fields.joined(separator: ", "))"
    case .unknownCode: "code is none of \(AcceptFile.codes.joined(separator: ", "))"
    case .reason: "reason is not a text that says something"
    case .expires: "expires is not a day as YYYY-MM-DD"
    case .expired(let day): "expired: it was valid through \(day) (UTC)"
    case .repeated(let line): "accepts the same as line \(line)"
    }
  }
}
