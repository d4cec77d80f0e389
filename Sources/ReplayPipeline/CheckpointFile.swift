internal import Foundation
internal import StorageProtocol
internal import SystemFiles

/// The file of a resume point, `eqm-checkpoint/1`: a line, the binding, a JSON document with its length, images of partitions,
/// and the SHA-256 of all that.
///
/// Read by the program that wrote it only, which the binding sees to.
enum CheckpointFormat {
  static let firstLine = Array("eqm-checkpoint/1\n".utf8)
}

/// Writes a resume point; it appears when it is complete.
struct CheckpointWriter: ~Copyable {
  static let prefix = "eqm-replay-checkpoint"

  private var file: TemporaryFile
  private var hasher = SHA256Hasher()

  init(in folder: String, binding: Digest) throws(FileError) {
    let start = CheckpointFormat.firstLine + binding.bytes
    var file = try TemporaryFile(in: folder, prefix: CheckpointWriter.prefix)
    try file.write(start)
    hasher.update(start)
    self.file = file
  }

  private mutating func append(_ bytes: [UInt8]) throws(FileError) {
    hasher.update(bytes)
    try file.write(bytes)
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) { try append(Array(bytes)) }

  mutating func write(_ document: some Encodable) throws(FileError) {
    guard let data = try? JSONEncoder().encode(document) else { preconditionFailure("a state has a JSON form") }
    let count = UInt64(data.count)
    try append((0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) } + Array(data))
  }

  mutating func publish(as name: String) throws(FileError) {
    try file.write(hasher.finalize().bytes)
    _ = try file.publish(as: name, replaces: true)
  }
}

/// Reads a resume point, after all of it was found to be as it was written.
struct CheckpointFile {
  private let path: String
  private let handle: FileHandle

  /// - Parameter binding: what the point must be bound to.
  init(_ path: String, binding: Digest) throws(CheckpointError) {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw CheckpointError(reason: .cannotRead, path: path)
    }
    self.path = path
    self.handle = handle
    try checkSeal()
    let start = try bytes(CheckpointFormat.firstLine.count + Digest.byteCount)
    guard start.suffix(Digest.byteCount) == binding.bytes[...] else {
      throw CheckpointError(reason: .otherRun, path: path)
    }
  }

  /// Reads the file once from end to end, and goes back to its start.
  private func checkSeal() throws(CheckpointError) {
    guard let size = try? handle.seekToEnd(), (try? handle.seek(toOffset: 0)) != nil else {
      throw CheckpointError(reason: .cannotRead, path: path)
    }
    let first = CheckpointFormat.firstLine
    guard size >= UInt64(first.count + 2 * Digest.byteCount) else {
      throw CheckpointError(reason: .changed, path: path)
    }
    var hasher = SHA256Hasher()
    var rest = size - UInt64(Digest.byteCount)
    var isFirst = true
    while rest > 0 {
      let block = try bytes(Int(min(rest, 1 << 20)))
      if isFirst, !block.starts(with: first) { throw CheckpointError(reason: .otherFormat, path: path) }
      isFirst = false
      hasher.update(block)
      rest -= UInt64(block.count)
    }
    guard try bytes(Digest.byteCount) == hasher.finalize().bytes, (try? handle.seek(toOffset: 0)) != nil else {
      throw CheckpointError(reason: .changed, path: path)
    }
  }

  private func bytes(_ count: Int) throws(CheckpointError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let data = try? handle.read(upToCount: count - bytes.count), !data.isEmpty else {
        throw CheckpointError(reason: .cannotRead, path: path)
      }
      bytes += data
    }
    return bytes
  }

  mutating func read(_ buffer: UnsafeMutableRawBufferPointer) throws(CheckpointError) {
    var filled = 0
    while filled < buffer.count {
      let block = try bytes(min(buffer.count - filled, 1 << 20))
      // `filled + block.count` is at most the buffer's size.
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: block)
      filled += block.count
    }
  }

  mutating func document<Document: Decodable>(_ type: Document.Type) throws(CheckpointError) -> Document {
    let count = try bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let document = try? JSONDecoder().decode(type, from: Data(try bytes(Int(count)))) else {
      throw CheckpointError(reason: .otherFormat, path: path)
    }
    return document
  }
}
