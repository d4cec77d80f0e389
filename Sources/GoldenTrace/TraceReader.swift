internal import Glibc
internal import GoldenRun
package import StorageProtocol

/// Reads a golden trace: header, checkpoints and end at once, event ids as they are asked for.
///
/// The whole file is read once when it is opened, so that a trace that is cut, changed or of another format is refused before
/// any work. Memory is bounded by the checkpoints and one section of ids.
package final class TraceReader: @unchecked Sendable {
  // Sendable: the replay that compares with it hands it from one job to the next, one at a time.
  package let header: TraceHeader
  /// As JSON objects, in order.
  package let checkpoints: [JSONObject]
  package let result: TraceResult
  package let eventCount: UInt64

  private let file: TraceFile
  /// Offsets and lengths of the sections of event ids.
  private let eventSections: [(offset: UInt64, count: Int)]
  private var nextSection = 0
  private var ids: [UInt8] = []
  private var nextID = 0

  /// - Throws: a trace that cannot be read or is none.
  package init(path: String) throws(TraceError) {
    file = try TraceFile(path)
    var contents = Contents()
    try file.forEachSection { (section, payload) throws(TraceError) in try contents.add(section, payload) }
    guard let header = contents.header else { throw TraceError(.missing("HEAD"), path) }
    guard let result = contents.result else { throw TraceError(.missing("RSLT"), path) }
    self.header = TraceHeader(json: header)
    self.result = TraceResult(json: result)
    checkpoints = contents.checkpoints
    eventSections = contents.eventSections
    eventCount = contents.eventSections.reduce(0) { $0 + UInt64($1.count) } / UInt64(Digest.byteCount)
  }

  private struct Contents {
    var header: JSONObject?
    var result: JSONObject?
    var checkpoints: [JSONObject] = []
    var eventSections: [(offset: UInt64, count: Int)] = []

    mutating func add(_ section: TraceFile.Section, _ file: TraceFile) throws(TraceError) {
      let kind = TraceSection(rawValue: section.name)
      guard (header == nil) == (kind == .header), kind == nil || result == nil else {
        throw file.error(.misplaced(section.name), section.offset)
      }
      switch kind {
      case .header: header = try file.object(section)
      case .result: result = try file.object(section)
      case .checkpoint: checkpoints.append(try file.object(section))
      case .events:
        guard section.count % Digest.byteCount == 0, section.count <= TraceSection.eventsMax * Digest.byteCount else {
          throw file.error(.malformed(section.name), section.offset)
        }
        if section.count > 0 { eventSections.append((section.offset, section.count)) }
      case .seal, nil: break
      }
    }
  }

  /// The id of the next event; nil at the end.
  ///
  /// - Throws: a file that can no longer be read; what it holds is not checked against the seal a second time.
  package func nextEventID() throws(TraceError) -> Digest? {
    if nextID == ids.count {
      guard nextSection < eventSections.count else { return nil }
      let section = eventSections[nextSection]
      ids = try file.read(at: section.offset, section.count)
      nextSection += 1
      nextID = 0
    }
    defer { nextID += Digest.byteCount }
    return Digest(bytes: ids[nextID..<nextID + Digest.byteCount])
  }
}

/// Why a golden trace cannot be used.
package struct TraceError: Error, Equatable, CustomStringConvertible {
  package enum Reason: Equatable, Sendable {
    case cannotRead(Int32)
    case otherFormat
    case cut
    case changed
    case malformed(String)
    case misplaced(String)
    case missing(String)
  }

  package let reason: Reason
  package let path: String
  package let offset: UInt64?

  init(_ reason: Reason, _ path: String, offset: UInt64? = nil) {
    self.reason = reason
    self.path = path
    self.offset = offset
  }

  package var description: String {
    let place = offset.map { " at byte \($0)" } ?? ""
    return "the golden trace \(path)\(place) " + sentence
  }

  private var sentence: String {
    switch reason {
    case .cannotRead(let code): "cannot be read: \(String(cString: strerror(code)))"
    case .otherFormat: "is no golden trace of format eqm-golden/1"
    case .cut: "is cut: it ends inside a section, or without its seal"
    case .changed: "was changed: its SHA-256 is not the one in its seal"
    case .malformed(let section): "is malformed: section \(section) has another form"
    case .misplaced(let section): "is malformed: section \(section) is there twice, or not in its place"
    case .missing(let section): "is incomplete: it has no section \(section)"
    }
  }
}

/// The file of a trace, section by section.
private final class TraceFile {
  struct Section {
    let name: String
    let offset: UInt64
    let count: Int
  }

  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(TraceError) {
    self.path = path
    // Without O_NONBLOCK a pipe would wait for its writer; its bytes could not be read twice anyway.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw TraceError(.cannotRead(errno), path) }
  }

  deinit { close(descriptor) }

  func error(_ reason: TraceError.Reason, _ offset: UInt64) -> TraceError { TraceError(reason, path, offset: offset) }

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
    guard section.count <= TraceSection.objectBytesMax else { throw error(.malformed(section.name), section.offset) }
    guard let (value, fault) = try? JSONReader.read(try read(at: section.offset, section.count)), fault == nil,
      let object = value.objectValue
    else { throw error(.malformed(section.name), section.offset) }
    return object
  }

  /// Calls `body` with every section but the seal, which is checked.
  ///
  /// - Throws: another format, a cut or changed file; what `body` throws.
  func forEachSection(_ body: (Section, TraceFile) throws(TraceError) -> Void) throws(TraceError) {
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

  private func check(_ seal: Section, _ digest: Digest) throws(TraceError) {
    guard seal.count == Digest.byteCount else { throw error(.malformed(seal.name), seal.offset) }
    guard try read(at: seal.offset, seal.count) == digest.bytes else { throw TraceError(.changed, path) }
    let end = seal.offset + UInt64(seal.count)
    guard (try? read(at: end, 1)) == nil else { throw error(.malformed("after SEAL"), end) }
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
