/// A rejected entry.
public struct Rejection: Equatable, Sendable, Codable {
  public let ordinal: Ordinal
  /// Position of the entry's first byte in the decompressed log.
  public let byteOffset: UInt64
  public let code: ErrorCode
  public let message: String

  package init(ordinal: Ordinal, byteOffset: UInt64, fault: EntryFault) {
    self.ordinal = ordinal
    self.byteOffset = byteOffset
    code = fault.code
    message = fault.message
  }
}

/// One field in which the record of an applied entry is not what the log gives (protocol.md 9, step 2).
package struct Divergence: Equatable, Sendable, Codable {
  /// The name under which an object that nobody stored is reported.
  package static let unknownObjectField = "object"

  package let ordinal: Ordinal
  /// The replay's epoch at the entry.
  package let epoch: Epoch
  package let objectID: JSONValue?
  package let version: JSONValue?
  /// A field of the event, or ``unknownObjectField``.
  package let field: String
  package let recorded: JSONValue?
  /// Keys in canonical order, here and in ``recorded``.
  package let derived: JSONValue?

  package init(
    ordinal: Ordinal, epoch: Epoch, objectID: JSONValue?, version: JSONValue?, field: String,
    recorded: JSONValue?, derived: JSONValue?
  ) {
    self.ordinal = ordinal
    self.epoch = epoch
    self.objectID = objectID
    self.version = version
    self.field = field
    self.recorded = recorded?.withSortedKeys
    self.derived = derived?.withSortedKeys
  }
}

/// The first items of a list and the number of the others: a report must not grow with the log.
public struct BoundedList<Item: Equatable & Sendable>: Equatable, Sendable {
  /// Items a result document holds at most (cli.md).
  package static var itemsMax: Int { 100 }

  public private(set) var items: [Item] = []
  public private(set) var omittedCount: UInt64 = 0

  package init() {}

  package mutating func append(_ item: Item) {
    if items.count < BoundedList.itemsMax { items.append(item) } else { omittedCount += 1 }
  }

  /// Appends a list of items that follow.
  package mutating func append(_ other: BoundedList) {
    for item in other.items { append(item) }
    omittedCount += other.omittedCount
  }

  /// Counts items that follow and that nobody kept.
  package mutating func omit(_ count: UInt64) { omittedCount += count }
}

extension BoundedList: Codable where Item: Codable {}

extension BoundedList where Item == Divergence {
  /// Takes in the list of other entries of the log: items stay in log order, those of one entry together.
  package mutating func merge(_ other: BoundedList) {
    // The sort is stable.
    let merged = (items + other.items).sorted { $0.ordinal < $1.ordinal }
    items = Array(merged.prefix(BoundedList.itemsMax))
    omittedCount += other.omittedCount + UInt64(merged.count - items.count)
  }
}
