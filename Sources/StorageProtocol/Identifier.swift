/// An object id, node id or other text of the log whose identity is its UTF-8 bytes.
///
/// Never compare or key ids as `String`: `"café"` with U+00E9 and with e + U+0301 are equal as `String`s and are two
/// different objects (protocol.md 3). The order is that of the bytes, which is that of the code points.
public struct Identifier: Hashable, Comparable, Sendable, Codable {
  /// Valid UTF-8; may hold any character, U+0000 included, and may be empty.
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  package init(_ text: String) { bytes = Array(text.utf8) }

  /// The id as text for people: not for comparing.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  public static func < (left: Identifier, right: Identifier) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// The 0-based position of an entry among all entries of its log, whatever becomes of them.
public struct Ordinal: Hashable, Comparable, Sendable, Codable {
  public let value: UInt64

  package init(_ value: UInt64) { self.value = value }

  public static func < (left: Ordinal, right: Ordinal) -> Bool { left.value < right.value }
}

/// An epoch of the storage network. It may go back.
public struct Epoch: Hashable, Sendable, Codable {
  public let value: Int64

  package init(_ value: Int64) { self.value = value }
}

/// A version of an object: unsigned 64-bit.
public struct ObjectVersion: Hashable, Comparable, Sendable, Codable {
  public let value: UInt64

  package init(_ value: UInt64) { self.value = value }

  public static func < (left: ObjectVersion, right: ObjectVersion) -> Bool { left.value < right.value }
}

/// The logical time a STORE carries: signed 64-bit, without a unit.
public struct Tick: Hashable, Sendable, Codable {
  public let value: Int64

  package init(_ value: Int64) { self.value = value }
}
