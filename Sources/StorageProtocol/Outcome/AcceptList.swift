/// What a caller knows of a log beforehand and accepts (cli.md, `--accept`): so many findings, each of one entry.
///
/// Accepting changes what is claimed of a replay, never what it does: it is still diverged, rejected or unsupported.
package struct AcceptList: Equatable, Sendable {
  /// What can be accepted of an entry.
  package enum Finding: Equatable, Sendable {
    /// The record differs from what the log gives in this field, whatever the values.
    case divergence(field: String)
    /// The entry is rejected under this code, whatever the sentence.
    case rejection(ErrorCode)
    /// The entry's type is unknown, whatever its name.
    case unsupported
  }

  /// One line of the file.
  package struct Line: Equatable, Sendable {
    /// Its place in the file, from 1.
    package let number: Int
    package let ordinal: Ordinal
    package let finding: Finding

    package init(number: Int, ordinal: Ordinal, finding: Finding) {
      self.number = number
      self.ordinal = ordinal
      self.finding = finding
    }
  }

  /// Of the file.
  package let sha256: Digest
  /// By ordinal, then by the finding's name.
  package let lines: [Line]

  /// - Parameter lines: in any order; no two of them accept the same.
  package init(sha256: Digest, lines: [Line]) {
    self.sha256 = sha256
    self.lines = lines.sorted(by: AcceptList.precedes)
  }

  package static func precedes(_ left: Line, _ right: Line) -> Bool {
    guard left.ordinal == right.ordinal else { return left.ordinal < right.ordinal }
    return left.finding.name.utf8.lexicographicallyPrecedes(right.finding.name.utf8)
  }

  /// Whether a line accepts a finding.
  ///
  /// - Complexity: O(log of the lines).
  package func accepts(_ finding: Finding, at ordinal: Ordinal) -> Bool { place(of: finding, at: ordinal) != nil }

  /// The place in ``lines`` of what accepts a finding; nil where nothing does.
  ///
  /// - Complexity: O(log of the lines).
  func place(of finding: Finding, at ordinal: Ordinal) -> Int? {
    var range = 0..<lines.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = lines[middle].ordinal < ordinal ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return lines[range.lowerBound...].prefix { $0.ordinal == ordinal }.firstIndex { $0.finding == finding }
  }
}

extension AcceptList.Finding {
  /// What stands under `code` for an entry of unknown type.
  package static let unsupportedCode = "UNSUPPORTED"

  /// Fields that a divergence can name.
  package static let fields = StorageEvent.Field.allCases.map(\.rawValue) + [Divergence.unknownObjectField]

  /// The member of a line that holds ``name``.
  package var member: String {
    if case .divergence = self { "field" } else { "code" }
  }

  /// The field or the code. No field is named as a code is.
  package var name: String {
    switch self {
    case .divergence(let field): field
    case .rejection(let code): code.rawValue
    case .unsupported: AcceptList.Finding.unsupportedCode
    }
  }
}

extension AcceptList.Line {
  /// The line for a report: where it is, and what it accepts.
  package var json: JSONValue {
    .object(
      JSONObject([
        (Array("line".utf8), .integer(number)), (Array("ordinal".utf8), .integer(ordinal.value)),
        (Array(finding.member.utf8), .text(finding.name)),
      ]))
  }
}
