internal import Glibc

/// Why a program does not run, or what it says cannot be read.
package enum ChildProcessFault: Error, Equatable, Sendable, CustomStringConvertible {
  case cannotStart(program: String, SystemError)
  case cannotRead(program: String, SystemError)
  case interrupted

  package var description: String {
    switch self {
    case .cannotStart(let program, let error): "cannot run \(program): \(error)"
    case .cannotRead(let program, let error): "cannot read what \(program) says: \(error)"
    case .interrupted: "interrupted"
    }
  }
}

/// A program that runs beside this one and is read from, without input; terminated with this value if it still runs.
package struct ChildProcess: ~Copyable {
  /// How a program ended.
  package enum End: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  private static let blockBytes = 1 << 16
  /// Of what it says on its error stream; the rest is read and dropped, so that it never waits for a reader.
  private static let errorBytesMax = 1 << 14

  private let program: String
  private let process: pid_t
  private var output: Int32
  private var errors: Int32
  /// The beginning of what it said on its error stream.
  package private(set) var errorText: [UInt8] = []
  private var end: End?
  /// What it used, with those of its own children that it waited for; nothing before its end.
  package private(set) var usage = Usage()

  /// What a program that has ended used.
  package struct Usage: Equatable, Sendable {
    /// Of all threads, in user mode and in the kernel.
    package var processorTime = Duration.zero
    /// The most of physical memory that it held at any time.
    package var peakMemoryBytes: UInt64 = 0
    package init() {}
  }

  /// Starts a program of the search path, with this process's environment.
  ///
  /// - Throws: `.cannotStart`.
  package init(_ program: String, _ arguments: [String]) throws(ChildProcessFault) {
    let started = try ChildProcess.started(program, arguments)
    self.program = program
    (process, output, errors) = started
  }

  deinit {
    // What still writes to them ends, too.
    for descriptor in [output, errors] where descriptor >= 0 { close(descriptor) }
    guard end == nil else { return }
    kill(process, SIGTERM)
    var usage = Usage()
    _ = ChildProcess.wait(for: process, &usage)
  }

  private struct Pipe {
    let reader: Int32
    let writer: Int32

    init(for program: String) throws(ChildProcessFault) {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw .cannotStart(program: program, SystemError(errno)) }
      for descriptor in ends { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
      (reader, writer) = (ends[0], ends[1])
    }
  }

  private static func started(
    _ program: String, _ arguments: [String]
  ) throws(ChildProcessFault) -> (process: pid_t, output: Int32, errors: Int32) {
    let (output, errors) = (try Pipe(for: program), try Pipe(for: program))
    defer { for pipe in [output, errors] { close(pipe.writer) } }
    do throws(ChildProcessFault) {
      let process = try start(program, arguments, output: output.writer, errors: errors.writer)
      return (process, output.reader, errors.reader)
    } catch {
      for pipe in [output, errors] { close(pipe.reader) }
      throw error
    }
  }

  private static func start(
    _ program: String, _ arguments: [String], output: Int32, errors: Int32
  ) throws(ChildProcessFault) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // This process ignores them; a program expects that they end it.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGPIPE, SIGXFSZ] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // Threads that a pool owns block signals, and a program would inherit that: nothing could end it then.
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words = ([program] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    words.append(nil)
    var process = pid_t()
    let status = posix_spawnp(&process, program, &actions, &attributes, words, environ)
    guard status == 0 else { throw .cannotStart(program: program, SystemError(status)) }
    return process
  }

  /// The next bytes of its output; nil behind the last.
  ///
  /// - Parameter wakeDescriptor: ends the wait when it becomes readable; -1 for none.
  /// - Throws: `.cannotRead`, `.interrupted`.
  package mutating func read(wakeDescriptor: Int32) throws(ChildProcessFault) -> [UInt8]? {
    while output >= 0 || errors >= 0 {
      // poll(2) passes over negative descriptors.
      var waits = [output, errors, wakeDescriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&waits, nfds_t(waits.count), -1) >= 0 || errno == EINTR else { throw failure }
      if waits[2].revents != 0 { throw .interrupted }
      if waits[1].revents != 0 { try gatherErrors() }
      guard waits[0].revents != 0 else { continue }
      let block = try ChildProcess.block(of: output, program)
      if !block.isEmpty { return block }
      close(output)
      output = -1
    }
    return nil
  }

  private mutating func gatherErrors() throws(ChildProcessFault) {
    let block = try ChildProcess.block(of: errors, program)
    errorText += block.prefix(ChildProcess.errorBytesMax - errorText.count)
    guard block.isEmpty else { return }
    close(errors)
    errors = -1
  }

  private var failure: ChildProcessFault { .cannotRead(program: program, SystemError(errno)) }

  /// What is there to read; nothing at the end.
  private static func block(of descriptor: Int32, _ program: String) throws(ChildProcessFault) -> [UInt8] {
    while true {
      var received = 0
      let block = [UInt8](unsafeUninitializedCapacity: blockBytes) { buffer, count in
        // The kernel writes at most `buffer.count` bytes, all inside the buffer.
        received = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        count = max(received, 0)
      }
      if received >= 0 { return block }
      guard errno == EINTR else { throw .cannotRead(program: program, SystemError(errno)) }
    }
  }

  /// Waits until the program has ended; it must have been read to the end.
  package mutating func waitForEnd() -> End {
    if let end { return end }
    let end = ChildProcess.wait(for: process, &usage)
    self.end = end
    return end
  }

  private static func wait(for process: pid_t, _ usage: inout Usage) -> End {
    var status: Int32 = 0
    var used = rusage()
    while wait4(process, &status, 0, &used) < 0, errno == EINTR {}
    usage.processorTime = [used.ru_utime, used.ru_stime].reduce(.zero) { total, time in
      total + .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }
    // The kernel counts in KiB.
    usage.peakMemoryBytes = UInt64(used.ru_maxrss) << 10
    // The macros of wait(2), which Swift does not import.
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
  }
}
