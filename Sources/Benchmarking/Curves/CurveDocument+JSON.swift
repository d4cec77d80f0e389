package import StorageProtocol

extension CurveDocument {
  package static let schema = "eqm-replay/curves/1"
  /// The name of the document in the folder of results.
  package static let fileName = "curves.json"

  package var json: JSONValue {
    var document = JSONObject(["schema": .text(CurveDocument.schema)])
    for member in origin.json.members { document.add(String(decoding: member.key, as: UTF8.self), member.value) }
    document.add("logs", .array(logs.map(\.json)))
    document.add("curves", .array(curves.map(\.json)))
    return .object(document)
  }

  /// Reads what ``json`` gives.
  ///
  /// - Parameters:
  ///   - text: of the document.
  ///   - path: for messages.
  /// - Throws: `.unreadable` for another document, and for one that cannot be drawn: a curve without points, a point without
  ///   samples, a time of 0.
  package init(_ text: [UInt8], path: String) throws(BenchFault) {
    let document = try BenchJSON(text, saidBy: path)
    guard try document.text("schema") == CurveDocument.schema else {
      throw .unreadable(command: path, "its schema is not \(CurveDocument.schema)")
    }
    origin = try CurveOrigin(document)
    logs = try document.objects("logs").map { (log) throws(BenchFault) in try Log(log) }
    curves = try document.objects("curves").map { (curve) throws(BenchFault) in try Points(curve, path: path) }
    for curve in curves {
      guard !curve.points.isEmpty, curve.points.allSatisfy({ isDrawable($0, of: curve.curve) }) else {
        throw .unreadable(command: path, "a point of the curve \(curve.curve.rawValue) was not measured")
      }
    }
  }

  /// Whether a point was measured, has a place on its axis, and all its values are numbers that a chart can have.
  private func isDrawable(_ point: Point, of curve: Curve) -> Bool {
    // What a Double holds to the last digit.
    let measured = UInt64(1)...1 << 53
    guard let (log, samples) = samples(of: point), measured.contains(log.entryCount),
      ((curve.placeSpacing == .linear ? 0 : 1)...1 << 53).contains(point.place),
      curve != .contentSize || measured.contains(log.contentBytes)
    else { return false }
    return samples.allSatisfy { sample in
      [sample.microseconds, sample.processMicroseconds, sample.processorMicroseconds, sample.peakMemoryBytes]
        .allSatisfy(measured.contains)
    }
  }

  /// The log of a point and its samples; nil where there are none.
  package func samples(of point: Point) -> (log: Log, samples: [Sample])? {
    guard let log = logs.first(where: { $0.name == point.logName }),
      let replays = log.replays.first(where: { $0.workerCount == point.workerCount }), !replays.samples.isEmpty
    else { return nil }
    return (log, replays.samples)
  }
}

extension CurveOrigin {
  fileprivate var json: JSONObject {
    JSONObject([
      "version": .text(version), "revision": .text(revision), "system": .text(system), "processor": .text(processor),
      "processors": .integer(processorCount), "command": .text(command), "scale": .text(scale),
      "runs": .integer(runCount),
    ])
  }

  fileprivate init(_ document: BenchJSON) throws(BenchFault) {
    self.init(
      version: try document.text("version"), revision: try document.text("revision"),
      system: try document.text("system"), processor: try document.text("processor"),
      processorCount: Int(clamping: try document.count("processors")), command: try document.text("command"),
      scale: try document.text("scale"), runCount: Int(clamping: try document.count("runs")))
  }
}

extension CurveDocument.Log {
  fileprivate var json: JSONValue {
    .members([
      "log": .text(name), "entries": .integer(entryCount), "content_bytes": .integer(contentBytes),
      "state_root": .text(stateRoot), "sequential": sequential?.json ?? .null,
      "replays": .array(
        replays.map {
          .members(["workers": .integer($0.workerCount), "samples": .array($0.samples.map(\.json))])
        }),
    ])
  }

  fileprivate init(_ log: BenchJSON) throws(BenchFault) {
    name = try log.text("log")
    entryCount = try log.count("entries")
    contentBytes = try log.count("content_bytes")
    stateRoot = try log.text("state_root")
    sequential = log.has("sequential") ? try CurveDocument.Sample(log.object("sequential")) : nil
    replays = try log.objects("replays").map { (replays) throws(BenchFault) in
      CurveDocument.Replays(
        workerCount: Int(clamping: try replays.count("workers")),
        samples: try replays.objects("samples").map { (sample) throws(BenchFault) in
          try CurveDocument.Sample(sample)
        })
    }
  }
}

extension CurveDocument.Sample {
  fileprivate var json: JSONValue {
    .members([
      "microseconds": .integer(microseconds), "process_microseconds": .integer(processMicroseconds),
      "processor_microseconds": .integer(processorMicroseconds), "peak_memory_bytes": .integer(peakMemoryBytes),
    ])
  }

  fileprivate init(_ sample: BenchJSON) throws(BenchFault) {
    microseconds = try sample.count("microseconds")
    processMicroseconds = try sample.count("process_microseconds")
    processorMicroseconds = try sample.count("processor_microseconds")
    peakMemoryBytes = try sample.count("peak_memory_bytes")
  }
}

extension CurveDocument.Points {
  fileprivate var json: JSONValue {
    .members([
      "curve": .text(curve.rawValue), "picture": .text(curve.fileName),
      "points": .array(
        points.map {
          .members([
            "place": .integer($0.place), "log": .text($0.logName), "workers": .integer($0.workerCount),
          ])
        }),
    ])
  }

  fileprivate init(_ document: BenchJSON, path: String) throws(BenchFault) {
    let name = try document.text("curve")
    guard let curve = Curve(rawValue: name) else {
      throw .unreadable(command: path, "\(PrintableText.quoted(name)) is no curve")
    }
    self.curve = curve
    points = try document.objects("points").map { (point) throws(BenchFault) in
      CurveDocument.Point(
        place: Int(clamping: try point.count("place")), logName: try point.text("log"),
        workerCount: Int(clamping: try point.count("workers")))
    }
  }
}
