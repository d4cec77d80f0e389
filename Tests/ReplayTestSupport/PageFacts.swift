/// What a browser makes of a page in a file (`Tests/Browser/inspect.js`).
package struct PageFacts: Decodable, Sendable {
  package struct Section: Decodable, Sendable {
    package let id: String
    package let text: String
    /// The texts of all cells: table, row, column.
    package let tables: [[[String]]]
    /// Bars of all charts.
    package let bars: Int
  }

  package struct Contrast: Decodable, Sendable {
    package let ratio: Double
    package let text: String
  }

  package let name: String
  /// Pixels there were, and pixels that the page takes side by side.
  package let width: Int
  package let contentWidth: Int
  package let title: String
  package let language: String
  package let bodyWidthMax: String
  /// The colour behind everything.
  package let ground: String
  package let elementNames: [String]
  package let attributeNames: [String]
  /// Values of attributes that lead somewhere.
  package let addresses: [String]
  /// Their levels.
  package let headings: [Int]
  /// Pictures that say nothing to who does not see them.
  package let unnamedPictures: Int
  package let leastContrast: Contrast
  package let text: String
  package let sections: [Section]

  package func section(_ id: String) -> Section? { sections.first { $0.id == id } }

  /// Opens pages side by side, in one start of the browser.
  ///
  /// - Parameters:
  ///   - pages: by the name that facts have, their texts.
  ///   - widths: each page is shown in each, in pixels.
  package static func read(
    _ pages: [(name: String, text: [UInt8])], widths: [Int], options: [String] = []
  ) throws -> [PageFacts] {
    let frames = pages.flatMap { page in
      widths.map { BrowsedFiles.Frame(name: page.name, fileName: "\(page.name).html", text: page.text, width: $0) }
    }
    return try BrowsedFiles.facts(frames, script: "inspect.js", options: options)
  }
}
