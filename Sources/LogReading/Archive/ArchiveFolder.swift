internal import Glibc
internal import StorageProtocol
internal import SystemFiles

/// The folder of an archive: opens files inside it, and nothing else.
struct ArchiveFolder: Sendable {
  let path: String

  /// Whether `name` is a plain name inside an archive: a file, or a file in one folder; letters, digits, `.`, `-` and `_`.
  static func isPlain(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && parts.allSatisfy(isPlainPart)
  }

  private static func isPlainPart(_ part: Substring.UTF8View) -> Bool {
    guard let first = part.first, first != UInt8(ascii: "."), part.count <= 255 else { return false }
    return part.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  /// Opens a file by its plain name; neither it nor the folder it is in may be a symbolic link.
  ///
  /// - Parameter declaredBytes: the size it must have; nil where nobody said.
  /// - Returns: a descriptor, which the caller closes.
  /// - Throws: `.archive` with `.missingFile`, `.notAPlainFile`, `.fileBytes`, `.cannotOpen`.
  func open(_ name: String, declaredBytes: UInt64? = nil) throws(LogError) -> Int32 {
    precondition(ArchiveFolder.isPlain(name), "names of a manifest are checked before files are opened")
    do throws(ArchiveFault) {
      let root = try ArchiveFolder.descriptor(AT_FDCWD, path, O_RDONLY | O_DIRECTORY)
      defer { close(root) }
      let parts = name.split(separator: "/").map(String.init)
      guard parts.count == 2 else { return try ArchiveFolder.file(root, name, declaredBytes) }
      let folder = try ArchiveFolder.descriptor(root, parts[0], O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      defer { close(folder) }
      return try ArchiveFolder.file(folder, parts[1], declaredBytes)
    } catch {
      throw LogError(.archive(error), file: name)
    }
  }

  private static func file(
    _ folder: Int32, _ name: String, _ declaredBytes: UInt64?
  ) throws(ArchiveFault) -> Int32 {
    // Without O_NONBLOCK a pipe in the place of a file would wait for a writer.
    let file = try descriptor(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(file)
      throw .notAPlainFile
    }
    if let declaredBytes, UInt64(status.st_size) != declaredBytes {
      close(file)
      throw .fileBytes(declared: declaredBytes, found: UInt64(status.st_size))
    }
    return file
  }

  private static func descriptor(_ folder: Int32, _ name: String, _ flags: Int32) throws(ArchiveFault) -> Int32 {
    while true {
      let descriptor = openat(folder, name, flags | O_CLOEXEC)
      if descriptor >= 0 { return descriptor }
      switch errno {
      case EINTR: continue
      case ENOENT: throw .missingFile
      case ELOOP, ENOTDIR: throw .notAPlainFile
      default: throw .cannotOpen(SystemError(errno))
      }
    }
  }

  /// Bytes of the files in `segments`, for progress; nil where there are none.
  var segmentBytes: UInt64? {
    guard let entries = opendir("\(path)/segments") else { return nil }
    defer { closedir(entries) }
    var bytes: UInt64 = 0
    while let entry = readdir(entries) {
      var status = stat()
      let isFile = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 1) {
          fstatat(dirfd(entries), $0, &status, AT_SYMLINK_NOFOLLOW)
        }
      }
      if isFile == 0, status.st_mode & S_IFMT == S_IFREG { bytes += UInt64(status.st_size) }
    }
    return bytes
  }

  /// The SHA-256 of the manifest, whatever it holds, and the size of the segments; zeros where there is no manifest.
  func identity(_ options: LogReadingOptions) throws(LogError) -> (sha256: Digest, bytes: UInt64) {
    let manifest = try? read(
      ArchiveManifest.fileName, bytesMax: ArchiveManifest.bytesMax, tooLong: .noManifest, options: options)
    return (manifest.map { Digest.sha256($0) } ?? .zero, segmentBytes ?? 0)
  }

  /// Reads a small file.
  ///
  /// - Throws: what opening throws; `.tooLong` as the caller names it; `.cannotRead`.
  func read(_ name: String, bytesMax: Int, tooLong: ArchiveFault, options: LogReadingOptions) throws(LogError)
    -> [UInt8]
  {
    let file = StoredFile(owning: try open(name), options: options, isHashed: false)
    var bytes: [UInt8] = []
    while true {
      let block = try file.read()
      if block.isEmpty { return bytes }
      bytes += block
      guard bytes.count <= bytesMax else { throw LogError(.archive(tooLong), file: name) }
    }
  }
}
