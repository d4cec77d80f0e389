/// Reads callgrind's format line by line.
///
/// Names of functions are written out once and then by their number. The cost behind a line `calls=` is that of the called function,
/// everything that it called included. Lines may be relative to the last, addresses may not (`--compress-pos=no`).
struct CallgrindReader {
  /// Where a cost was incurred.
  private enum Positions: Int {
    case lines = 1
    case addressesAndLines = 2
  }

  private(set) var names: [String] = []
  private(set) var ownInstructions: [UInt64] = []
  private(set) var calls: [CallgrindProfile.Call] = []
  /// How often the first instruction of each function was executed; 0 where costs are by lines.
  private(set) var entries: [UInt64] = []
  /// What the file says it adds up to; nil where it does not say.
  private(set) var total: UInt64?

  /// Places in `names` by the numbers of the file; functions of one name in two objects are two.
  private var places: [UInt64: Int] = [:]
  private var firstAddresses: [UInt64] = []
  private var positions = Positions.lines
  private var function: Int?
  private var callee: Int?
  private var callCount: UInt64?

  private typealias Fault = CallgrindProfile.Fault

  mutating func read(_ line: ArraySlice<UInt8>, number: Int) throws(CallgrindProfile.Fault) {
    guard let first = line.first, first != UInt8(ascii: "#") else { return }
    if CallgrindReader.beginsCost(first) { return try readCost(line, number) }
    guard let (key, value) = CallgrindReader.keyAndValue(line) else { throw Fault.unknownForm(line: number) }
    switch key {
    case "fn": function = try place(value, number)
    case "cfn": callee = try place(value, number)
    case "calls": callCount = try CallgrindReader.firstNumber(value, number)
    case "totals": total = try CallgrindReader.firstNumber(value, number)
    case "positions": positions = try CallgrindReader.positions(value, number)
    case "events": guard value.elementsEqual("Ir".utf8) else { throw Fault.unknownForm(line: number) }
    // Objects, files, and what the file says of itself.
    case "ob", "fl", "fi", "fe", "cob", "cfi", "cfl", "version", "creator", "pid", "cmd", "part", "desc", "thread",
      "summary":
      break
    default: throw Fault.unknownForm(line: number)
    }
  }

  /// A position is a number, one relative to the last position, or `*` for the same.
  private static func beginsCost(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-*".utf8.contains(byte)
  }

  private static func positions(
    _ text: ArraySlice<UInt8>, _ line: Int
  ) throws(CallgrindProfile.Fault) -> Positions {
    switch String(decoding: text, as: UTF8.self) {
    case "line": return .lines
    case "instr line": return .addressesAndLines
    default: throw Fault.unknownForm(line: line)
    }
  }

  /// Of `fn=(1) main`, `totals: 12`.
  private static func keyAndValue(_ line: ArraySlice<UInt8>) -> (key: String, value: ArraySlice<UInt8>)? {
    guard let end = line.firstIndex(where: { "=:".utf8.contains($0) }) else { return nil }
    let value = line[(end + 1)...].drop { $0 == UInt8(ascii: " ") }
    return (String(decoding: line[..<end], as: UTF8.self), value)
  }

  private static func firstNumber(
    _ text: ArraySlice<UInt8>, _ line: Int
  ) throws(CallgrindProfile.Fault) -> UInt64 {
    let word = text.prefix { $0 != UInt8(ascii: " ") }
    guard let number = UInt64(String(decoding: word, as: UTF8.self)) else { throw Fault.unreadable(line: line) }
    return number
  }

  /// The function of `(1) name`, or of `(1)` once its name was said.
  private mutating func place(_ text: ArraySlice<UInt8>, _ line: Int) throws(CallgrindProfile.Fault) -> Int {
    guard text.first == UInt8(ascii: "("), let end = text.firstIndex(of: UInt8(ascii: ")")),
      let number = UInt64(String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self))
    else { throw Fault.unreadable(line: line) }
    let name = text[(end + 1)...].drop { $0 == UInt8(ascii: " ") }
    if let place = places[number] { return place }
    guard !name.isEmpty else { throw Fault.unreadable(line: line) }
    places[number] = names.count
    names.append(String(decoding: name, as: UTF8.self))
    ownInstructions.append(0)
    entries.append(0)
    firstAddresses.append(.max)
    return names.count - 1
  }

  private mutating func readCost(_ line: ArraySlice<UInt8>, _ number: Int) throws(CallgrindProfile.Fault) {
    guard let function else { throw Fault.unreadable(line: number) }
    let words = line.split(separator: UInt8(ascii: " "))
    let costPlace = positions.rawValue
    // A cost of zero may be left out.
    let cost = words.count > costPlace ? try CallgrindReader.firstNumber(words[costPlace], number) : 0
    guard let count = callCount else {
      ownInstructions[function] &+= cost
      if positions == .addressesAndLines { note(cost, at: try CallgrindReader.address(words[0], number), function) }
      return
    }
    guard let callee else { throw Fault.unreadable(line: number) }
    calls.append(CallgrindProfile.Call(caller: function, callee: callee, count: count, instructions: cost))
    callCount = nil
  }
  /// Keeps how often the first instruction of a function was executed: that of the lowest address.
  private mutating func note(_ cost: UInt64, at address: UInt64, _ function: Int) {
    guard address <= firstAddresses[function] else { return }
    entries[function] = address < firstAddresses[function] ? cost : entries[function] &+ cost
    firstAddresses[function] = address
  }

  /// Of `0x152320`.
  private static func address(_ word: ArraySlice<UInt8>, _ line: Int) throws(CallgrindProfile.Fault) -> UInt64 {
    guard word.starts(with: "0x".utf8),
      let address = UInt64(String(decoding: word.dropFirst(2), as: UTF8.self), radix: 16)
    else { throw Fault.unknownForm(line: line) }
    return address
  }
}
