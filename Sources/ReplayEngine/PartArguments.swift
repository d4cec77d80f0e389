internal import StorageProtocol

/// An object, a version of it, or a node, as typed.
public struct PartArguments: Sendable {
  public var object: String?
  /// The UTF-8 bytes of the object's id, two hexadecimal digits each: for ids that cannot be typed.
  public var objectHexadecimal: String?
  public var version: UInt64?
  public var node: String?
  /// The UTF-8 bytes of the node's id, two hexadecimal digits each.
  public var nodeHexadecimal: String?

  public init() {}

  /// What is named; nil each where it is not.
  ///
  /// - Throws: `.usage`.
  func named() throws(ReplayFailure) -> (object: Identifier?, version: ObjectVersion?, node: Identifier?) {
    let object = try Identifier(object, objectHexadecimal, "--object")
    guard version == nil || object != nil else { throw ReplayOptions.usage("--version belongs to --object") }
    return (object, version.map { ObjectVersion($0) }, try Identifier(node, nodeHexadecimal, "--node"))
  }
}

extension Identifier {
  /// An id from either of two options; nil where neither is given.
  fileprivate init?(_ text: String?, _ hexadecimal: String?, _ option: String) throws(ReplayFailure) {
    guard text == nil || hexadecimal == nil else {
      throw ReplayOptions.usage("\(option) or \(option)-hex, not both")
    }
    guard let hexadecimal else {
      guard let text else { return nil }
      self.init(text)
      return
    }
    guard let bytes = Hexadecimal.decode(Array(hexadecimal.lowercased().utf8)),
      String(validating: bytes, as: UTF8.self) != nil
    else { throw ReplayOptions.usage("\(option)-hex is the UTF-8 bytes of an id, two hexadecimal digits each") }
    self.init(bytes: bytes)
  }
}
