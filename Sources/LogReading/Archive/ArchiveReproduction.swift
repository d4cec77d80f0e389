internal import Foundation
package import StorageProtocol

/// What an archive says of itself that holds some entries of another log, to show again where that log diverges: `reproduction` in
/// its manifest.
package struct ArchiveReproduction: Equatable, Sendable, Codable {
  /// For each entry its ordinal in the other log, rising.
  package var ordinals: [UInt64]
  /// Where the log and the golden run part, by their own ordinals.
  package var logOrdinal: UInt64
  package var goldenOrdinal: UInt64
  /// The golden trace: the digest in its seal, in hexadecimal.
  package var trace: String
  /// The event that shows it first, by its place in the golden run's event log, and the entry that emits it; nil where another value
  /// does.
  package var eventIndex: UInt64?
  package var eventOrdinal: UInt64?
  /// That value, in the replay of the whole log: JSON texts.
  package var field: String?
  package var fieldOrdinal: UInt64?
  package var expected: String?
  package var actual: String?

  package init(ordinals: [UInt64], logOrdinal: UInt64, goldenOrdinal: UInt64, trace: Digest) {
    self.ordinals = ordinals
    self.trace = trace.hexadecimal
    self.logOrdinal = logOrdinal
    self.goldenOrdinal = goldenOrdinal
  }

  private enum CodingKeys: String, CodingKey {
    case ordinals, trace, field, expected, actual
    case logOrdinal = "log_ordinal"
    case goldenOrdinal = "golden_ordinal"
    case eventIndex = "event_index"
    case eventOrdinal = "event_ordinal"
    case fieldOrdinal = "field_ordinal"
  }

  /// As the manifest has it.
  var json: JSONValue {
    let number: (UInt64?) -> JSONValue = { $0.map(JSONValue.integer) ?? .null }
    let text: (String?) -> JSONValue = { $0.map(JSONValue.text) ?? .null }
    return .members([
      "ordinals": .array(ordinals.map(JSONValue.integer)), "log_ordinal": .integer(logOrdinal),
      "golden_ordinal": .integer(goldenOrdinal), "trace": .text(trace), "event_index": number(eventIndex),
      "event_ordinal": number(eventOrdinal), "field": text(field), "field_ordinal": number(fieldOrdinal),
      "expected": text(expected), "actual": text(actual),
    ])
  }

  /// No log has more entries or events.
  private static let ordinalMax: UInt64 = 1 << 62

  /// - Throws: a list that cannot be that of `entryCount` entries; places that nothing is at.
  func check(entryCount: UInt64) throws(ArchiveFault) {
    guard UInt64(ordinals.count) == entryCount, zip(ordinals, ordinals.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .manifestNotUnderstood(detail: "reproduction: not an ordinal for every entry, rising")
    }
    let places = [logOrdinal, goldenOrdinal, eventIndex, eventOrdinal, fieldOrdinal].compactMap { $0 }
    guard (places + ordinals.suffix(1)).allSatisfy({ $0 <= ArchiveReproduction.ordinalMax }) else {
      throw .manifestNotUnderstood(detail: "reproduction: an ordinal that no log has")
    }
    guard ordinals.contains(logOrdinal) || ordinals.last.map({ $0 < logOrdinal }) ?? true else {
      throw .manifestNotUnderstood(detail: "reproduction: log_ordinal is not among its entries")
    }
    guard (eventIndex == nil) != (field == nil) else {
      throw .manifestNotUnderstood(detail: "reproduction: an event or a field shows it, one of both")
    }
    guard Digest(hexadecimal: Array(trace.utf8)) != nil else {
      throw .manifestNotUnderstood(detail: "reproduction: trace is no digest")
    }
  }
}
