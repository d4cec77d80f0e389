internal import ReplayEvidence
internal import StorageProtocol
internal import SystemFiles

/// Accept lists that are read.
enum AcceptInput {
  /// The bytes of an accept list.
  ///
  /// - Throws: `.precondition`.
  static func bytes(_ path: String) throws(ReplayFailure) -> [UInt8] {
    do {
      return try BoundedFile.read(path, bytesMax: AcceptFile.bytesMax)
    } catch {
      throw .precondition(PreconditionFailure(description: "the accept list: \(error)"))
    }
  }

  /// The list in the file at `path`.
  ///
  /// - Parameter day: on which every line must still hold.
  /// - Throws: `.precondition` for a line that cannot be read, or has expired.
  static func list(_ text: [UInt8], at path: String, on day: CalendarDay) throws(ReplayFailure) -> AcceptList {
    do {
      return try AcceptFile.list(parsing: text, on: day)
    } catch {
      throw .precondition(PreconditionFailure(description: "the accept list \(path): \(error)"))
    }
  }
}

extension ReplayOptions {
  /// The same options, with the accept list that they name, as it holds at a time.
  ///
  /// - Throws: `.precondition` for a file that cannot be read, or of which a line cannot be read or has expired.
  func accepting(at time: TimeOfDay) throws(ReplayFailure) -> ReplayOptions {
    guard let acceptPath else { return self }
    return accepting(try AcceptInput.list(AcceptInput.bytes(acceptPath), at: acceptPath, on: time.day))
  }
}
