internal import ReplayPipeline

extension PlantedWork {
  /// What `--plant STAGE=INSTRUCTIONS` says, each time it is given; nil where it is not.
  ///
  /// - Throws: `.usage`.
  init?(_ arguments: ReplayArguments) throws(ReplayFailure) {
    guard !arguments.planted.isEmpty else { return nil }
    guard !arguments.sequential else {
      throw ReplayOptions.usage("--plant is for the stages of the parallel engine: leave --sequential out")
    }
    self.init()
    for text in arguments.planted {
      let (stage, instructions) = try PlantedWork.parsed(text)
      plant(instructions, in: stage)
    }
  }

  /// A stage, and instructions an entry.
  ///
  /// - Throws: `.usage`.
  static func parsed(_ text: String) throws(ReplayFailure) -> (stage: ReplayStage, instructions: UInt64) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let stage = parts.first.flatMap({ ReplayStage(rawValue: String($0)) }), PlantedWork.stages.contains(stage),
      parts.count == 2, let instructions = UInt64(parts[1])
    else {
      let names = PlantedWork.stages.map(\.rawValue).joined(separator: ", ")
      throw ReplayOptions.usage("--plant is STAGE=INSTRUCTIONS, the stage one of \(names), not \(text)")
    }
    return (stage, instructions)
  }
}
