/// What callgrind counted in a run: the instructions of every function, and who called whom.
///
/// Read from callgrind's own format ("Callgrind Format Specification" of the Valgrind manual), version 1. A file that does not add up
/// to its own total is refused.
package struct CallgrindProfile: Equatable, Sendable {
  /// Why a file is no profile.
  package enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownForm(line: Int)
    /// A number or a name that is missing or no such thing.
    case unreadable(line: Int)
    /// A file that was cut, or was made otherwise than it says.
    case doesNotAddUp(counted: UInt64, total: UInt64)

    package var description: String {
      switch self {
      case .unknownForm(let line): "line \(line) of callgrind's output is of a form that is not known"
      case .unreadable(let line): "line \(line) of callgrind's output cannot be read"
      case .doesNotAddUp(let counted, let total):
        "callgrind's output is not whole: it has \(counted) instructions and says \(total)"
      }
    }
  }

  /// Calls from one function to another, all of the run.
  package struct Call: Equatable, Sendable {
    package let caller: Int
    package let callee: Int
    package let count: UInt64
    /// Instructions of the callee and of everything that it called.
    package let instructions: UInt64
  }

  /// Of the whole run.
  package let instructions: UInt64
  /// As they are in the program, without demangling.
  package let names: [String]
  /// Instructions of each function of ``names``, without those that it called.
  package let ownInstructions: [UInt64]
  /// Those of the whole run, even where instructions were counted within some functions only.
  package let calls: [Call]
  /// How often the first instruction of each function was executed, where costs are by addresses; else 0.
  private let entries: [UInt64]

  /// - Throws: ``Fault``.
  /// - Complexity: linear.
  package init(_ text: [UInt8]) throws(Fault) {
    var reader = CallgrindReader()
    for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      try reader.read(line, number: index + 1)
    }
    let counted = reader.ownInstructions.reduce(0, &+)
    guard let total = reader.total, total == counted else {
      throw .doesNotAddUp(counted: counted, total: reader.total ?? 0)
    }
    instructions = total
    names = reader.names
    ownInstructions = reader.ownInstructions
    calls = reader.calls
    entries = reader.entries
  }

  // MARK: Functions together

  /// The functions whose names begin with one of `prefixes`: a function, and what a compiler made of it for certain arguments.
  package func functions(beginningWith prefixes: [String]) -> Set<Int> {
    Set(names.indices.filter { index in prefixes.contains { names[index].hasPrefix($0) } })
  }

  /// Instructions of `functions` and of everything that they called; what one of them calls of the others is not counted twice.
  package func inclusiveInstructions(of functions: Set<Int>) -> UInt64 {
    let own = functions.reduce(UInt64(0)) { $0 + ownInstructions[$1] }
    return calls.reduce(own) { sum, call in
      functions.contains(call.caller) && !functions.contains(call.callee) ? sum + call.instructions : sum
    }
  }

  /// Those of `functions` that were called by others.
  package func entrances(to functions: Set<Int>) -> Set<Int> {
    Set(calls.filter { functions.contains($0.callee) && !functions.contains($0.caller) }.map(\.callee))
  }

  // MARK: Allocations

  /// How often the C library was asked for memory where instructions were counted; costs must be by addresses.
  ///
  /// Memory that Swift's objects, arrays and frames of coroutines are in comes from there, too. What is asked for by its alignment may
  /// be counted twice: one function of the library may ask another.
  package var allocationCount: UInt64 {
    names.indices.reduce(0) { CallgrindProfile.allocators.contains(names[$1]) ? $0 + entries[$1] : $0 }
  }

  /// Whether ``allocationCount`` of the same program tells anything: whether memory comes from functions of the usual names.
  package var namesAllocators: Bool { calls.contains { names[$0.callee] == "malloc" } }

  private static let allocators: Set<String> = [
    "malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign",
  ]
}
