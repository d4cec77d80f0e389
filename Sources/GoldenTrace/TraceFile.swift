internal import Glibc
internal import GoldenRun
internal import StorageProtocol

/// The file of a trace, section by section.
final class TraceFile {
  struct Section {
    let name: String
    let offset: UInt64
    let count: Int
  }

  /// What people know it by.
  private let path: String
  private let descriptor: Int32

  init(_ path: String, name: String) throws(TraceError) {
    self.path = name
    // Without O_NONBLOCK a pipe would wait for its writer; its bytes could not be read twice anyway.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw TraceError(.cannotRead(errno), name) }
  }

  deinit { close(descriptor) }

  func error(_ reason: TraceError.Reason, _ offset: UInt64?) -> TraceError { TraceError(reason, path, offset: offset) }

  /// Exactly `count` bytes at `offset`.
  func read(at offset: UInt64, _ count: Int) throws(TraceError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let position = off_t(offset) + off_t(bytes.count)
      var received = 0
      // At most a mebibyte is reserved at a time, whatever a length in the file says.
      bytes += [UInt8](unsafeUninitializedCapacity: min(count - bytes.count, 1 << 20)) { buffer, filled in
        // The kernel writes at most `buffer.count` bytes, all inside the buffer.
        received = pread(descriptor, buffer.baseAddress, buffer.count, position)
        filled = max(received, 0)
      }
      if received < 0, errno == EINTR { continue }
      guard received >= 0 else { throw TraceError(.cannotRead(errno), path, offset: offset) }
      guard received > 0 else { throw error(.cut, offset) }
    }
    return bytes
  }

  func object(_ section: Section) throws(TraceError) -> JSONObject {
    let bytesMax =
      section.name == TraceSection.checkpoint.rawValue ? TraceSection.checkpointBytesMax : TraceSection.objectBytesMax
    guard section.count <= bytesMax else { throw error(.malformed(section.name), section.offset) }
    guard let (value, fault) = try? JSONReader.read(try read(at: section.offset, section.count)), fault == nil,
      let object = value.objectValue
    else { throw error(.malformed(section.name), section.offset) }
    return object
  }

  /// Calls `body` with every section but the seal, which is checked and returned.
  ///
  /// - Throws: another format, a cut or changed file; what `body` throws.
  func forEachSection(_ body: (Section, TraceFile) throws(TraceError) -> Void) throws(TraceError) -> Digest {
    var hasher = SHA256Hasher()
    let line = try firstLine()
    hasher.update(line)
    var offset = UInt64(line.count)
    while true {
      let head = try read(at: offset, TraceSection.headBytes)
      let name = String(decoding: head.prefix(4), as: UTF8.self)
      let length = head.dropFirst(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard length < UInt64(Int64.max) - offset - UInt64(TraceSection.headBytes) else { throw error(.cut, offset) }
      let section = Section(name: name, offset: offset + UInt64(TraceSection.headBytes), count: Int(length))
      if name == TraceSection.seal.rawValue { return try check(section, hasher.finalize()) }
      hasher.update(head)
      try hash(section, &hasher)
      try body(section, self)
      offset = section.offset + length
    }
  }

  private func firstLine() throws(TraceError) -> [UInt8] {
    do throws(TraceError) {
      let line = try read(at: 0, TraceSection.firstLine.count)
      guard line == TraceSection.firstLine else { throw TraceError(.otherFormat, path) }
      return line
    } catch {
      throw error.reason == .cut ? TraceError(.otherFormat, path) : error
    }
  }

  private func check(_ seal: Section, _ digest: Digest) throws(TraceError) -> Digest {
    guard seal.count == Digest.byteCount else { throw error(.malformed(seal.name), seal.offset) }
    guard try read(at: seal.offset, seal.count) == digest.bytes else { throw TraceError(.changed, path) }
    let end = seal.offset + UInt64(seal.count)
    guard (try? read(at: end, 1)) == nil else { throw error(.malformed("after SEAL"), end) }
    return digest
  }

  private func hash(_ section: Section, _ hasher: inout SHA256Hasher) throws(TraceError) {
    var position = 0
    while position < section.count {
      let block = try read(at: section.offset + UInt64(position), min(section.count - position, 1 << 20))
      hasher.update(block)
      position += block.count
    }
  }
}
