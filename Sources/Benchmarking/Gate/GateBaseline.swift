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

  /// Nil for a document that is no baseline of this version.
  package init?(_ object: JSONObject) {
    guard object["schema"] == .text(GateBaseline.schema), let program = object["program"]?.stringBytes,
      let machine = object["machine"]?.objectValue.flatMap({ GateMachine($0) }),
      let workloads = object["workloads"]?.elements
    else { return nil }
    let logs = workloads.compactMap { GatedLog($0) }
    guard logs.count == workloads.count, Set(logs.map(\.workload)).count == logs.count else { return nil }
    self.init(machine: machine, program: String(decoding: program, as: UTF8.self), logs: logs)
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

  init?(_ object: JSONObject) {
    guard let architecture = object["architecture"]?.stringBytes, let simd = object["simd"]?.stringBytes else {
      return nil
    }
    self.init(architecture: String(decoding: architecture, as: UTF8.self), simd: String(decoding: simd, as: UTF8.self))
  }
}
