internal import Foundation
internal import Glibc

/// A folder of its own for one test, removed with this value.
package final class TemporaryFolder {
  package let path: String

  package init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("eqm-replay-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private struct WriteError: Error {
    let path: String
    let code: Int32
  }

  /// Writes a file and returns its path.
  ///
  /// Not by Foundation, which waits until the disk has it: nothing here outlives its test, and waiting for thousands of small
  /// logs took a fifth of the tests' time.
  @discardableResult
  package func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = "\(path)/\(name)"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw WriteError(path: path, code: errno) }
    defer { close(descriptor) }
    var start = 0
    while start < bytes.count {
      // From `start` on there are `bytes.count - start` bytes.
      let written = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start)
      }
      guard written > 0 else { throw WriteError(path: path, code: errno) }
      start += written
    }
    return path
  }

  @discardableResult
  package func write(_ text: String, _ name: String) throws -> String { try write(Array(text.utf8), name) }

  package func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }

  /// Names of everything in the folder, hidden files included.
  package var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}
