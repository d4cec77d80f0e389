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

  /// The event of an entry of the event dialect.
  ///
  /// Where a compared field differs, the entry is applied as recorded (protocol.md 9, step 2). A record with an id,
  /// which has been checked, is emitted as it is too: an intact log gives the same event log back, id by id. Any other
  /// event is the derived one.
  ///
  /// - Parameters:
  ///   - proven: the event that `recorded` proves, if it has an id.
  ///   - compared: the fields that the log lets a replay derive.
  init(
    derived: EventFields, recorded: RecordedEvent, proven: StorageEvent?, compared: [StorageEvent.Field],
    isCompared: Bool, knowsObject: Bool = true
  ) {
    var differences = recorded.fields.differences(from: derived).filter(compared.contains).map { field in
      Difference(field: field.rawValue, recorded: recorded.fields[field], derived: derived[field])
    }
    if !knowsObject {
      differences.append(
        Difference(field: Divergence.unknownObjectField, recorded: recorded.fields[.objectID], derived: nil))
    }
    self.differences = differences.sorted { $0.field.utf8.lexicographicallyPrecedes($1.field.utf8) }
    self.isCompared = isCompared
    event = proven ?? StorageEvent(differences.isEmpty ? derived : recorded.fields.completed(by: derived))
  }
}
