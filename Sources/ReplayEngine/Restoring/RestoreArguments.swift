internal import ContentRestore
internal import StorageProtocol

/// What `restore` is told besides the log, as typed.
public struct RestoreArguments: Sendable {
  /// The folder that contents are given back to.
  public var output: String
  /// Whether a restore of something else that is there may be removed.
  public var force = false
  /// Only objects of this id.
  public var object: String?
  /// The UTF-8 bytes of the id, two hexadecimal digits each: for ids that cannot be typed.
  public var objectHexadecimal: String?
  /// Only this version of the object.
  public var version: UInt64?
  /// The shards of this node, not whole objects.
  public var node: String?
  public var nodeHexadecimal: String?

  public init(output: String) { self.output = output }
}

extension RestoreSelection {
  /// - Throws: `.usage`.
  init(_ arguments: RestoreArguments) throws(ReplayFailure) {
    self.init()
    object = try Identifier(arguments.object, arguments.objectHexadecimal, "--object")
    version = arguments.version.map { ObjectVersion($0) }
    node = try Identifier(arguments.node, arguments.nodeHexadecimal, "--node")
    guard version == nil || object != nil else { throw ReplayOptions.usage("--version belongs to --object") }
  }
}
