internal import GoldenRun
internal import StorageProtocol

/// One thing that is wrong with a log, planted by a seed.
public struct Corruption: CustomStringConvertible, Sendable {
  public enum Kind: CaseIterable, Sendable {
    /// A value anywhere in an entry is another one, or gone; an event_id stays as it was.
    case changed
    /// The same, under an event_id that proves it.
    case changedAndProven
    /// The same of a control entry.
    case changedControl
    case removed, repeated, swapped
    /// A content that is gone, so that the STORE is carried.
    case withoutPayload
  }

  public let kind: Kind
  /// The first ordinal at which the corrupted log is another one.
  public let ordinal: Int
  /// Of the corrupted log.
  public let entries: [[UInt8]]
  public let description: String
}

/// A log that corruptions are planted in.
public struct CorruptibleLog: Sendable {
  public let entries: [[UInt8]]
  /// Places of the entries that each kind of change can be done to.
  private let places: [(kind: Corruption.Kind, places: [Int])]

  public init(_ entries: [[UInt8]]) {
    self.entries = entries
    var places = Corruption.Kind.allCases.map { (kind: $0, places: [Int]()) }
    for (place, entry) in entries.enumerated() {
      guard let object = CorruptibleLog.object(entry) else { continue }
      for index in places.indices where CorruptibleLog.suits(object, places[index].kind) {
        places[index].places.append(place)
      }
    }
    self.places = places
  }

  /// The corruption of a kind that a seed plants; nil where nothing of the kind can be done to the log, or nothing came of it.
  public func corruption(_ kind: Corruption.Kind, seed: UInt64) -> Corruption? {
    var random = SeededGenerator(seed: seed)
    let place = random.index(below: entries.count)
    switch kind {
    case .removed: return planted(kind, place) { $0.remove(at: place) }
    case .repeated: return planted(kind, place + 1) { $0.insert($0[place], at: place) }
    case .swapped:
      guard place + 1 < entries.count else { return nil }
      return planted(kind, place) { $0.swapAt(place, place + 1) }
    case .changed, .changedAndProven, .changedControl, .withoutPayload:
      guard let places = places.first(where: { $0.kind == kind })?.places, !places.isEmpty else { return nil }
      let place = random.choice(places)
      guard let object = CorruptibleLog.object(entries[place]) else { return nil }
      var changed = kind == .withoutPayload ? object.removing(["payload"]) : object.corrupted(&random)
      if kind == .changedAndProven { changed = changed.rehashed }
      return planted(kind, place) { $0[place] = JSONFormat.line.encode(.object(changed)) }
    }
  }

  private func planted(_ kind: Corruption.Kind, _ ordinal: Int, _ change: (inout [[UInt8]]) -> Void) -> Corruption? {
    var changed = entries
    change(&changed)
    guard changed != entries else { return nil }
    let entry = changed[min(ordinal, changed.count - 1)].prefix(300)
    return Corruption(
      kind: kind, ordinal: ordinal, entries: changed,
      description: "\(kind) at \(ordinal): \(String(decoding: entry, as: UTF8.self))")
  }

  private static func object(_ entry: [UInt8]) -> JSONObject? {
    guard let (value, fault) = try? JSONReader.read(entry), fault == nil else { return nil }
    return value.objectValue
  }

  private static func suits(_ object: JSONObject, _ kind: Corruption.Kind) -> Bool {
    let isData = ["STORE", "PROOF_GENERATED", "PROOF_FAILED"].contains(object.eventType)
    return switch kind {
    case .changed: true
    case .changedAndProven: object["event_id"] != nil
    case .changedControl: !object.eventType.isEmpty && !isData
    case .withoutPayload: object["payload"] != nil && object["hash_commit"] != nil && isData
    case .removed, .repeated, .swapped: false
    }
  }
}

extension JSONObject {
  /// The object with another value at a place chosen by `random`, or with a member less.
  fileprivate func corrupted(_ random: inout SeededGenerator) -> JSONObject {
    guard !members.isEmpty else { return JSONObject(["x": .null]) }
    let place = random.index(below: members.count)
    let isDropped = random.happens(percent: 10)
    var pairs: [Pair] = []
    for (index, member) in members.enumerated() {
      if index != place { pairs.append((member.key, member.value)) }
      if index == place, !isDropped { pairs.append((member.key, member.value.corrupted(&random))) }
    }
    return JSONObject(pairs)
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
