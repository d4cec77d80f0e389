internal import GoldenRun
package import StorageProtocol

/// A JSON object that a program or a file gave, read member by member.
package struct BenchJSON: Sendable {
  package let object: JSONObject
  /// The command or the file, for messages.
  private let origin: String
  /// Where in the document this object is: empty for the whole.
  private let place: String

  /// - Throws: `.unreadable` where the text is no JSON object.
  package init(_ text: [UInt8], saidBy origin: String) throws(BenchFault) {
    guard let (value, fault) = try? JSONReader.read(text), fault == nil, let object = value.objectValue else {
      throw .unreadable(command: origin, "what it holds is no JSON object")
    }
    self.init(object, origin, "")
  }

  private init(_ object: JSONObject, _ origin: String, _ place: String) {
    self.object = object
    self.origin = origin
    self.place = place
  }

  /// Names of all members, in order.
  package var names: [String] { object.members.map { String(decoding: $0.key, as: UTF8.self) } }

  /// Whether there is a member, and it is not null.
  package func has(_ name: String) -> Bool { object[name].map { !$0.isNull } ?? false }

  package func object(_ name: String) throws(BenchFault) -> BenchJSON {
    BenchJSON(try value(name, "an object", \.objectValue), origin, "\(place)\(name).")
  }

  package func objects(_ name: String) throws(BenchFault) -> [BenchJSON] {
    let elements = try value(name, "an array", \.elements)
    return try elements.enumerated().map { (index, element) throws(BenchFault) in
      guard let object = element.objectValue else { throw wrong("\(name)[\(index)]", "an object") }
      return BenchJSON(object, origin, "\(place)\(name)[\(index)].")
    }
  }

  package func text(_ name: String) throws(BenchFault) -> String {
    String(decoding: try value(name, "a string", \.stringBytes), as: UTF8.self)
  }

  /// A number that is not negative.
  package func number(_ name: String) throws(BenchFault) -> Double {
    try value(name, "a number", BenchJSON.number)
  }

  package func numbers(_ name: String) throws(BenchFault) -> [Double] {
    let elements = try value(name, "an array", \.elements)
    return try elements.map { (element) throws(BenchFault) in
      guard let number = BenchJSON.number(element) else { throw wrong(name, "an array of numbers") }
      return number
    }
  }

  package func count(_ name: String) throws(BenchFault) -> UInt64 {
    try value(name, "a whole number") { $0.integer(as: UInt64.self) }
  }

  /// A whole number that counts few things.
  package func index(_ name: String) throws(BenchFault) -> Int {
    try value(name, "a whole number") { $0.integer(as: Int.self).flatMap { $0 >= 0 ? $0 : nil } }
  }

  private static func number(_ value: JSONValue) -> Double? {
    guard case .number(let token) = value, let number = Double(String(decoding: token, as: UTF8.self)),
      number.isFinite, number >= 0
    else { return nil }
    return number
  }

  private func value<Value>(
    _ name: String, _ kind: String, _ read: (JSONValue) -> Value?
  ) throws(BenchFault) -> Value {
    guard let value = object[name].flatMap(read) else { throw wrong(name, kind) }
    return value
  }

  func wrong(_ name: String, _ kind: String) -> BenchFault {
    .unreadable(command: origin, "\(place)\(name) is not \(kind), or is missing")
  }
}
