internal import Benchmarking
internal import StorageProtocol
internal import SystemFiles

/// What `bench curves` is told, as typed.
public struct CurveArguments: Sendable {
  /// Names; all curves if empty.
  public var curves: [String] = []
  public var output: String
  public var runs = 3
  public var scale = 1.0
  /// Path of the program that is measured; this one if nil.
  public var program: String?
  /// The folder of generated logs; one in the folder of temporary files if nil.
  public var cache: String?
  public var discard = false
  public var redraw = false
  public var force = false
  /// The command line, for the record.
  public var command = ""

  public init(output: String) { self.output = output }
}

/// The verb `bench curves`: throughput, cost and memory over what they depend on, as pictures.
public struct CurveDrawing: Sendable {
  private static let runCounts = 1...99
  /// Beyond ten a log would not fit many disks; below a millionth nothing changes any more.
  private static let scales = 1e-6...10.0
  private static let documentBytesMax = 1 << 26

  private let arguments: CurveArguments
  /// Nil for all.
  private let curves: [Curve]?
  private let folder: CurveFolder
  private let services: Services

  /// - Throws: `.usage`.
  public init(_ arguments: CurveArguments, services: Services) throws(ReplayFailure) {
    guard CurveDrawing.runCounts.contains(arguments.runs) else {
      throw ReplayOptions.usage("--runs is a number from 1 to \(CurveDrawing.runCounts.upperBound)")
    }
    guard CurveDrawing.scales.contains(arguments.scale) else {
      throw ReplayOptions.usage("--scale is a number above 0, at most 10, not \(arguments.scale)")
    }
    curves = try CurveDrawing.curves(arguments.curves)
    self.arguments = arguments
    folder = CurveFolder(path: arguments.output, replaces: arguments.force)
    self.services = services
  }

  /// Curves of these names, each once and in their own order; nil for all.
  private static func curves(_ names: [String]) throws(ReplayFailure) -> [Curve]? {
    if let stranger = names.first(where: { Curve(rawValue: $0) == nil }) {
      let known = Curve.allCases.map(\.rawValue).joined(separator: ", ")
      throw ReplayOptions.usage("a curve is one of \(known), not \(stranger)")
    }
    return names.isEmpty ? nil : Curve.allCases.filter { names.contains($0.rawValue) }
  }

  /// Measures and draws; with `--redraw`, draws what was measured.
  ///
  /// - Throws: `.precondition`, `.input`, `.output`, and `.benchmark`, where two replays of a log do not agree among that; no file
  ///   of the folder is another then.
  public func run() throws(ReplayFailure) -> Report {
    arguments.redraw ? try redraw() : try measure()
  }

  // MARK: Drawing

  private func redraw() throws(ReplayFailure) -> Report {
    let text: [UInt8]
    do {
      text = try BoundedFile.read(folder.documentPath, bytesMax: CurveDrawing.documentBytesMax)
    } catch {
      throw .input(InputFailure(description: error.description))
    }
    let document = try ReplayFailure.benchmarking { () throws(BenchFault) in
      try CurveDocument(parsing: text, path: folder.documentPath)
    }
    let chosen = try chosen(of: document)
    try ReplayFailure.checking { () throws(TargetFault) in try folder.prepare(toDraw: chosen.map(\.curve)) }
    do {
      try folder.draw(chosen, of: document)
    } catch {
      throw ReplayFailure(output: error)
    }
    return report(document, chosen)
  }

  private func chosen(of document: CurveDocument) throws(ReplayFailure) -> [CurveDocument.Points] {
    guard let curves else { return document.curves }
    let chosen = document.curves.filter { curves.contains($0.curve) }
    if let missing = curves.first(where: { curve in !chosen.contains { $0.curve == curve } }) {
      throw .precondition(
        PreconditionFailure(description: "\(folder.documentPath) has no curve \(missing.rawValue): measure it first"))
    }
    return chosen
  }

  // MARK: Measuring

  private func measure() throws(ReplayFailure) -> Report {
    try ReplayFailure.checking { () throws(TargetFault) in try folder.prepare() }
    let document = try ReplayFailure.benchmarking { () throws(BenchFault) in try measured() }
    do {
      try folder.write(document)
    } catch {
      throw ReplayFailure(output: error)
    }
    return report(document, document.curves)
  }

  private func measured() throws(BenchFault) -> CurveDocument {
    let itself = MeasuredProgram(path: Program.path)
    let program = arguments.program.map { MeasuredProgram(path: $0) } ?? itself
    let subject = try BenchDocument.Subject(program, isItself: program == itself, services)
    let plan = CurvePlan(curves ?? Curve.allCases, scale: arguments.scale, processorCount: Program.processorCount)
    let cache = { (discards: Bool) in
      WorkloadCache(
        folder: arguments.cache ?? WorkloadCache.usualFolder(temporaryFolder: services.temporaryFolder),
        generator: itself, version: Program.version, discards: discards)
    }
    let measurement = CurveMeasurement(
      plan, program: program, cache: cache(false), lastCache: cache(arguments.discard), runCount: arguments.runs,
      wakeDescriptor: services.wakeDescriptor)
    services.onPlan([PlannedStep(.replay, readings: 0)])
    return try measurement.run(subject, .this, circumstances) { entryCount in
      services.onProgress(Progress(step: .replay, entries: entryCount, bytesRead: 0, storedBytes: nil))
    }
  }

  private var circumstances: CurveDocument.Circumstances {
    CurveDocument.Circumstances(
      command: arguments.command, started: services.now().iso8601, scale: arguments.scale, runs: arguments.runs)
  }

  // MARK: What is said

  private func report(_ document: CurveDocument, _ drawn: [CurveDocument.Points]) -> Report {
    let pictures = drawn.map { "\(arguments.output)/\($0.curve.fileName)" }
    return Report(
      status: .done,
      json: .members([
        "schema": .text("eqm-replay/curves-drawn/1"), "document": .text(folder.documentPath),
        "pictures": .array(pictures.map(JSONValue.text)), "logs": .integer(document.logs.count),
        "replays": .integer(document.replayCount),
      ]),
      text: [
        ResultText.row("curves", folder.documentPath),
        ResultText.row(
          "measured", "\(document.replayCount) replays of \(document.logs.count) logs; every root is the same"),
      ] + pictures.map { ResultText.row("picture", $0) })
  }
}
