internal import CBuildInformation
internal import Foundation
internal import Glibc
internal import ReplayEvidence
internal import StorageProtocol

/// The memory of this process.
public enum ProcessMemory {
  /// The largest resident size since this program started, in bytes (`VmHWM`); 0 where the system does not say.
  ///
  /// Not `getrusage`: its maximum counts what the process held before it became this program.
  public static var peakBytes: UInt64 {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix("VmHWM:") else { continue }
      return (UInt64(text.filter(\.isNumber)) ?? 0) * 1024
    }
    return 0
  }
}

/// A moment in UTC, to the microsecond.
public struct TimeOfDay: Sendable {
  private let seconds: Int
  private let microseconds: Int

  public init(secondsSince1970 seconds: Int, microseconds: Int = 0) {
    self.seconds = seconds
    self.microseconds = microseconds
  }

  public static func now() -> TimeOfDay {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return TimeOfDay(secondsSince1970: time.tv_sec, microseconds: time.tv_nsec / 1000)
  }

  /// Seconds since 1970: `1764165909.123456`.
  var unixSeconds: String { "\(seconds).\(TimeOfDay.padded(microseconds, 6))" }

  private var parts: tm {
    var seconds = time_t(self.seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  /// `20261123`.
  var compactDate: String {
    let parts = parts
    return TimeOfDay.padded(Int(parts.tm_year) + 1900, 4) + TimeOfDay.padded(Int(parts.tm_mon) + 1, 2)
      + TimeOfDay.padded(Int(parts.tm_mday), 2)
  }

  /// The day in UTC.
  var day: CalendarDay {
    guard let day = CalendarDay(iso8601: iso8601.utf8.prefix(10)) else {
      preconditionFailure("the clock is between the years 0 and 9999")
    }
    return day
  }

  /// `20261123T140509Z`.
  var compactTime: String {
    let parts = parts
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { TimeOfDay.padded(Int($0), 2) }.joined()
    return "\(compactDate)T\(time)Z"
  }

  /// `2026-11-23T14:05:09.123456Z`.
  var iso8601: String {
    let parts = parts
    let date = [(Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2)]
      .map { TimeOfDay.padded($0.0, $0.1) }.joined(separator: "-")
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { TimeOfDay.padded(Int($0), 2) }
      .joined(separator: ":")
    return "\(date)T\(time).\(TimeOfDay.padded(microseconds, 6))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// The machine a run took place on: for people, never compared.
enum Machine {
  static var name: (host: String, system: String) {
    var names = utsname()
    uname(&names)
    return (text(names.nodename), "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))")
  }

  /// `x86_64`.
  static var architecture: String {
    var names = utsname()
    uname(&names)
    return text(names.machine)
  }

  /// The model of its processors; `unknown` where the system does not say.
  static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
  }

  /// The text of a C array of characters.
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// This program.
public enum Program {
  public static let name = "eqm-replay"
  public static let version = "0.7.0"
  /// Of the sources, as the Makefile named it; `unknown` for another build.
  static var revision: String { String(cString: cbuildinformation_revision()) }
  /// Of the compiler, as far as a program knows it.
  #if compiler(>=6.4)
    static let swiftVersion = "6.4 or later"
  #else
    static let swiftVersion = "6.3"
  #endif

  /// Of the program's file.
  static var path: String { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path }

  /// SHA-256 of the program's file: another build may lay out its memory otherwise.
  static var executableDigest: Digest {
    Digest.sha256((try? Array(Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe")))) ?? [])
  }
  static let versionedName = "\(name) \(version)"

  /// Processors of this machine.
  static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
