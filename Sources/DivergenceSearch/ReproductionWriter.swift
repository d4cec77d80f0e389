package import GoldenTrace
package import LogPacking
package import LogReading
package import StorageProtocol
package import SystemFiles

/// Writes the entries of a case as an archive of its own, which says what log they are of.
package enum ReproductionWriter {
  /// - Throws: ``FileError``; nothing of the archive is left then.
  package static func write(
    _ divergence: DivergenceCase, _ trace: TraceReader, to target: ArchiveTarget,
    _ configuration: ReplayConfiguration
  ) throws(FileError) {
    var archive = try ArchiveWriter(
      in: target, PackingOptions(), constants: configuration.constants, profile: configuration.profile)
    for entry in divergence.entries {
      try archive.append(entry.bytes.unbroken, isLiteral: entry.looksLikeReference)
    }
    archive.describe(ArchiveReproduction(divergence, trace.sealDigest))
    _ = try archive.publish()
  }
}

extension RawEntry {
  /// Whether an archive's reader could take the payload for a reference. Contents stay in their entries here: it is none. A name
  /// spelt with escapes is a name too: rather one entry too many is marked.
  fileprivate var looksLikeReference: Bool {
    bytes.contains(UInt8(ascii: "\\"))
      || bytes.withUnsafeBufferPointer { PayloadText($0)?.isReference == true }
  }
}

extension ArchiveReproduction {
  fileprivate init(_ divergence: DivergenceCase, _ trace: Digest) {
    guard let logOrdinal = divergence.logOrdinal, let goldenOrdinal = divergence.goldenOrdinal else {
      preconditionFailure("only an entry that is known is reproduced by some others")
    }
    self.init(
      ordinals: divergence.entries.map(\.ordinal.value), logOrdinal: logOrdinal.value,
      goldenOrdinal: goldenOrdinal.value, trace: trace)
    switch divergence.sighting {
    case .event(let index, let ordinal):
      eventIndex = index
      eventOrdinal = ordinal?.value
    case .value(let ordinal, let field, let expected, let actual):
      self.field = field
      fieldOrdinal = ordinal?.value
      self.expected = expected.map { String(decoding: JSONFormat.line.encode($0), as: UTF8.self) }
      self.actual = actual.map { String(decoding: JSONFormat.line.encode($0), as: UTF8.self) }
    }
  }
}

extension DivergenceCase {
  /// The case that an archive says it reproduces.
  ///
  /// - Parameters:
  ///   - entries: of the archive, in order.
  ///   - parse: a JSON text as a value.
  package init(_ reproduction: ArchiveReproduction, entries: [RawEntry], parse: (String) -> JSONValue?) {
    let sighting: Sighting
    if let index = reproduction.eventIndex {
      sighting = .event(index: index, ordinal: reproduction.eventOrdinal.map(Ordinal.init))
    } else {
      sighting = .value(
        ordinal: reproduction.fieldOrdinal.map(Ordinal.init), field: reproduction.field ?? "",
        expected: reproduction.expected.flatMap(parse), actual: reproduction.actual.flatMap(parse))
    }
    self.init(
      precision: .entry, logOrdinal: Ordinal(reproduction.logOrdinal),
      goldenOrdinal: Ordinal(reproduction.goldenOrdinal), sighting: sighting,
      entries: zip(entries, reproduction.ordinals).map { entry, ordinal in
        RawEntry(ordinal: Ordinal(ordinal), byteOffset: entry.byteOffset, bytes: entry.bytes)
      })
  }
}
