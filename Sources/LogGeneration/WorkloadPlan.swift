internal import StorageProtocol

/// An object version of a workload. Its id has the same length whatever its number.
struct WorkloadObject {
  /// Numbers are below this one, which is that of the hot object.
  static let numberMax = 999_999_999
  /// The hot object in its first version.
  static let hot = WorkloadObject(number: numberMax)

  let number: Int
  var version = 1

  /// `user/017/post-000123017`.
  var id: [UInt8] {
    var id = Array("user/000/post-000000000".utf8)
    WorkloadObject.write(number % 1000, into: &id, endingAt: 8)
    WorkloadObject.write(number, into: &id, endingAt: id.count)
    return id
  }

  private static func write(_ number: Int, into text: inout [UInt8], endingAt end: Int) {
    var rest = number
    var position = end
    while rest > 0 {
      position -= 1
      text[position] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }
}

/// One entry of a workload to be written.
enum WorkloadStep {
  case registration(node: Int)
  case epochAdvancement
  case store(WorkloadObject)
  /// Of an object stored before.
  case proofGenerated
  case proofFailed
  /// An entry that a replay rejects, or does not know: one of ``WorkloadFaults``.
  case fault(Int)
}

/// The order of a workload's entries: which kind of entry, and which object it stores.
struct WorkloadPlan {
  private let workload: Workload
  private var random: SeededGenerator
  private var registeredCount = 0
  private var dataEntryCount = 0
  private var entryCount = 0
  private var storedCount = 0
  private var hotVersion = 0
  private var lastAdvancement = 0

  init(_ workload: Workload) {
    self.workload = workload
    random = SeededGenerator(seed: workload.seed)
  }

  /// The next entry; nil at the end of the log.
  mutating func next() -> WorkloadStep? {
    if let entryCountMax = workload.entryCountMax, entryCount >= entryCountMax { return nil }
    entryCount += 1
    if workload.hasFaults, random.index(below: 50) == 0 { return .fault(random.index(below: WorkloadFaults.count)) }
    if registeredCount < workload.nodeCount {
      registeredCount += 1
      return .registration(node: registeredCount - 1)
    }
    guard dataEntryCount < workload.dataEntryCount else { return nil }
    if dataEntryCount - lastAdvancement == workload.epochDataEntryCount {
      lastAdvancement = dataEntryCount
      return .epochAdvancement
    }
    dataEntryCount += 1
    return workload.kind.contentBytes == nil ? recordedEntry() : store(nextObject())
  }

  /// Of 100 entries 9 are proofs and 1 is a failed one; 20 are hot where something is, or as many as the shape says.
  private mutating func recordedEntry() -> WorkloadStep {
    let percent = random.index(below: 100)
    if percent < 10, storedCount > 0 { return percent < 9 ? .proofGenerated : .proofFailed }
    let isHot = percent < 10 + workload.hotPercent
    switch workload.kind {
    case .hotObject where isHot:
      hotVersion += 1
      return store(WorkloadObject(number: WorkloadObject.numberMax, version: hotVersion))
    case .hotVersion where isHot, .oneVersion: return store(.hot)
    default: return store(nextObject())
    }
  }

  private mutating func store(_ object: WorkloadObject) -> WorkloadStep {
    storedCount += 1
    return .store(object)
  }

  /// An object that was not stored yet, or one of the known ones where there are to be no more.
  private mutating func nextObject() -> WorkloadObject {
    if workload.kind == .zipf { return zipfObject() }
    if case .recorded(let objects?) = workload.kind, storedCount >= objects {
      return WorkloadObject(number: random.index(below: objects))
    }
    return WorkloadObject(number: storedCount)
  }

  /// An octave by chance, then a number of it: half as often for twice the number. No fractions, which machines round.
  private mutating func zipfObject() -> WorkloadObject {
    let octaveCount = max(1, Int.bitWidth - max(1, workload.dataEntryCount / 4).leadingZeroBitCount)
    let first = 1 << random.index(below: octaveCount)
    return WorkloadObject(number: first + random.index(below: first))
  }
}
