internal import ReplayPipeline
internal import StorageProtocol

/// What a search keeps of a batch, found side by side with others.
struct SearchedBatch: Sendable {
  let firstOrdinal: Ordinal
  let outcomes: [EntryOutcome]
  /// Applied ones, in order.
  let controls: [SurveyedControl]
  /// Places of the STOREs that place a chunk first, from the batch's start and from each clearing of the eligible nodes on.
  private(set) var placing: [Int] = []
  /// STOREs, and proofs that name an object.
  private(set) var touched: [(place: Int, key: Digest, chunkCount: Int)] = []

  init(_ batch: SurveyedBatch) {
    firstOrdinal = batch.firstOrdinal
    outcomes = batch.outcomes
    controls = batch.appliedControls
    var clearings = controls.filter(\.clearsEligibleNodes).map(\.place)[...]
    var isFilled = false
    for place in 0..<batch.count where outcomes[place].isApplied {
      guard let object = batch.touchedObject(place) else { continue }
      touched.append((place, object.key, object.chunkCount))
      guard outcomes[place].isStore else { continue }
      while let clearing = clearings.first, clearing < place {
        isFilled = false
        clearings.removeFirst()
      }
      if !isFilled, batch.placesChunks(place) {
        placing.append(place)
        isFilled = true
      }
    }
  }

  /// The key of the object that the entry at a place touches; nil where it touches none.
  func key(at place: Int) -> Digest? { touched.first { $0.place == place }?.key }

  func ordinal(of place: Int) -> Ordinal { Ordinal(firstOrdinal.value + UInt64(place)) }

  /// The place of an ordinal in the batch; nil where it is in another one.
  func place(of ordinal: Ordinal) -> Int? {
    guard ordinal >= firstOrdinal, ordinal.value - firstOrdinal.value < UInt64(outcomes.count) else { return nil }
    return Int(ordinal.value - firstOrdinal.value)
  }
}
