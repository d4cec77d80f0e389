package import StorageProtocol

/// What is given back.
package struct RestoreSelection: Equatable, Sendable {
  /// Only objects of this id.
  package var object: Identifier?
  /// Only this version of ``object``.
  package var version: ObjectVersion?
  /// The shards of this node, not whole objects.
  package var node: Identifier?

  package init() {}

  func contains(_ id: Identifier, _ version: ObjectVersion) -> Bool {
    (object == nil || object == id) && (self.version == nil || self.version == version)
  }

  /// The members that say it in documents; null for what was not asked for.
  package var json: JSONValue {
    .members([
      "object_id": object.map { .string($0.bytes) } ?? .null,
      "version": version.map { .integer($0.value) } ?? .null, "node_id": node.map { .string($0.bytes) } ?? .null,
    ])
  }
}
