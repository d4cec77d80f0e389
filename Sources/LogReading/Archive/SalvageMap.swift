internal import StorageProtocol

/// Where the files of a damaged archive are, by their digests: what was swapped is found again, what is a copy of another file is
/// not taken for its own.
package struct SalvageMap: Sendable {
  /// What there is of a file.
  enum Place: Equatable {
    /// A file with just the bytes that the manifest names.
    case whole(String)
    /// Its own file, changed or cut: frames that show by themselves that they are whole can be used.
    case damaged(String)
    case missing
  }

  let segments: [Place]
  let packs: [Place]

  /// Reads every file that the manifest names.
  ///
  /// - Throws: `.interrupted`; a file that cannot be read counts as missing.
  init(_ archive: LogArchive, options: LogReadingOptions) throws(LogError) {
    let files = archive.allFiles
    var found: [Digest?] = []
    for file in files { found.append(try archive.digest(of: file.name, options: options)) }
    var nameByDigest: [Digest: String] = [:]
    for (file, digest) in zip(files, found) { if let digest { nameByDigest[digest] = file.name } }
    let declared = Set(files.map(\.sha256))
    var places: [Place] = []
    for (file, digest) in zip(files, found) {
      if let name = digest == file.sha256 ? file.name : nameByDigest[file.sha256] {
        places.append(.whole(name))
      } else if let digest, !declared.contains(digest) {
        places.append(.damaged(file.name))
      } else {
        places.append(.missing)
      }
    }
    let segmentCount = archive.manifest.segments.count
    segments = Array(places[..<segmentCount])
    packs = Array(places[segmentCount...])
  }
}

extension LogArchive {
  /// The digest of a file, whatever its size; nil where there is none, or none that can be read.
  fileprivate func digest(of name: String, options: LogReadingOptions) throws(LogError) -> Digest? {
    do throws(LogError) {
      let stored = StoredFile(owning: try folder.open(name), options: options, isHashed: true)
      while try !stored.read().isEmpty {}
      return stored.digest
    } catch {
      if error.reason == .interrupted { throw error }
      return nil
    }
  }
}
