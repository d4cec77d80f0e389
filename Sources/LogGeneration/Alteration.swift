internal import StorageProtocol

/// What can happen to an entry between the engine that emitted it and the log.
package enum Alteration: CaseIterable, Hashable, Sendable {
  /// event_id is gone, all else is there.
  case withoutID
  /// event_id and some of the fields it hashes are gone.
  case withoutFields
  /// An event_id that is another one, or no digest.
  case wrongID
  /// One hashed field says something else; event_id stays.
  case changedField
  /// One hashed field is gone; event_id stays.
  case incomplete
  /// What content and names give is another one, under an event_id that proves it, or none.
  case wrongContent
  /// Another epoch, under an event_id that proves it, or none: intact, not reproducible.
  case otherEpoch
  /// Another placement, likewise.
  case otherPlacement
  /// The same placement, its shards in another order.
  case otherOrder
  /// A field that no replay looks at holds anything at all, under an event_id that proves it.
  case wildField
  /// Any field, hashed or not, holds anything.
  case wrongForm

  /// Returns the altered entry; nil where `entry` has nothing of the kind.
  ///
  /// - Parameter keepsContent: whether what makes a STORE carried, and its size, stay as they are.
  func apply(to entry: JSONObject, keepsContent: Bool, _ random: inout SeededGenerator) -> JSONObject? {
    guard entry["event_id"] != nil || self == .wrongForm else { return nil }
    let kept = keepsContent ? Alteration.contentFields : []
    switch self {
    case .withoutID: return entry.removing(["event_id"])
    case .withoutFields:
      let gone = Alteration.hashedFields.filter { _ in random.happens(percent: 30) }
      return entry.removing(["event_id"] + gone.filter { $0 != "event_type" && !kept.contains($0) })
    case .wrongID:
      let id = entry["event_id"]?.stringBytes ?? []
      let wrong: [JSONValue] = [
        .null, .integer(5), .text(""), .string([UInt8(ascii: "0")] + id.dropFirst()),
        .string(id.dropLast() + [UInt8(ascii: "f")]), .text(String(decoding: id, as: UTF8.self).uppercased()),
        .string(id + [0]),
      ]
      return entry.replacing("event_id", with: random.choice(wrong))
    case .changedField:
      let field = random.choice(Alteration.hashedFields.filter { !kept.contains($0) && $0 != "event_type" })
      return entry.replacing(field, with: Alteration.plausible(field, &random))
    case .incomplete:
      return entry.removing([random.choice(Alteration.hashedFields.filter { !kept.contains($0) && $0 != "event_type" })]
      )
    case .wrongContent: return wrongContent(entry, kept, &random)
    case .otherEpoch:
      let epoch = random.choice(["0", "1", "2", "3", "-1", "9223372036854775807", "-9223372036854775808"])
      return Alteration.proven(entry.replacing("epoch", with: .number(Array(epoch.utf8))), &random)
    case .otherPlacement: return otherPlacement(entry, &random)
    case .otherOrder:
      guard let sets = entry["replica_sets"]?.objectValue, sets.members.count > 1 else { return nil }
      let members = sets.members.shuffled(using: &random).map { ($0.key, $0.value) }
      return Alteration.proven(entry.replacing("replica_sets", with: .object(JSONObject(members))), &random)
    case .wildField:
      let field = random.choice(Alteration.ignoredFields(of: entry.eventType))
      return Alteration.proven(entry.replacing(field, with: Alteration.wild(&random)), &random)
    case .wrongForm: return wrongForm(entry, keepsContent, &random)
    }
  }

  private static let hashedFields = StorageEvent.Field.allCases.map(\.rawValue)
  private static let contentFields = ["hash_commit", "content_size", "payload", "atr_cost"]

  /// Hashed fields whose values nothing is compared with.
  private static func ignoredFields(of eventType: String) -> [String] {
    let always = ["error_code", "error_detail", "pqc_signature"]
    switch eventType {
    case "STORE": return always
    case "PROOF_GENERATED": return always + ["atr_cost", "content_size", "timestamp_tick"]
    case "PROOF_FAILED": return always + ["atr_cost", "content_size", "timestamp_tick", "hash_commit", "shard_ids"]
    default:
      return always + [
        "atr_cost", "content_size", "timestamp_tick", "hash_commit", "shard_ids", "object_id", "version",
      ]
    }
  }

  /// `entry` with an id that proves it, or with none.
  private static func proven(_ entry: JSONObject, _ random: inout SeededGenerator) -> JSONObject {
    random.happens(percent: 75) ? entry.rehashed : entry.removing(["event_id"])
  }

  // MARK: Contents

  private func wrongContent(
    _ entry: JSONObject, _ kept: [String], _ random: inout SeededGenerator
  ) -> JSONObject? {
    guard entry.eventType == "STORE" else { return nil }
    let fields = ["hash_commit", "content_size", "atr_cost", "shard_ids", "replica_sets", "object_id", "version"]
    let field = random.choice(fields.filter { !kept.contains($0) })
    if field == "replica_sets", let sets = entry["replica_sets"]?.objectValue, random.happens(percent: 70) {
      return Alteration.proven(
        entry.replacing("replica_sets", with: .object(Alteration.wrongKeys(sets, &random))), &random)
    }
    if field == "shard_ids", let ids = entry["shard_ids"]?.elements, random.happens(percent: 70) {
      let wrong = random.choice([Array(ids.dropLast()), ids + ids.prefix(1), ids.reversed(), ids + [.text("x")]])
      return Alteration.proven(entry.replacing("shard_ids", with: .array(wrong)), &random)
    }
    return Alteration.proven(entry.replacing(field, with: Alteration.plausible(field, &random)), &random)
  }

  private static func wrongKeys(_ sets: JSONObject, _ random: inout SeededGenerator) -> JSONObject {
    let members = sets.members.map { ($0.key, $0.value) }
    let zeros = Array(repeating: UInt8(ascii: "0"), count: 64)
    switch random.index(below: 4) {
    case 0: return JSONObject(members.dropLast())
    case 1: return JSONObject(members + [(zeros, .array([]))])
    case 2: return JSONObject(members.dropLast() + [(zeros, .array([.text("n1")]))])
    default: return JSONObject(members.map { (Array(String(decoding: $0.0, as: UTF8.self).uppercased().utf8), $0.1) })
    }
  }

  // MARK: Placements

  private func otherPlacement(_ entry: JSONObject, _ random: inout SeededGenerator) -> JSONObject? {
    guard entry.eventType == "STORE" || entry.eventType == "PROOF_GENERATED",
      let sets = entry["replica_sets"]?.objectValue, !sets.members.isEmpty
    else { return nil }
    var members: [JSONObject.Pair] = []
    for member in sets.members {
      guard random.happens(percent: 70) else {
        members.append((member.key, member.value))
        continue
      }
      let count = random.choice([0, 0, 1, 2, 3, 3, 4, 7])
      let nodes = (0..<count).map { _ in JSONValue.text(random.choice(Vocabulary.nodeIDs + ["stranger", "\u{0}"])) }
      members.append(
        (member.key, .array(random.happens(percent: 20) ? member.value.elements?.reversed() ?? [] : nodes)))
    }
    if random.happens(percent: 30) { members.shuffle(using: &random) }
    return Alteration.proven(entry.replacing("replica_sets", with: .object(JSONObject(members))), &random)
  }

  // MARK: Values

  private func wrongForm(
    _ entry: JSONObject, _ keepsContent: Bool, _ random: inout SeededGenerator
  ) -> JSONObject? {
    guard !keepsContent else { return nil }
    var names = entry.members.map { String(decoding: $0.key, as: UTF8.self) }
    names += ["payload", "replica_sets", "hash_commit", "epoch", "version", "event_id", "timestamp", "shard_ids"]
    let name = random.choice(names)
    var altered = entry
    if name == "payload", let payload = entry["payload"]?.objectValue, random.happens(percent: 80) {
      let inner = random.choice(payload.members.map { String(decoding: $0.key, as: UTF8.self) } + ["other"])
      let changed =
        random.happens(percent: 30)
        ? payload.removing([inner]) : payload.replacing(inner, with: Alteration.wild(&random))
      altered = altered.replacing("payload", with: .object(changed))
    } else {
      altered = altered.replacing(name, with: Alteration.wild(&random))
    }
    switch random.index(below: 4) {
    case 0, 1: return altered.removing(["event_id"])
    case 2: return altered["event_id"] == nil ? altered : altered.rehashed
    default: return altered
    }
  }

  /// A value that the field could well have.
  private static func plausible(_ field: String, _ random: inout SeededGenerator) -> JSONValue {
    switch field {
    case "atr_cost":
      return .text(random.choice(["0", "100.000000000000000000", "101.000000000000000000", "102.0", "99", "", "1e3"]))
    case "content_size", "version", "timestamp_tick", "epoch": return .integer(random.index(below: 200))
    case "hash_commit":
      return random.choice([.hexadecimal(Digest.sha3([1])), .hexadecimal(.zero), .null, .text("AB")])
    case "shard_ids": return .array(random.choice([[], [.hexadecimal(.zero)], [.text("")]]))
    case "replica_sets":
      return random.choice([.members([:]), .members(["x": .array([])]), .members(["x": .array([.text("n1")])])])
    case "object_id": return .text(random.choice(["a", "o7", "nobody's", "0123456789abcdef"]))
    default: return wild(&random)
    }
  }

  private static let tokens = [
    "0", "-0", "1", "-1", "5", "1.0", "1e3", "-0.0", "0E+7", "18446744073709551615", "18446744073709551616",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "12345678901234567890123456789012345678901",
  ]

  /// Any value.
  private static func wild(_ random: inout SeededGenerator) -> JSONValue {
    let values: [JSONValue] = [
      .null, .boolean(true), .boolean(false), .text(""), .text("1"), .text("n1"), .hexadecimal(.zero),
      .text("\u{1F600}\u{7F}\u{1}\n\"\\/\u{2028}"), .array([]), .array([.text("x")]), .array([.integer(1)]),
      .members([:]), .members(["x": .array([])]), .members(["x": .array([.text("n1"), .text("n2")])]),
      .members(["x": .integer(1)]), .members(["a": .array([]), "b": .array([])]),
      .members([
        "b": .members(["z": .number(Array("-0".utf8)), "\u{FB01}": .null, "\u{1F600}": .boolean(true), "": .text("")]),
        "a": .array([.number(Array("-0".utf8)), .number(Array("1.0".utf8)), .array([])]),
      ]),
    ]
    return random.happens(percent: 50) ? .number(Array(random.choice(tokens).utf8)) : random.choice(values)
  }
}
