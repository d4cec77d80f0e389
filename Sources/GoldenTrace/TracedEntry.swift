package import GoldenRun
package import StorageProtocol

/// What a trace says of one entry of its log.
package struct TracedEntry {
  package let ordinal: Ordinal
  package let outcome: EntryOutcome
  package let event: StorageEvent?
  /// Of an applied control entry.
  package let call: ControlCall?
  package let checkpoint: Checkpoint?

  package init(_ step: GoldenReplay.Step) {
    ordinal = step.ordinal
    outcome = step.entry.outcome
    event = step.entry.event
    call = step.entry.controlCall
    checkpoint = step.checkpoint
  }

  /// An entry that was recorded, not replayed: there is no checkpoint.
  package init(_ entry: RecordedEntry) {
    ordinal = entry.ordinal
    outcome = entry.outcome
    event = entry.event
    call = entry.call
    checkpoint = nil
  }
}

/// A control entry of a trace.
package struct TracedControl: Equatable, Sendable {
  package let ordinal: Ordinal
  package let call: ControlCall

  package init(ordinal: Ordinal, call: ControlCall) {
    self.ordinal = ordinal
    self.call = call
  }

  var line: [UInt8] {
    JSONFormat.line.encode(.members(["ordinal": .integer(ordinal.value), "call": .object(call.json)]))
  }

  /// Nil where `line` is none.
  init?(line: [UInt8]) {
    guard let (value, fault) = try? JSONReader.read(line), fault == nil,
      let ordinal = value.objectValue?["ordinal"]?.integer(as: UInt64.self),
      let call = value.objectValue?["call"]?.objectValue
    else { return nil }
    self.init(ordinal: Ordinal(ordinal), call: ControlCall(json: call))
  }
}
