package import StateCommitment
package import StorageProtocol

/// What a proof of a state says of it.
package enum StateClaim: Equatable, Sendable {
  case object(CommittedVersion)
  case noObject(Identifier, ObjectVersion, found: FoundLeaf?)
  case node(StorageNode)
  case noNode(Identifier, found: FoundLeaf?)

  /// An object version by its name, and what the commitment says of it.
  package struct CommittedVersion: Equatable, Sendable {
    package let id: Identifier
    package let version: ObjectVersion
    package let object: CommittedObject

    /// - Precondition: `object` has the key that follows from the name.
    package init(id: Identifier, version: ObjectVersion, object: CommittedObject) {
      precondition(object.key == StateClaim.key(id, version), "the name gives the key")
      self.id = id
      self.version = version
      self.object = object
    }
  }

  /// The leaf of somebody else where the absent one's would be: its key and what it commits to.
  package struct FoundLeaf: Equatable, Sendable {
    package let key: Digest
    package let value: [UInt8]

    package init(key: Digest, value: [UInt8]) {
      self.key = key
      self.value = value
    }

    var leaf: SparseTree.Leaf { SparseTree.Leaf(key: key, value: value) }
  }

  /// The key of an object version in the objects tree, whether it is there or not (protocol.md 12).
  package static func key(_ id: Identifier, _ version: ObjectVersion) -> Digest {
    ObjectNaming.shardID(object: id, version: version, index: 0)
  }

  /// Whether the claim is that something is not there.
  package var isAbsence: Bool {
    switch self {
    case .object, .node: false
    case .noObject, .noNode: true
    }
  }

  /// Whether the claim is about the objects tree; else it is about the nodes tree.
  var isAboutObjects: Bool {
    switch self {
    case .object, .noObject: true
    case .node, .noNode: false
    }
  }

  /// Returns the root of the objects or the nodes tree in which the claim is true, or nil where `path` shows nothing of it.
  func root(by path: SparsePath) -> Digest? {
    switch self {
    case .object(let version): path.root(of: version.object.leaf)
    case .noObject(let id, let version, let found):
      path.root(without: StateClaim.key(id, version), found: found?.leaf)
    case .node(let node): path.root(of: node.leaf)
    case .noNode(let id, let found): path.root(without: StorageNode.key(of: id), found: found?.leaf)
    }
  }
}
