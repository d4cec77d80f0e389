internal import GoldenRun
internal import GoldenTrace
internal import LogReading
internal import StorageProtocol

extension DivergenceSides {
  /// A sentence for people: why the log's side is what it is.
  var reason: String {
    guard isNamed else {
      return eventIndex == nil
        ? "no entry is known of which something else became: values differ that follow from the entries"
        : "the trace does not say what became of entries: the event differs, or an entry before it that emits none"
    }
    let ours = log.named?.replayed
    if let outcome = divergence.logOutcome, !isShown {
      return "in the whole log \(outcome.description): that takes its counters and totals; in the golden run "
        + (golden.named?.outcome.description ?? "nothing")
    }
    guard differ else { return "both sides are the same here" }
    switch (ours?.outcome, golden.named?.outcome) {
    case (nil, let theirs?): return "the log ends before this entry: in the golden run it was \(theirs.description)"
    case (let ours?, nil): return "the golden run had no more entries: here there is \(ours.description)"
    case (let outcome?, let theirs?) where outcome.isRejected:
      return "rejected here (\(ours?.fault?.message ?? "")); in the golden run: \(theirs.description)"
    case (let outcome?, let theirs?) where outcome != theirs:
      return "here \(outcome.description), in the golden run \(theirs.description)" + shift
    default: return "both are \(ours?.outcome.description ?? ""), and differ" + shift
    }
  }

  /// A hint at an entry that was left out or is there twice.
  private var shift: String {
    guard let ours = log.named?.replayed else { return "" }
    if golden.next?.isEqual(to: ours) == true {
      return ": in the golden run it comes next, so one seems to be missing here"
    }
    if golden.previous?.isEqual(to: ours) == true {
      return ": in the golden run it came before, so it seems to be here once more"
    }
    return ""
  }
}
