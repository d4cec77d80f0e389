internal import Foundation

/// Files shown side by side, in frames of one page and one start of the browser, and what a script found of each.
package enum BrowsedFiles {
  /// A file in a frame.
  package struct Frame {
    /// What facts are told apart by.
    let name: String
    let fileName: String
    let text: [UInt8]
    /// In pixels.
    let width: Int

    package init(name: String, fileName: String, text: [UInt8], width: Int) {
      self.name = name
      self.fileName = fileName
      self.text = text
      self.width = width
    }
  }

  private struct Missing: Error {
    let document: String
  }

  /// - Parameters:
  ///   - script: of `Tests/Browser`, behind `contrast.js` there.
  ///   - options: of the browser.
  /// - Returns: a list of facts, a frame each, as the script gives them.
  package static func facts<Facts: Decodable>(
    _ frames: [Frame], script: String, options: [String] = [], as type: [Facts].Type = [Facts].self
  ) throws -> [Facts] {
    let folder = try TemporaryFolder()
    for frame in frames { try folder.write(frame.text, frame.fileName) }
    let scripts = ["contrast.js", script].map { name in
      "<script src='file://\(Fixture.projectFolder)/Tests/Browser/\(name)'></script>"
    }
    let elements = frames.map { frame in
      "<iframe src='\(frame.fileName)' data-name='\(frame.name)' width='\(frame.width)' height='700' frameborder='0'></iframe>"
    }
    try folder.write("<!DOCTYPE html><meta charset=utf-8>\((scripts + elements).joined())", "frames.html")
    let document = try HeadlessBrowser.document(
      "file://\(folder.path)/frames.html", options: [HeadlessBrowser.trustsFiles] + options)
    guard let start = document.range(of: "<pre id=\"facts\">"),
      let end = document[start.upperBound...].range(of: "<"),
      let json = Data(base64Encoded: String(document[start.upperBound..<end.lowerBound]))
    else { throw Missing(document: document) }
    return try JSONDecoder().decode(type, from: json)
  }
}
