internal import StorageProtocol

extension GoldenEngine {
  /// NODE_REGISTRATION: replaces the node and emits an event (protocol.md 6).
  mutating func apply(_ entry: NodeRegistrationEntry) throws(EntryFault) -> Emission {
    var derived = EventFields(eventType: .nodeRegistration, epoch: state.control.currentEpoch)
    derived[.replicaSets] = .members([
      "node_id": .string(entry.nodeID.bytes), "host": .string(entry.host.bytes), "port": .integer(entry.port),
    ])
    let emission = try controlEmission(derived, entry.recorded)
    state.control.register(entry.nodeID, host: entry.host, port: entry.port)
    return emission
  }

  /// EPOCH_ADVANCEMENT: emits an event whose epoch is the new one (protocol.md 6).
  mutating func apply(_ entry: EpochAdvancementEntry) throws(EntryFault) -> Emission {
    let derived = EventFields(eventType: .epochAdvancement, epoch: entry.epoch)
    let emission = try controlEmission(derived, entry.recorded)
    state.control.advance(to: entry.epoch, registry: entry.registry, telemetry: entry.telemetry)
    return emission
  }

  private func controlEmission(
    _ derived: EventFields, _ recorded: RecordedEvent?
  ) throws(EntryFault) -> Emission {
    guard let recorded else { return Emission(derived: derived) }
    return Emission(
      derived: derived, recorded: recorded, proven: try recorded.provenEvent(), compared: [.epoch],
      isCompared: recorded.fields[.epoch] != nil)
  }

  /// The total after the rewards of `epoch`. - Throws: `SE_ERR_INTERNAL` for an overflow anywhere.
  func rewarded(_ epoch: Epoch) throws(EntryFault) -> BigNum128 {
    try GoldenEngine.certified { () throws(ArithmeticError) in
      try CertifiedMath.add(state.totalNodRewards, state.control.rewards(epoch: epoch))
    }
  }

  /// Runs arithmetic whose failure rejects the entry.
  static func certified<Value>(
    _ arithmetic: () throws(ArithmeticError) -> Value
  ) throws(EntryFault) -> Value {
    do {
      return try arithmetic()
    } catch {
      throw EntryFault.arithmetic(error)
    }
  }
}

extension UptimeBucket {
  /// - Throws: `SE_ERR_INTERNAL` for a value that no BigNum128 holds.
  func number() throws(EntryFault) -> BigNum128 {
    try GoldenEngine.certified { () throws(ArithmeticError) in
      guard let value = UInt128(String(decoding: digits, as: UTF8.self)) else { throw .overflow }
      return try BigNum128(integer: value)
    }
  }
}
