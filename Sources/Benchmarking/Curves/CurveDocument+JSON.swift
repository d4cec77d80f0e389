package import StorageProtocol

extension CurveDocument {
  package static let schema = "eqm-replay/curves/1"
  /// The name of the document in the folder of results.
  package static let fileName = "curves.json"

  package var json: JSONValue {
    .members([
      "schema": .text(CurveDocument.schema), "program": program.json, "machine": machine.json,
      "command": .text(circumstances.command), "started": .text(circumstances.started),
      "scale": .number(Array("\(circumstances.scale)".utf8)), "runs": .integer(circumstances.runs),
      "logs": .array(logs.map(\.json)), "curves": .array(curves.map(\.json)),
    ])
  }

  /// Reads what ``json`` gives.
  ///
  /// - Parameter path: for messages.
  /// - Throws: `.notADocument` for another document, and for one that cannot be drawn: a curve without points, a point without
  ///   samples, a time of 0.
  package init(parsing text: [UInt8], path: String) throws(BenchFault) {
    do throws(BenchFault) {
      let json = try BenchJSON(text, saidBy: path)
      guard try json.text("schema") == CurveDocument.schema else {
        throw .notADocument(path: path, "its schema is not \(CurveDocument.schema)")
      }
      try self.init(json, path: path)
    } catch {
      guard case .unreadable(_, let reason) = error else { throw error }
      throw .notADocument(path: path, reason)
    }
  }

  private init(_ json: BenchJSON, path: String) throws(BenchFault) {
    program = try BenchDocument.Subject(json.object("program"))
    machine = try BenchDocument.Machine(json.object("machine"))
    circumstances = Circumstances(
      command: try json.text("command"), started: try json.text("started"), scale: try json.number("scale"),
      runs: try json.index("runs"))
    logs = try json.objects("logs").map { (log) throws(BenchFault) in try Log(log) }
    curves = try json.objects("curves").map { (curve) throws(BenchFault) in try Points(curve) }
    for curve in curves {
      guard !curve.points.isEmpty, curve.points.allSatisfy({ isDrawable($0, of: curve.curve) }) else {
        throw .notADocument(path: path, "a point of the curve \(curve.curve.rawValue) was not measured")
      }
    }
  }

  /// Whether a point was measured, has a place on its axis, and all its values are numbers that a chart can have.
  private func isDrawable(_ point: Point, of curve: Curve) -> Bool {
    // What a Double holds to the last digit, and a picture shows.
    let measured = 1e-6...Double(1 << 53)
    guard let (log, samples) = samples(of: point), measured.contains(Double(log.entryCount)),
      ((curve.placeSpacing == .linear ? 0 : 1)...1 << 53).contains(point.place),
      curve != .contentSize || measured.contains(Double(log.contentBytes))
    else { return false }
    return samples.allSatisfy { sample in
      [sample.seconds, sample.processorSeconds, Double(sample.peakMemoryBytes)].allSatisfy(measured.contains)
    }
  }
}

extension CurveDocument.Log {
  fileprivate var json: JSONValue {
    .members([
      "log": .text(name), "entries": .integer(entryCount), "content_bytes": .integer(contentBytes),
      "state_root": .text(stateRoot),
      "series": .array(
        series.map { series in
          .members([
            "contender": .text(series.contender), "workers": series.workers.map(JSONValue.integer) ?? .null,
            "samples": .array(series.samples.map(\.json)),
          ])
        }),
    ])
  }

  fileprivate init(_ json: BenchJSON) throws(BenchFault) {
    name = try json.text("log")
    entryCount = try json.count("entries")
    contentBytes = try json.count("content_bytes")
    stateRoot = try json.text("state_root")
    series = try json.objects("series").map { (json) throws(BenchFault) in try BenchSeries(json) }
  }
}

extension CurveDocument.Points {
  fileprivate var json: JSONValue {
    .members([
      "curve": .text(curve.rawValue), "picture": .text(curve.fileName),
      "points": .array(
        points.map { point in
          .members([
            "place": .integer(point.place), "log": .text(point.logName), "workers": .integer(point.workers),
          ])
        }),
    ])
  }

  fileprivate init(_ json: BenchJSON) throws(BenchFault) {
    guard let curve = Curve(rawValue: try json.text("curve")) else { throw json.wrong("curve", "the name of a curve") }
    self.curve = curve
    points = try json.objects("points").map { (json) throws(BenchFault) in
      CurveDocument.Point(
        place: try json.index("place"), logName: try json.text("log"), workers: try json.index("workers"))
    }
  }
}
