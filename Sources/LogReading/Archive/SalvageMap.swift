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

  /// Empty where segments must be whole.
  let segments: [Place]
  let packs: [Place]

  /// Reads every file that the manifest names; packs alone where only contents may be lost.
  ///
  /// - Throws: `.interrupted`; a file that cannot be read counts as missing.
  init(_ archive: LogArchive, options: LogReadingOptions) throws(LogError) {
    var found: [Digest?] = []
    for file in archive.files(options) { found.append(try archive.digest(of: file.name, options: options)) }
    self.init(archive, found, options)
  }

  /// Reads the same files, `workers` of them side by side.
  ///
  /// - Throws: `.interrupted`.
  package init(_ archive: LogArchive, options: LogReadingOptions, workers: Int) async throws(LogError) {
    let files = archive.files(options)
    let parts = await withTaskGroup(of: (Int, Result<[Digest?], LogError>).self) { group in
      for worker in 0..<workers {
        group.addTask { (worker, archive.digests(of: files, every: workers, from: worker, options)) }
      }
      var parts = [Result<[Digest?], LogError>](repeating: .success([]), count: workers)
      for await (worker, part) in group { parts[worker] = part }
      return parts
    }
    var digests: [[Digest?]] = []
    for part in parts { digests.append(try part.get()) }
    self.init(archive, files.indices.map { digests[$0 % workers][$0 / workers] }, options)
  }

  /// - Parameter found: the digest of each file, nil for one that cannot be read.
  private init(_ archive: LogArchive, _ found: [Digest?], _ options: LogReadingOptions) {
    let files = archive.files(options)
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
    let segmentCount = options.salvages ? archive.manifest.segments.count : 0
    segments = Array(places[..<segmentCount])
    packs = Array(places[segmentCount...])
  }
}

extension SalvageMap {
  /// The names of packs, by the manifest of their archive, that are not what it says.
  package func damagedPacks(of archive: LogArchive) -> [String] {
    zip(archive.manifest.packs, packs).compactMap { pack, place in
      if case .whole = place { nil } else { pack.file }
    }
  }
}

extension LogArchive {
  fileprivate func files(_ options: LogReadingOptions) -> [ArchiveFile] { options.salvages ? allFiles : packFiles }

  /// The digests of every so-manieth file from one on.
  fileprivate func digests(
    of files: [ArchiveFile], every step: Int, from first: Int, _ options: LogReadingOptions
  ) -> Result<[Digest?], LogError> {
    do throws(LogError) {
      var digests: [Digest?] = []
      for place in stride(from: first, to: files.count, by: step) {
        digests.append(try digest(of: files[place].name, options: options))
      }
      return .success(digests)
    } catch {
      return .failure(error)
    }
  }

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
