internal import Glibc
internal import StorageProtocol

/// Why a golden trace cannot be used.
package struct TraceError: Error, Equatable, CustomStringConvertible {
  package enum Reason: Equatable, Sendable {
    case cannotRead(Int32)
    case otherFormat
    case cut
    case changed
    case malformed(String)
    case misplaced(String)
    case missing(String)
    /// Neither a trace nor a recorded log: why.
    case notRecorded(String)
  }

  package let reason: Reason
  package let path: String
  package let offset: UInt64?

  package init(_ reason: Reason, _ path: String, offset: UInt64? = nil) {
    self.reason = reason
    self.path = path
    self.offset = offset
  }

  package var description: String {
    let place = offset.map { " at byte \($0)" } ?? ""
    return "the golden trace \(path)\(place) " + sentence
  }

  /// Escaped as in JSON: a file may hold anything where a section's letters are to be.
  private static func shown(_ section: String) -> String {
    PrintableText.plain(Array(section.utf8))
  }

  private var sentence: String {
    switch reason {
    case .cannotRead(let code): "cannot be read: \(String(cString: strerror(code)))"
    case .otherFormat: "is no golden trace of format eqm-golden/1"
    case .cut: "is cut: it ends inside a section, or without its seal"
    case .changed: "was changed: its SHA-256 is not the one in its seal"
    case .malformed(let section): "is malformed: section \(TraceError.shown(section)) has another form"
    case .misplaced(let section):
      "is malformed: section \(TraceError.shown(section)) is there twice, or not in its place"
    case .missing(let section): "is incomplete: it has no section \(section)"
    case .notRecorded(let reason): "is no golden trace of format eqm-golden/1, and no recorded event log: \(reason)"
    }
  }
}
