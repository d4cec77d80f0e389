internal import ContentRestore
internal import StorageProtocol

/// What `restore` is told besides the log, as typed.
public struct RestoreArguments: Sendable {
  /// The folder that contents are given back to.
  public var output: String
  /// Whether a restore of something else that is there may be removed.
  public var force = false
  /// The object, or a version of it, that alone is wanted; or the node whose shards are, not whole objects.
  public var part = PartArguments()

  public init(output: String) { self.output = output }
}

extension RestoreSelection {
  /// - Throws: `.usage`.
  init(_ arguments: RestoreArguments) throws(ReplayFailure) {
    self.init()
    (object, version, node) = try arguments.part.named()
  }
}
