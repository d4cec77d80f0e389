package import StorageProtocol

/// What a replay of one log took, for each of its entries.
package struct GatedLog: Equatable, Sendable {
  /// What is counted.
  package enum Quantity: String, CaseIterable, Sendable {
    case instructions, allocations

    /// The member of a document.
    package var memberName: String { "\(rawValue)_per_entry" }
  }

  /// A figure of a stage, or of the `whole` program.
  package struct Figure: Equatable, Sendable {
    package let quantity: Quantity
    package let stage: String
    package let perEntry: GateNumber

    package init(quantity: Quantity, stage: String, perEntry: GateNumber) {
      self.quantity = quantity
      self.stage = stage
      self.perEntry = perEntry
    }
  }

  /// The whole program, its start included.
  package static let whole = "whole"

  package let workload: String
  /// Of all kinds.
  package let entryCount: UInt64
  package let stateRoot: String
  package let figures: [Figure]

  package init(workload: String, entryCount: UInt64, stateRoot: String, figures: [Figure]) {
    self.workload = workload
    self.entryCount = entryCount
    self.stateRoot = stateRoot
    self.figures = figures
  }

  /// Instructions of every stage and of the whole program, of the profile of a whole replay.
  ///
  /// - Throws: ``StageMissing``.
  package static func instructions(
    _ profile: CallgrindProfile, entryCount: UInt64
  ) throws(StageMissing) -> [Figure] {
    let stages = try CountedStage.allCases.map { (stage) throws(StageMissing) in
      (stage.rawValue, profile.inclusiveInstructions(of: try stage.functions(in: profile)))
    }
    return (stages + [(whole, profile.instructions)]).map { stage, instructions in
      Figure(quantity: .instructions, stage: stage, perEntry: GateNumber(instructions, per: entryCount))
    }
  }

  // MARK: JSON

  package var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("workload", .text(workload)), ("entries", .integer(entryCount)), ("state_root", .text(stateRoot)),
    ]
    for quantity in Quantity.allCases {
      let ours = figures.filter { $0.quantity == quantity }
      members.append((quantity.memberName, .object(JSONObject(ours.map { (Array($0.stage.utf8), $0.perEntry.json) }))))
    }
    return .object(JSONObject(members.map { (Array($0.key.utf8), $0.value) }))
  }

  /// - Throws: `.unreadable`.
  init(_ json: BenchJSON) throws(BenchFault) {
    var figures: [Figure] = []
    for quantity in Quantity.allCases {
      let members = try json.object(quantity.memberName)
      for stage in members.names {
        guard let perEntry = members.object[stage].flatMap({ GateNumber($0) }) else {
          throw members.wrong(stage, "a number of at most four decimals")
        }
        figures.append(Figure(quantity: quantity, stage: stage, perEntry: perEntry))
      }
    }
    self.init(
      workload: try json.text("workload"), entryCount: try json.count("entries"),
      stateRoot: try json.text("state_root"), figures: figures)
  }
}

extension GateNumber {
  package var json: JSONValue { .number(Array(description.utf8)) }

  /// Nil for what is no number, or none of this form.
  package init?(_ value: JSONValue) {
    guard case .number(let token) = value else { return nil }
    self.init(String(decoding: token, as: UTF8.self))
  }
}
