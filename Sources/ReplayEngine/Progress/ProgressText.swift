internal import ReplayEvidence
internal import StorageProtocol

/// Progress as a sentence, as a JSON line, and as one line of a terminal.
public struct ProgressText {
  private let progress: RunProgress

  public init(_ progress: RunProgress) { self.progress = progress }

  // MARK: A sentence

  /// `replay, step 3 of 5: 45 %, 1200 entries, 400 entries/s, 3.4 of 5.6 MB, 1.1 MB/s, ETA 12 s`; what is not known is left out.
  public var sentence: String {
    guard let step = progress.step else { return "nothing has begun yet" }
    let place = progress.stepPlace.map { ", step \($0.number) of \($0.count)" } ?? ""
    let parts = [percent, entries, entriesPerSecond.map { "\($0) entries/s" }, bytes, bytesPerSecond, remaining]
    return "\(step.rawValue)\(place): " + parts.compactMap { $0 }.joined(separator: ", ")
  }

  private var percent: String? { progress.fractionMillionths.map(Quantity.percent) }

  private var entries: String? { "\(progress.entries) entries" }

  private var entriesPerSecond: UInt64? { progress.entries > 0 ? progress.entriesPerSecond : nil }

  private var bytes: String? {
    guard progress.bytesRead > 0 else { return nil }
    let read = Quantity.megabytes(progress.bytesRead)
    guard let all = progress.storedBytes else { return read }
    return "\(Quantity.megabytesNumber(progress.bytesRead)) of \(Quantity.megabytes(all))"
  }

  private var bytesPerSecond: String? {
    guard progress.bytesRead > 0 else { return nil }
    return progress.bytesPerSecond.map { "\(Quantity.megabytes($0))/s" }
  }

  /// Of a run whose later steps nobody can foresee, the least that is left.
  private var remaining: String? {
    if let remaining = progress.remaining { return "ETA \(Quantity.time(remaining))" }
    return progress.remainingInStep.map { "ETA over \(Quantity.time($0))" }
  }

  // MARK: JSON

  /// One JSON object, without a line break; null for what is not known.
  public var json: String {
    let number = { (count: UInt64?) in count.map(JSONValue.integer) ?? .null }
    let members = JSONValue.members([
      "step": progress.step.map { .text($0.rawValue) } ?? .null,
      "step_number": progress.stepPlace.map { .integer($0.number) } ?? .null,
      "step_count": progress.stepPlace.map { .integer($0.count) } ?? .null,
      "entries": .integer(progress.entries), "entries_per_second": number(progress.entriesPerSecond),
      "bytes_read": .integer(progress.bytesRead), "stored_bytes": number(progress.storedBytes),
      "bytes_per_second": number(progress.bytesPerSecond),
      "fraction_millionths": progress.fractionMillionths.map(JSONValue.integer) ?? .null,
      "elapsed_seconds": progress.elapsed.secondsJSON,
      "remaining_seconds": progress.remaining.map(\.secondsJSON) ?? .null,
      "remaining_seconds_in_step": progress.remainingInStep.map(\.secondsJSON) ?? .null,
    ])
    return String(decoding: JSONFormat.line.encode(members), as: UTF8.self)
  }

  // MARK: A line of a terminal

  private static let barColumnsMin = 10
  private static let barColumnsMax = 30
  private static let gap = "  "

  /// A bar, percent, step, entries, rates and time left, in ASCII and in at most `columns` columns: what has no room is left
  /// out, rates first.
  public func line(columns: Int) -> String {
    guard let step = progress.step else { return "" }
    let place = progress.stepPlace.map { " \($0.number) of \($0.count)" } ?? ""
    let bar = progress.fractionMillionths.map { ProgressText.bar($0, columns: ProgressText.barColumnsMin) }
    // As they stand in the line, each with its rank: a lower one gets room first.
    let parts: [(rank: Int, text: String?)] = [
      (3, bar), (1, percent), (0, step.rawValue + place), (4, entries), (5, entriesPerSecond.map { "\($0)/s" }),
      (6, bytesPerSecond), (2, remaining),
    ]
    var room = columns + ProgressText.gap.count
    var texts = [String?](repeating: nil, count: parts.count)
    for index in parts.indices.sorted(by: { parts[$0].rank < parts[$1].rank }) {
      guard let text = parts[index].text, text.count + ProgressText.gap.count <= room else { continue }
      texts[index] = text
      room -= text.count + ProgressText.gap.count
    }
    if texts[0] != nil, room > 0, let fraction = progress.fractionMillionths {
      texts[0] = ProgressText.bar(
        fraction, columns: min(ProgressText.barColumnsMax, ProgressText.barColumnsMin + room))
    }
    return texts.compactMap { $0 }.joined(separator: ProgressText.gap)
  }

  private static func bar(_ millionths: Int, columns: Int) -> String {
    let inside = columns - 2
    let done = inside * millionths / 1_000_000
    return "[" + String(repeating: "#", count: done) + String(repeating: "-", count: inside - done) + "]"
  }
}
