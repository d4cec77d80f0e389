/// What a browser makes of a chart in a file (`Tests/Browser/inspect-charts.js`).
package struct ChartFacts: Decodable, Sendable {
  package struct Place: Decodable, Sendable {
    package let x: Double
    package let y: Double
  }

  package struct Box: Decodable, Sendable {
    package let left: Double
    package let top: Double
    package let right: Double
    package let bottom: Double

    package func holds(_ place: Place) -> Bool {
      (left...right).contains(place.x) && (top...bottom).contains(place.y)
    }
  }

  package struct Panel: Decodable, Sendable {
    /// Around the lines across the plot.
    package let grid: Box
    package let points: [Place]
  }

  package let name: String
  /// Namespace and name of the outermost element.
  package let root: String
  /// Whether the text is not well-formed.
  package let hasErrors: Bool
  package let title: String
  package let description: String
  package let texts: [String]
  /// Pairs of texts that lie over each other.
  package let overlaps: [[String]]
  /// Texts that do not lie in the picture.
  package let outside: [String]
  package let panels: [Panel]
  /// What is said of each point that is pointed at.
  package let pointTitles: [String]
  package let ground: String
  package let leastContrast: Double
  package let elementNames: [String]

  /// Opens charts side by side, by the name that facts have.
  package static func read(_ charts: [(name: String, text: [UInt8])], options: [String] = []) throws -> [ChartFacts] {
    let frames = charts.map {
      BrowsedFiles.Frame(name: $0.name, fileName: "\($0.name).svg", text: $0.text, width: 800)
    }
    return try BrowsedFiles.facts(frames, script: "inspect-charts.js", options: options)
  }
}
