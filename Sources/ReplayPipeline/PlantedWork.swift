internal import CPlantedWork

/// Instructions planted in stages, for each of their entries: a measurement that does not notice them is worth nothing.
///
/// Changes no result.
package struct PlantedWork: Equatable, Sendable {
  /// The stages that can be planted in: those that work on entries side by side.
  package static let stages: [ReplayStage] = [.decode, .derive, .apply, .commit]

  /// One number a stage of ``stages``.
  private var instructionsPerEntry = [UInt64](repeating: 0, count: stages.count)

  package init() {}

  /// Plants so many instructions an entry in a stage.
  ///
  /// - Precondition: `stage` is one of ``stages``.
  package mutating func plant(_ instructions: UInt64, in stage: ReplayStage) {
    guard let index = PlantedWork.stages.firstIndex(of: stage) else {
      preconditionFailure("nothing can be planted in \(stage.rawValue)")
    }
    instructionsPerEntry[index] = instructions
  }

  /// Executes what is planted in `stage` for `entryCount` entries.
  func execute(_ stage: ReplayStage, entryCount: Int) {
    guard let index = PlantedWork.stages.firstIndex(of: stage) else { return }
    cplantedwork_execute(instructionsPerEntry[index].multipliedSaturating(by: UInt64(entryCount)))
  }
}

extension UInt64 {
  fileprivate func multipliedSaturating(by other: UInt64) -> UInt64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
