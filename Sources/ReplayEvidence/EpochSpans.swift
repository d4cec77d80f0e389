package import StorageProtocol

/// Whole epochs in a row, the last of a log perhaps unfinished.
package struct EpochSpan: Equatable, Sendable {
  /// Current at its first entry, and at its last: epochs may go back.
  package var first: Epoch
  package var last: Epoch
  /// The advancement at its end is one of them.
  package var entries: UInt64 = 0
  /// Rejected ones and those of unknown type.
  package var notApplied: UInt64 = 0
  /// Between the merges of the batches in which the span before it and it end.
  package var elapsed = Duration.zero

  /// Takes over what comes behind it.
  fileprivate mutating func join(_ other: EpochSpan) {
    last = other.last
    entries += other.entries
    notApplied += other.notApplied
    elapsed += other.elapsed
  }

  var json: JSONValue {
    .members([
      "first": .integer(first.value), "last": .integer(last.value), "entries": .integer(entries),
      "not_applied": .integer(notApplied), "seconds": elapsed.secondsJSON,
    ])
  }
}

/// How a replay went, epoch by epoch, in a bounded number of spans; for a picture, never part of a result.
package struct EpochSpans: Sendable {
  package static let spansMax = 200

  /// Entries of a batch up to an applied EPOCH_ADVANCEMENT, or those behind its last one.
  package struct Part: Sendable {
    package let entries: UInt64
    package let notApplied: UInt64
    /// That the advancement at the part's end begins; nil without one.
    package let nextEpoch: Epoch?

    package init(entries: UInt64, notApplied: UInt64, nextEpoch: Epoch?) {
      self.entries = entries
      self.notApplied = notApplied
      self.nextEpoch = nextEpoch
    }
  }

  private var spans: [EpochSpan] = []
  private var open = EpochSpan(first: Epoch(0), last: Epoch(0))
  private var lastEnd = Duration.zero
  /// How many spans that ended apart are one, and how many of them the last one has.
  private var stride = 1
  private var joined = 0

  package init() {}

  /// Adds the next batch of the log, merged when `elapsed` had passed.
  package mutating func append(_ parts: [Part], at elapsed: Duration) {
    var closing: EpochSpan?
    for part in parts {
      open.entries += part.entries
      open.notApplied += part.notApplied
      guard let next = part.nextEpoch else { continue }
      closing = closing.map { $0.joining(open) } ?? open
      open = EpochSpan(first: next, last: next)
    }
    guard var closing else { return }
    closing.elapsed = elapsed - lastEnd
    lastEnd = elapsed
    close(closing)
  }

  private mutating func close(_ span: EpochSpan) {
    if joined > 0 {
      spans[spans.count - 1].join(span)
    } else {
      spans.append(span)
    }
    joined = (joined + 1) % stride
    guard spans.count == EpochSpans.spansMax, joined == 0 else { return }
    // The number is even.
    spans = Swift.stride(from: 0, to: spans.count, by: 2).map { spans[$0].joining(spans[$0 + 1]) }
    stride *= 2
  }

  /// All spans, the one that is open among them, once the replay ended when `elapsed` had passed.
  package func ended(at elapsed: Duration) -> [EpochSpan] {
    guard open.entries > 0 else { return spans }
    var last = open
    last.elapsed = elapsed - lastEnd
    guard spans.count == EpochSpans.spansMax else { return spans + [last] }
    return spans.dropLast() + [spans[spans.count - 1].joining(last)]
  }

  /// The member `epochs` of a run.
  package static func json(_ spans: [EpochSpan]) -> JSONValue {
    .members(["spans": .array(spans.map(\.json))])
  }
}

extension EpochSpan {
  fileprivate func joining(_ other: EpochSpan) -> EpochSpan {
    var span = self
    span.join(other)
    return span
  }
}
