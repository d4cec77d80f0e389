internal import ReplayPipeline
package import StorageProtocol

/// The entries of a log that decide what one of its entries does (protocol.md 6): the control entries before it, and for each
/// stretch between two that empty the list of eligible nodes the STORE that fills it. Of a proof, besides, the STOREs of its
/// object: ``StoreTable`` has those.
package struct LogContext: Sendable {
  /// In the log's order.
  package private(set) var controls: [Ordinal] = []
  package private(set) var fillingStores: [Ordinal] = []
  private var isFilled = false

  package init() {}

  /// Adds the entries of a batch before a place of it.
  mutating func append(_ batch: SearchedBatch, before end: Int) {
    var placing = batch.placing[...]
    for control in batch.controls where control.place < end {
      fill(&placing, before: control.place, batch)
      controls.append(batch.ordinal(of: control.place))
      if control.clearsEligibleNodes { isFilled = false }
    }
    fill(&placing, before: end, batch)
  }

  private mutating func fill(_ placing: inout ArraySlice<Int>, before end: Int, _ batch: SearchedBatch) {
    while let place = placing.first, place < end {
      if !isFilled { fillingStores.append(batch.ordinal(of: place)) }
      isFilled = true
      placing.removeFirst()
    }
  }

  /// The ordinals of all of it, and of `others`, in order.
  package func ordinals(with others: [Ordinal]) -> [Ordinal] {
    Set(controls + fillingStores + others).sorted()
  }
}
