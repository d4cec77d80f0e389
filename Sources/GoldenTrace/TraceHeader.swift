package import StorageProtocol

/// What decides the result of a replay, as a golden trace records it: a trace fits a replay only if both agree.
package struct TraceHeader: Equatable, Sendable {
  package let json: JSONObject

  /// - Parameters:
  ///   - tool: name and version of the program, for people.
  ///   - isRecorded: whether a live engine recorded the events, and no replay computed them.
  package init(_ configuration: ReplayConfiguration, tool: String, detail: TraceDetail, isRecorded: Bool = false) {
    json = JSONObject([
      "format": .text("eqm-golden/1"), "tool": .text(tool), "source": .text(isRecorded ? "recorded" : "sequential"),
      "detail": .text(detail.rawValue), "block_events": .integer(TraceSection.blockEvents),
      "constants": configuration.constants.json, "profile": .text(configuration.profile.rawValue),
      "max_content_size": .integer(configuration.contentBytesMax),
    ])
  }

  init(json: JSONObject) { self.json = json }

  /// How much the trace holds: ids where it does not say.
  package var detail: TraceDetail {
    json["detail"]?.stringBytes.flatMap { TraceDetail(rawValue: String(decoding: $0, as: UTF8.self)) } ?? .ids
  }

  /// Whether a live engine recorded the events, and no replay computed them.
  package var isRecorded: Bool { json["source"]?.stringBytes == Array("recorded".utf8) }

  /// The first member in which a trace and a replay ask for different results; nil where they fit.
  package func firstMisfit(with configuration: ReplayConfiguration) -> String? {
    let other = TraceHeader(configuration, tool: "", detail: detail).json
    for name in ["format", "constants", "profile", "max_content_size"] where json[name] != other[name] {
      return name
    }
    return nil
  }
}
