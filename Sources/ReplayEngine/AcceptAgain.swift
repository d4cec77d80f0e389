internal import ReplayEvidence
internal import StorageProtocol

/// The accept list of a drill, looked at again: without it no replay gives the drill's result.
enum AcceptAgain {
  /// The drill had none, and none is given.
  case none
  /// The drill had one.
  case notGiven
  /// What is given is not the drill's, or did not hold on the day when that began.
  case unfit(String)
  case same(AcceptList)

  /// - Parameters:
  ///   - document: evidence that holds.
  ///   - path: of the file that is given.
  /// - Throws: `.precondition` for a file that cannot be read.
  init(_ document: JSONObject, path: String?) throws(ReplayFailure) {
    let options = document["result"]?.objectValue?["options"]?.objectValue
    guard let stated = options?["accept_sha256"], let started = document["run"]?.objectValue?["started"]?.stringBytes,
      let day = CalendarDay(iso8601: started.prefix(10))
    else { preconditionFailure("evidence that holds says what it accepted, and when it was made") }
    guard let path else {
      self = stated.isNull ? .none : .notGiven
      return
    }
    let text = try AcceptInput.bytes(path)
    guard !stated.isNull else {
      self = .unfit("the evidence was made without an accept list")
      return
    }
    guard stated == .hexadecimal(Digest.sha256(text)) else {
      self = .unfit("another accept list, by its SHA-256")
      return
    }
    do {
      self = .same(try AcceptFile.list(parsing: text, on: day))
    } catch {
      self = .unfit("no accept list on the day of the drill: \(error)")
    }
  }

  /// Nil where nothing is to be checked.
  var check: EvidenceCheck? {
    switch self {
    case .none: nil
    case .notGiven: EvidenceCheck(.acceptList, .notChecked, "the accept list was not given")
    case .unfit(let sentence): EvidenceCheck(.acceptList, .fails, sentence)
    case .same: EvidenceCheck(.acceptList, .holds, "the accept list of the evidence, by its SHA-256")
    }
  }

  /// The options of a replay that accepts what the drill accepted; nil where that is not known.
  func applied(to options: ReplayOptions) -> ReplayOptions? {
    switch self {
    case .none: options
    case .same(let list): options.accepting(list)
    case .notGiven, .unfit: nil
    }
  }
}
