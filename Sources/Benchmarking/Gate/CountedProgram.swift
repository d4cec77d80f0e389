internal import SystemFiles

/// A program whose instructions and allocations valgrind counts.
///
/// Valgrind 3.19 stops at the debugging information of Swift 6.3, and writes into a constant of libdispatch: what it runs are copies
/// of the program and of that library, the one without debugging information, the other with segments that may be written.
package struct CountedProgram: Sendable {
  /// One run.
  package struct Run: Sendable {
    package let run: MeasuredRun
    package let profile: CallgrindProfile
  }

  private static let profileBytesMax = 1 << 28
  private static let libraryName = "libdispatch.so"

  private let folder: String
  private let wakeDescriptor: Int32

  /// Makes the copies in `folder`.
  ///
  /// - Parameters:
  ///   - path: of the program.
  ///   - folder: that nothing else is in.
  ///   - wakeDescriptor: ends every wait when it becomes readable; -1 for none.
  /// - Throws: ``BenchFault`` where valgrind, strip or ldd do not run, or a copy cannot be made.
  package init(of path: String, in folder: String, wakeDescriptor: Int32 = -1) throws(BenchFault) {
    self.folder = folder
    self.wakeDescriptor = wakeDescriptor
    for tool in ["valgrind", "strip", "ldd"] { try CountedProgram.check(tool, wakeDescriptor) }
    _ = try MeasuredProgram(path: "strip").run(
      ["--strip-debug", "-o", "\(folder)/program", path], wakeDescriptor: wakeDescriptor)
    try copyLibrary(of: path)
  }

  private static func check(_ tool: String, _ wakeDescriptor: Int32) throws(BenchFault) {
    do throws(BenchFault) {
      _ = try MeasuredProgram(path: tool).run(["--version"], wakeDescriptor: wakeDescriptor)
    } catch {
      guard case .cannotRun(let reason) = error else { throw error }
      throw .cannotRun("\(reason): counting needs valgrind, and strip of binutils")
    }
  }

  /// Counts a run of the program: instructions of all of it; or executions of each instruction within `functions`, and in what they
  /// call, of which none may call another of them.
  ///
  /// - Throws: ``BenchFault``.
  package func run(_ arguments: [String], within functions: [String] = []) throws(BenchFault) -> Run {
    let counts = "\(folder)/counts"
    let within = functions.map { "--toggle-collect=\($0)" } + ["--dump-instr=yes", "--compress-pos=no"]
    // Hash tables of one seed: others have other collisions, and other counts.
    let run = try MeasuredProgram(path: "env").run(
      [
        "LD_LIBRARY_PATH=\(folder)", "SWIFT_DETERMINISTIC_HASHING=1", "valgrind", "--quiet", "--tool=callgrind",
        "--demangle=no", "--callgrind-out-file=\(counts)",
      ] + (functions.isEmpty ? [] : within) + ["\(folder)/program"] + arguments, wakeDescriptor: wakeDescriptor)
    defer { FolderContents.remove(counts) }
    do {
      let text = try BoundedFile.read(counts, bytesMax: CountedProgram.profileBytesMax)
      return Run(run: run, profile: try CallgrindProfile(text))
    } catch {
      throw .unreadable(command: run.command, "\(error)")
    }
  }

  /// Copies the library that the program loads; a program that has it inside needs none.
  private func copyLibrary(of path: String) throws(BenchFault) {
    let listed = try MeasuredProgram(path: "ldd").run([path], wakeDescriptor: wakeDescriptor)
    guard let library = CountedProgram.library(in: String(decoding: listed.output, as: UTF8.self)) else { return }
    do {
      var image = try BoundedFile.read(library, bytesMax: CountedProgram.profileBytesMax)
      guard ExecutableImage.makeWritable(&image) else {
        throw BenchFault.unreadable(command: listed.command, "\(library) is no ELF file of 64 bits")
      }
      var copy = try TemporaryFile(in: folder, prefix: CountedProgram.libraryName)
      try copy.write(image)
      _ = try copy.publish(as: CountedProgram.libraryName, replaces: true)
    } catch let fault as BenchFault {
      throw fault
    } catch {
      throw .cannotRun("cannot copy \(library): \(error)")
    }
  }

  /// The path in a line such as `libdispatch.so => /opt/swift/usr/lib/swift/linux/libdispatch.so (0x00007f)`.
  package static func library(in list: String) -> String? {
    for line in list.split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      if words.count >= 3, words[0] == libraryName, words[1] == "=>" { return String(words[2]) }
    }
    return nil
  }
}
