package import StorageProtocol

/// What was counted when a baseline was recorded: `eqm-replay/bench-baseline/1`.
package struct GateBaseline: Equatable, Sendable {
  package static let schema = "eqm-replay/bench-baseline/1"

  package let machine: GateMachine
  /// What was recorded: a name and a version, for people.
  package let program: String
  package let logs: [GatedLog]

  package init(machine: GateMachine, program: String, logs: [GatedLog]) {
    self.machine = machine
    self.program = program
    self.logs = logs
  }

  /// Checks, before any work, that figures can be compared with these.
  ///
  /// - Parameters:
  ///   - machine: where they will be measured.
  ///   - workloads: names of the logs.
  /// - Throws: ``GateMismatch``.
  package func check(_ machine: GateMachine, _ workloads: [String]) throws(GateMismatch) {
    guard self.machine == machine else { throw .otherMachine(recorded: self.machine, measured: machine) }
    for workload in workloads where !logs.contains(where: { $0.workload == workload }) {
      throw .noLog(workload: workload)
    }
  }

  package var json: JSONValue {
    .members([
      "schema": .text(GateBaseline.schema), "program": .text(program), "machine": machine.json,
      "workloads": .array(logs.map(\.json)),
    ])
  }

  /// Reads what was written of ``json``.
  ///
  /// - Parameter path: for messages.
  /// - Throws: `.notADocument`.
  package init(parsing text: [UInt8], path: String) throws(BenchFault) {
    do throws(BenchFault) {
      let json = try BenchJSON(text, saidBy: path)
      guard try json.text("schema") == GateBaseline.schema else {
        throw .notADocument(path: path, "its schema is not \(GateBaseline.schema)")
      }
      let machine = try json.object("machine")
      self.init(
        machine: GateMachine(architecture: try machine.text("architecture"), simd: try machine.text("simd")),
        program: try json.text("program"),
        logs: try json.objects("workloads").map { (log) throws(BenchFault) in try GatedLog(log) })
    } catch {
      guard case .unreadable(_, let reason) = error else { throw error }
      throw .notADocument(path: path, reason)
    }
    guard Set(logs.map(\.workload)).count == logs.count else {
      throw .notADocument(path: path, "it has two logs of one name")
    }
  }
}

/// What of a machine decides which instructions a program executes.
package struct GateMachine: Equatable, Sendable, CustomStringConvertible {
  package let architecture: String
  /// Which code hashes.
  package let simd: String

  package init(architecture: String, simd: String) {
    self.architecture = architecture
    self.simd = simd
  }

  package var description: String { "\(architecture) with \(simd)" }

  package var json: JSONValue { .members(["architecture": .text(architecture), "simd": .text(simd)]) }
}
