package import StorageProtocol

/// What decides the result of a replay, as a golden trace records it: a trace fits a replay only if both agree.
package struct TraceHeader: Equatable, Sendable {
  package let json: JSONObject

  /// - Parameter tool: name and version of the program, for people.
  package init(_ configuration: ReplayConfiguration, tool: String) {
    json = JSONObject([
      "format": .text("eqm-golden/1"), "tool": .text(tool),
      "constants": configuration.constants.json,
      "profile": .text(configuration.profile.rawValue), "max_content_size": .integer(configuration.contentBytesMax),
    ])
  }

  init(json: JSONObject) { self.json = json }

  /// The first member in which two headers ask for different results; nil where they fit.
  package func firstMisfit(with other: TraceHeader) -> String? {
    for name in ["format", "constants", "profile", "max_content_size"] where json[name] != other.json[name] {
      return name
    }
    return nil
  }
}
