import ReplayEvidence
import StorageProtocol

/// One change of a JSON document.
struct EvidenceEdit {
  /// Where, from the top: `result.archive.sha256`, and behind it what was done.
  let path: String
  let change: String
  let document: JSONObject
}

/// Every change of one member, element or value of a document: another value, a member less, a member more.
enum EvidenceEdits {
  static func all(of document: JSONObject) -> [EvidenceEdit] {
    edits(of: .object(document)).compactMap { edit in
      edit.value.objectValue.map { EvidenceEdit(path: edit.path, change: edit.change, document: $0) }
    }
  }

  private typealias Edit = (path: String, change: String, value: JSONValue)

  private static func edits(of value: JSONValue) -> [Edit] {
    switch value {
    case .object(let object):
      let added = JSONObject(members(object) + [(Array("added".utf8), .integer(1))])
      return [("", "added", .object(added))]
        + object.members.indices.flatMap { index in
          self.edits(of: object, at: index)
        }
    case .array(let elements):
      let added = [("", "added", JSONValue.array(elements + [.integer(1)]))] as [Edit]
      return added
        + elements.indices.flatMap { index -> [Edit] in
          let removed: Edit = (
            "\(index)", "removed", .array(elements.enumerated().filter { $0.offset != index }.map(\.element))
          )
          let inner = edits(of: elements[index]).map { edit -> Edit in
            var changed = elements
            changed[index] = edit.value
            return (joined("\(index)", edit.path), edit.change, .array(changed))
          }
          return [removed] + inner
        }
    default: return others(than: value).map { ("", "changed", $0) }
    }
  }

  private static func edits(of object: JSONObject, at index: Int) -> [Edit] {
    let name = String(decoding: object.members[index].key, as: UTF8.self)
    var rest = members(object)
    rest.remove(at: index)
    var renamed = members(object)
    renamed[index].key += Array("_".utf8)
    let shapes: [Edit] = [
      (name, "removed", .object(JSONObject(rest))), (name, "renamed", .object(JSONObject(renamed))),
    ]
    return shapes
      + edits(of: object.members[index].value).map { edit in
        var changed = members(object)
        changed[index].value = edit.value
        return (joined(name, edit.path), edit.change, .object(JSONObject(changed)))
      }
  }

  /// Values of the same and of another kind.
  private static func others(than value: JSONValue) -> [JSONValue] {
    switch value {
    case .null: [.integer(1), .text("x"), .boolean(false)]
    case .boolean(let flag): [.boolean(!flag), .null]
    case .number(let token):
      [
        .integer((value.integer(as: Int64.self) ?? 0) + 1), .integer(-1), .string(token),
        .number(token + Array(".0".utf8)), .null,
        .text("18446744073709551615"),
      ]
    case .string(let bytes): [.string(bytes + [UInt8(ascii: "1")]), .string(nudged(bytes)), .null]
    case .array, .object: []
    }
  }

  /// The same text with another last digit or letter: a digest stays a digest.
  private static func nudged(_ bytes: [UInt8]) -> [UInt8] {
    guard let last = bytes.last else { return [UInt8(ascii: "0")] }
    return bytes.dropLast() + [last == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")]
  }

  private static func joined(_ left: String, _ right: String) -> String { right.isEmpty ? left : "\(left).\(right)" }

  private static func members(_ object: JSONObject) -> [(key: [UInt8], value: JSONValue)] {
    object.members.map { ($0.key, $0.value) }
  }
}

extension JSONObject {
  /// The same object with another value under `name`.
  func replacing(_ name: String, _ value: JSONValue) -> JSONObject {
    JSONObject(members.map { ($0.key, $0.key == Array(name.utf8) ? value : $0.value) })
  }

  /// What an editor makes who computes every digest of the evidence anew.
  func withDigestsComputedAnew() -> JSONObject {
    var document = self
    if let result = self["result"] { document = document.replacing("result_digest", .text(JCS.digestText(result))) }
    let rest = JSONObject(
      document.members.filter { $0.key != Array("evidence_digest".utf8) }.map { ($0.key, $0.value) })
    return document.replacing("evidence_digest", .text(JCS.digestText(.object(rest))))
  }
}
