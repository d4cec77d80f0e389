import StorageProtocol

/// Every way in which a list of hashes is a little different.
enum ChangedPath {
  /// The path with one bit of each byte of each hash flipped, one hash left out, doubled, zeroed, two neighbours swapped, one
  /// added in front or at the end, all left out, turned around; only where that is another path.
  static func all(of path: [Digest]) -> [(change: String, path: [Digest])] {
    var changes: [(change: String, path: [Digest])] = []
    func add(_ name: String, _ change: (inout [Digest]) -> Void) {
      var changed = path
      change(&changed)
      if changed != path { changes.append((name, changed)) }
    }
    for place in path.indices {
      for byte in 0..<Digest.byteCount {
        add("byte \(byte) of hash \(place)") { $0[place] = $0[place].flipping(8 * byte + (place + byte) % 8) }
      }
      add("hash \(place) left out") { $0.remove(at: place) }
      add("hash \(place) doubled") { $0.insert($0[place], at: place) }
      add("hash \(place) zeroed") { $0[place] = .zero }
      if place > 0 { add("hashes \(place - 1) and \(place) swapped") { $0.swapAt(place - 1, place) } }
    }
    add("a hash in front") { $0.insert(Digest.sha256([1]), at: 0) }
    add("a zero in front") { $0.insert(.zero, at: 0) }
    add("a hash at the end") { $0.append(Digest.sha256([2])) }
    add("a zero at the end") { $0.append(.zero) }
    add("nothing left") { $0.removeAll() }
    add("turned around") { $0.reverse() }
    return changes
  }
}

extension Digest {
  /// The digest with one bit changed; 0 is the most significant bit of the first byte.
  func flipping(_ bit: Int) -> Digest {
    var bytes = bytes
    bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
    return Digest(bytes: bytes)
  }
}
