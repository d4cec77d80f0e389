internal import Foundation

/// How much of what only repeats, with other seeds or shapes of a run, the tests do.
package enum TestEffort {
  /// `HEAVY_TESTS=1`, as `make heavy` sets it: all of it. Else some of every kind.
  package static let isHeavy = ProcessInfo.processInfo.environment["HEAVY_TESTS"] == "1"
}
