internal import Foundation
internal import StorageProtocol

/// Base64 in the standard alphabet with padding (RFC 4648, section 4).
package enum Base64 {
  package static func encode(_ bytes: [UInt8]) -> [UInt8] { Base64Text.encode(bytes) }

  /// Returns the bytes; nil for any text that ``encode(_:)`` does not give. One value has one spelling, so that bits which no
  /// signature covers cannot be changed unnoticed.
  package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    let text = Array(text)
    guard let data = Data(base64Encoded: Data(text)) else { return nil }
    let bytes = Array(data)
    return encode(bytes) == text ? bytes : nil
  }
}
