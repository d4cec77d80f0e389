internal import SystemFiles

/// Two results with one name, or a result in the place of something that the same run reads.
enum OutputConflict {
  /// Checks, before any work, that results replace none of the inputs, nor each other.
  ///
  /// - Parameters:
  ///   - outputs: paths of files that will be written.
  ///   - inputs: paths of files that are read, but for the log: every target is checked against that by itself.
  /// - Throws: `.precondition`.
  static func check(outputs: [String?], inputs: [String?]) throws(ReplayFailure) {
    let outputs = outputs.compactMap(\.self)
    for (index, output) in outputs.enumerated() {
      if let input = inputs.compactMap(\.self).first(where: { isSame($0, output) }) {
        throw conflict("\(output) would replace \(input), which this run reads")
      }
      if let other = outputs[..<index].first(where: { isSame($0, output) }) {
        throw conflict("\(output) and \(other) are one file: two results need two names")
      }
    }
  }

  private static func isSame(_ first: String, _ second: String) -> Bool {
    let (left, right) = (TargetFile(path: first, replaces: false), TargetFile(path: second, replaces: false))
    return left.isSameFile(as: right)
  }

  private static func conflict(_ sentence: String) -> ReplayFailure {
    .precondition(PreconditionFailure(description: sentence))
  }
}
