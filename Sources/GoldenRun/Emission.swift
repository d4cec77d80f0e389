internal import StorageProtocol

/// The event an applied entry emits, and in what its record is not what the log gives.
struct Emission {
  struct Difference {
    /// A field of the event, or ``Divergence/unknownObjectField``.
    let field: String
    let recorded: JSONValue?
    let derived: JSONValue?
  }

  let event: StorageEvent
  /// By field name.
  let differences: [Difference]
  /// Whether there was a recorded epoch, placement or proof to compare with.
  let isCompared: Bool

  /// The event of an entry of the runbook dialect: as derived.
  init(derived: EventFields) {
    event = StorageEvent(derived)
    differences = []
    isCompared = false
  }

  /// The event of an entry of the event dialect: the recorded fields, and derived ones where nothing is recorded.
  ///
  /// Where nothing differs that is the derived event; where something does, the entry is applied as recorded
  /// (protocol.md 9, step 2).
  init(derived: EventFields, recorded: RecordedEvent, isCompared: Bool, knowsObject: Bool = true) {
    event = StorageEvent(recorded.fields.completed(by: derived))
    self.isCompared = isCompared
    var differences = recorded.fields.differences(from: derived).map { field in
      Difference(field: field.rawValue, recorded: recorded.fields[field], derived: derived[field])
    }
    if !knowsObject {
      differences.append(
        Difference(field: Divergence.unknownObjectField, recorded: recorded.fields[.objectID], derived: nil))
    }
    self.differences = differences.sorted { $0.field.utf8.lexicographicallyPrecedes($1.field.utf8) }
  }
}
