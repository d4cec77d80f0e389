internal import Glibc

/// The operating system's words for an error number.
package struct SystemError: Equatable, Sendable, CustomStringConvertible {
  package let code: Int32

  package init(_ code: Int32) { self.code = code }

  package var description: String { String(cString: strerror(code)) }
}

/// A file that cannot be written.
package struct FileError: Error, Equatable, CustomStringConvertible {
  package enum Action: String, Sendable {
    case create = "cannot create"
    case write = "cannot write"
    case read = "cannot read back"
    case publish = "cannot put in place"
    case measure = "cannot find the free space of"
  }

  package let action: Action
  package let path: String
  package let cause: SystemError

  package init(_ action: Action, _ path: String, errno code: Int32 = errno) {
    self.action = action
    self.path = path
    cause = SystemError(code)
  }

  package var description: String { "\(action.rawValue) \(path): \(cause)" }

  /// The number of "the file exists".
  package static var exists: Int32 { EEXIST }
}
