import GoldenRun
import StorageProtocol

/// One thing that is wrong with a log, planted by a seed.
struct Corruption: CustomStringConvertible {
  enum Kind: CaseIterable {
    /// A value anywhere in an entry is another one; an event_id stays as it was.
    case changed
    /// The same, under an event_id that proves it.
    case changedAndProven
    /// A value of a control entry.
    case changedControl
    case removed, repeated, swapped
    /// A content that is gone, so that the STORE is carried.
    case withoutPayload
  }

  let kind: Kind
  /// The ordinal at which the corrupted log is another one.
  let ordinal: Int
  let entries: [[UInt8]]
  let description: String

  /// - Parameter entries: of the log; nil where nothing of the kind can be done to it.
  init?(_ kind: Kind, of entries: [[UInt8]], _ random: inout SeededGenerator) {
    var changed = entries
    var place = random.index(below: entries.count)
    switch kind {
    case .removed: changed.remove(at: place)
    case .repeated:
      changed.insert(changed[place], at: place)
      place += 1
    case .swapped:
      guard place + 1 < entries.count else { return nil }
      changed.swapAt(place, place + 1)
    case .changed, .changedAndProven, .changedControl, .withoutPayload:
      let places = entries.indices.filter { Corruption.suits(entries[$0], kind) }
      guard !places.isEmpty else { return nil }
      place = random.choice(places)
      guard let object = Corruption.object(entries[place]) else { return nil }
      var other = kind == .withoutPayload ? object.removing("payload") : object.corrupted(&random)
      if kind == .changedAndProven { other = other.proven }
      changed[place] = JSONFormat.line.encode(.object(other))
    }
    guard changed != entries else { return nil }
    self.kind = kind
    self.ordinal = place
    self.entries = changed
    description =
      "\(kind) at \(place): \(String(decoding: changed[min(place, changed.count - 1)].prefix(300), as: UTF8.self))"
  }

  private static func object(_ entry: [UInt8]) -> JSONObject? {
    guard let (value, fault) = try? JSONReader.read(entry), fault == nil else { return nil }
    return value.objectValue
  }

  private static func suits(_ entry: [UInt8], _ kind: Kind) -> Bool {
    guard let object = object(entry), let type = object["event_type"]?.stringBytes else { return false }
    let isData = ["STORE", "PROOF_GENERATED", "PROOF_FAILED"].contains { Array($0.utf8) == type }
    return switch kind {
    case .changedControl: !isData
    case .changedAndProven: object["event_id"] != nil
    case .withoutPayload: object["payload"] != nil && object["hash_commit"] != nil && isData
    default: true
    }
  }
}

extension JSONObject {
  func removing(_ name: String) -> JSONObject {
    JSONObject(members.filter { $0.key != Array(name.utf8) }.map { ($0.key, $0.value) })
  }

  /// The object with another value at a place chosen by `random`, or with a member less.
  fileprivate func corrupted(_ random: inout SeededGenerator) -> JSONObject {
    guard !members.isEmpty else { return JSONObject([("x".utf8.map { $0 }, .null)]) }
    let place = random.index(below: members.count)
    if random.happens(percent: 10) {
      return JSONObject(members.enumerated().filter { $0.offset != place }.map { ($0.element.key, $0.element.value) })
    }
    return JSONObject(
      members.enumerated().map { index, member in
        (member.key, index == place ? member.value.corrupted(&random) : member.value)
      })
  }

  /// The object with the event_id that its fields hash to, where all are there.
  fileprivate var proven: JSONObject {
    let fields = EventFields(recordedIn: self)
    guard fields.isComplete else { return self }
    let id = JSONValue.hexadecimal(StorageEvent(fields).id)
    return JSONObject(members.map { ($0.key, $0.key == Array("event_id".utf8) ? id : $0.value) })
  }
}

extension JSONValue {
  /// Another value, of the same kind mostly.
  fileprivate func corrupted(_ random: inout SeededGenerator) -> JSONValue {
    switch self {
    case .null: return random.choice([.integer(1), .text("x"), .boolean(true)])
    case .boolean(let flag): return .boolean(!flag)
    case .number(let token):
      guard let number = integer(as: Int64.self) else { return .integer(7) }
      return random.choice([
        .integer(number &+ 1), .integer(number / 2 + 3), .integer(0), .number(token + Array(".5".utf8)),
      ])
    case .string(let bytes):
      guard !bytes.isEmpty, random.happens(percent: 80) else { return .text("other") }
      var changed = bytes
      let place = random.index(below: bytes.count)
      guard changed[place] < 0x80 else { return .text("other") }
      changed[place] = changed[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      return .string(changed)
    case .array(let elements):
      guard !elements.isEmpty else { return .array([.text("x")]) }
      let place = random.index(below: elements.count)
      if random.happens(percent: 30) { return .array(Array(elements[..<place] + elements[(place + 1)...])) }
      return .array(elements.enumerated().map { $0.offset == place ? $0.element.corrupted(&random) : $0.element })
    case .object(let object): return .object(object.corrupted(&random))
    }
  }
}
