internal import Benchmarking
internal import StorageProtocol
internal import SystemFiles

/// The folder of a measurement: `curves.json` and a picture a curve. Whatever else is in it stays.
struct CurveFolder {
  private static let names = [CurveDocument.fileName] + Curve.allCases.map(\.fileName)
  /// The document of all curves is some dozens of kilobytes, as is each picture.
  private static let expectedBytes: UInt64 = 1 << 20

  private let folder: TargetFolder
  private let replaces: Bool

  init(path: String, replaces: Bool) {
    folder = TargetFolder(path: path)
    self.replaces = replaces
  }

  var documentPath: String { "\(folder.path)/\(CurveDocument.fileName)" }

  /// Makes the folder, and checks before any work that files of a measurement can be put there: without `--force`, that there
  /// are none.
  func prepare() throws(TargetFault) {
    try folder.create()
    for name in CurveFolder.names { try folder.checkName(name, replaces: replaces, log: nil) }
    try folder.check(expectedBytes: CurveFolder.expectedBytes)
  }

  /// Checks that pictures of these curves can be put there.
  func prepare(toDraw curves: [Curve]) throws(TargetFault) {
    for curve in curves { try folder.checkName(curve.fileName, replaces: replaces, log: nil) }
    try folder.check(expectedBytes: CurveFolder.expectedBytes)
  }

  /// Writes a measurement, and its pictures, in the place of whatever measurement is there: all of its files or none.
  func write(_ document: CurveDocument) throws(FileError) {
    let text = JSONFormat.indented.encode(document.json) + [UInt8(ascii: "\n")]
    let pictures = document.curves.map { PendingPicture($0, of: document) }
    try replace(CurveFolder.names, with: [(CurveDocument.fileName, text)] + pictures.map { ($0.name, $0.text) })
  }

  /// Writes pictures of a measurement that is there already: all or none.
  func draw(_ curves: [CurveDocument.Points], of document: CurveDocument) throws(FileError) {
    let pictures = curves.map { PendingPicture($0, of: document) }
    try replace(pictures.map(\.name), with: pictures.map { ($0.name, $0.text) })
  }

  private struct PendingPicture {
    let name: String
    let text: [UInt8]

    init(_ points: CurveDocument.Points, of document: CurveDocument) {
      name = points.curve.fileName
      text = CurveChart(points, of: document).chart.bytes
    }
  }

  /// Gives new files their names, and takes away those of `names` that no new file has; where one cannot have its name,
  /// everything is as it was.
  private func replace(_ names: [String], with files: [(name: String, text: [UInt8])]) throws(FileError) {
    let written = try files.map { (file) throws(FileError) in
      (name: file.name, file: try PendingFile(file.text, in: folder))
    }
    let before = try ReplacedFiles(replaces ? names : [], in: folder.path)
    var placed: [String] = []
    do throws(FileError) {
      for (name, file) in written {
        guard try file.publish(as: name, replaces: replaces) else {
          throw FileError(.publish, "\(folder.path)/\(name)", errno: FileError.exists)
        }
        placed.append(name)
      }
    } catch {
      // Only what was free has no other file to come back.
      if !replaces { for name in placed { FolderContents.remove("\(folder.path)/\(name)") } }
      before.restore()
      throw error
    }
    before.discard(keeping: placed)
  }
}
