internal import GoldenRun
package import StorageProtocol

/// The file of `--accept`: JSON lines `{ordinal, field or code, reason, expires}` (cli.md), read strictly, since whatever is
/// accepted is not reported as a failure.
package enum AcceptFile {
  /// Longest file that is read: nobody has looked through a longer one.
  package static let bytesMax = 16 << 20

  /// What can stand under `code`.
  static let codes = ErrorCode.allCases.map(\.rawValue) + [AcceptList.Finding.unsupportedCode]

  private static let members = ["ordinal", "field", "code", "reason", "expires"]

  /// Reads the text of a file. Lines end with U+000A; lines of white space do not count.
  ///
  /// - Parameter day: on which every line must still hold.
  /// - Throws: ``AcceptFault`` of the first line that is bad; of lines that accept the same, once all others are good.
  package static func list(parsing text: [UInt8], on day: CalendarDay) throws(AcceptFault) -> AcceptList {
    var lines: [AcceptList.Line] = []
    let texts = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, text) in texts.enumerated() where !isBlank(text) {
      lines.append(try line(Array(text), number: index + 1, on: day))
    }
    guard !lines.isEmpty else { throw AcceptFault(.empty) }
    let list = AcceptList(sha256: Digest.sha256(text), lines: lines)
    try checkRepetition(list.lines)
    return list
  }

  private static func isBlank(_ text: some Collection<UInt8>) -> Bool {
    text.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  private static func line(
    _ text: [UInt8], number: Int, on day: CalendarDay
  ) throws(AcceptFault) -> AcceptList.Line {
    do throws(LineFault) {
      let object = try object(text)
      for member in object.members {
        let name = String(decoding: member.key, as: UTF8.self)
        guard members.contains(name) else { throw LineFault(.unknownMember(name)) }
      }
      guard let ordinal = try value("ordinal", in: object).integer(as: UInt64.self) else { throw LineFault(.ordinal) }
      let finding = try finding(in: object)
      guard let reason = try value("reason", in: object).stringBytes, !isBlank(reason) else {
        throw LineFault(.reason)
      }
      try check(value("expires", in: object), on: day)
      return AcceptList.Line(number: number, ordinal: Ordinal(ordinal), finding: finding)
    } catch {
      throw AcceptFault(error.reason, line: number)
    }
  }

  /// What is wrong with a line, whichever it is.
  private struct LineFault: Error {
    let reason: AcceptFault.Reason

    init(_ reason: AcceptFault.Reason) { self.reason = reason }
  }

  private static func object(_ text: [UInt8]) throws(LineFault) -> JSONObject {
    let value: JSONValue
    do {
      let (read, fault) = try JSONReader.read(text)
      if let fault { throw LineFault(.ambiguousJSON(byte: fault.position)) }
      value = read
    } catch let fault as LineFault {
      throw fault
    } catch let error as JSONReader.SyntaxError {
      throw LineFault(.notJSON(byte: error.position))
    } catch {
      preconditionFailure("reading JSON throws nothing else")
    }
    guard let object = value.objectValue else { throw LineFault(.notObject) }
    return object
  }

  private static func value(_ name: String, in object: JSONObject) throws(LineFault) -> JSONValue {
    guard let value = object[name] else { throw LineFault(.missing(name)) }
    return value
  }

  private static func finding(in object: JSONObject) throws(LineFault) -> AcceptList.Finding {
    switch (object["field"], object["code"]) {
    case (nil, nil): throw LineFault(.fieldOrCodeMissing)
    case (.some, .some): throw LineFault(.fieldAndCode)
    case (let field?, nil):
      guard let name = text(field), AcceptList.Finding.fields.contains(name) else { throw LineFault(.unknownField) }
      return .divergence(field: name)
    case (nil, let code?):
      let name = text(code)
      if name == AcceptList.Finding.unsupportedCode { return .unsupported }
      guard let code = name.flatMap(ErrorCode.init(rawValue:)) else { throw LineFault(.unknownCode) }
      return .rejection(code)
    }
  }

  private static func text(_ value: JSONValue) -> String? {
    value.stringBytes.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func check(_ expires: JSONValue, on day: CalendarDay) throws(LineFault) {
    guard let text = expires.stringBytes, let last = CalendarDay(iso8601: text) else { throw LineFault(.expires) }
    guard day <= last else { throw LineFault(.expired(String(decoding: text, as: UTF8.self))) }
  }

  /// - Parameter lines: in the order of a list, so that those that accept the same are side by side.
  private static func checkRepetition(_ lines: [AcceptList.Line]) throws(AcceptFault) {
    for (line, next) in zip(lines, lines.dropFirst())
    where line.ordinal == next.ordinal && line.finding == next.finding {
      let numbers = [line.number, next.number].sorted()
      throw AcceptFault(.repeated(line: numbers[0]), line: numbers[1])
    }
  }
}
