internal import Foundation
internal import StorageProtocol

extension ArchiveManifest {
  /// Longest manifest that is read: about four million frames.
  package static let bytesMax = 512 << 20

  /// Reads and checks a manifest.
  ///
  /// - Throws: `.archive` with a fault of the manifest.
  package init(parsing text: [UInt8]) throws(LogError) {
    do throws(ArchiveFault) {
      let document = try ArchiveManifest.document(text)
      self = try document.manifest()
      try check()
    } catch {
      throw LogError(.archive(error), file: ArchiveManifest.fileName)
    }
  }

  private static func document(_ text: [UInt8]) throws(ArchiveFault) -> ManifestDocument {
    let data = Data(text)
    do {
      let format = try JSONDecoder().decode(ManifestFormat.self, from: data).format
      guard format == ArchiveManifest.format else { throw ArchiveFault.unknownFormat(format) }
      return try JSONDecoder().decode(ManifestDocument.self, from: data)
    } catch let error as ArchiveFault {
      throw error
    } catch let error as DecodingError {
      throw .manifestNotUnderstood(detail: ArchiveManifest.detail(error))
    } catch {
      throw .manifestNotUnderstood(detail: "not JSON")
    }
  }

  private static func detail(_ error: DecodingError) -> String {
    let context =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): context
      case .keyNotFound(let key, let context):
        DecodingError.Context(codingPath: context.codingPath + [key], debugDescription: "missing")
      @unknown default: DecodingError.Context(codingPath: [], debugDescription: "not understood")
      }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
  }

  // MARK: Checks

  private func check() throws(ArchiveFault) {
    if let name = constants.nameOutOfRange { throw .constantOutOfRange(name: name) }
    try checkNames()
    var chain = Digest.zero
    var ordinal: UInt64 = 0
    var rawBytes: UInt64 = 0
    for segment in segments {
      try segment.check()
      try ArchiveManifest.compare(.ordinals, segment.firstOrdinal, ordinal)
      chain = ArchiveManifest.chain(after: chain, segment.sha256)
      guard chain == segment.chain else { throw .brokenChain }
      ordinal = try ArchiveManifest.sum(.entries, ordinal, segment.entryCount)
      rawBytes = try ArchiveManifest.sum(.rawBytes, rawBytes, segment.rawBytes)
    }
    try ArchiveManifest.compare(.entries, entryCount, ordinal)
    var storedBytes: UInt64 = 0
    for bytes in segments.map(\.storedBytes) + packs.map(\.storedBytes) {
      storedBytes = try ArchiveManifest.sum(.storedBytes, storedBytes, bytes)
    }
    guard literalOffsets == literalOffsets.sorted() else {
      throw .manifestNotUnderstood(detail: "literal_offsets: not in order")
    }
    try reproduction?.check(entryCount: entryCount)
  }

  private func checkNames() throws(ArchiveFault) {
    var names: Set<[UInt8]> = []
    for name in segments.map(\.file) + packs.map(\.file) {
      guard ArchiveFolder.isPlain(name) else { throw .unsafeName(name) }
      guard names.insert(Array(name.utf8)).inserted else { throw .nameUsedTwice(name) }
    }
  }

  fileprivate static func compare(
    _ quantity: ArchiveFault.Quantity, _ declared: UInt64, _ found: UInt64
  ) throws(ArchiveFault) {
    guard declared == found else { throw .sumDiffers(quantity, declared: declared, found: found) }
  }

  fileprivate static func sum(
    _ quantity: ArchiveFault.Quantity, _ left: UInt64, _ right: UInt64
  ) throws(ArchiveFault) -> UInt64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow, sum <= ArchiveManifest.quantityMax else {
      throw .sumDiffers(quantity, declared: right, found: ArchiveManifest.quantityMax)
    }
    return sum
  }

  /// No archive has more of anything: so no later sum of sizes overflows.
  private static let quantityMax: UInt64 = 1 << 62
}

extension ArchiveManifest.Segment {
  fileprivate func check() throws(ArchiveFault) {
    var offset: UInt64 = 0
    var rawBytes: UInt64 = 0
    var entries: UInt64 = 0
    for frame in frames {
      // No byte of LZ4 gives more than 255.
      let (bytesMax, overflow) = frame.storedBytes.multipliedReportingOverflow(by: 255)
      guard overflow || frame.rawBytes <= bytesMax else {
        throw .frameTooLarge(declared: frame.rawBytes, bytesMax: bytesMax)
      }
      guard frame.storedBytes <= FrameWalk.storedBytesBound(contentBytes: frame.rawBytes) else {
        throw .frameTooLarge(
          declared: frame.storedBytes, bytesMax: FrameWalk.storedBytesBound(contentBytes: frame.rawBytes))
      }
      // No entry is shorter than a byte and its line end.
      guard frame.entryCount <= frame.rawBytes / 2 else {
        throw .sumDiffers(.entries, declared: frame.entryCount, found: frame.rawBytes / 2)
      }
      try ArchiveManifest.compare(.frameOffset, frame.offset, offset)
      offset = try ArchiveManifest.sum(.storedBytes, offset, frame.storedBytes)
      rawBytes = try ArchiveManifest.sum(.rawBytes, rawBytes, frame.rawBytes)
      entries = try ArchiveManifest.sum(.entries, entries, frame.entryCount)
    }
    try ArchiveManifest.compare(.storedBytes, storedBytes, offset)
    try ArchiveManifest.compare(.rawBytes, self.rawBytes, rawBytes)
    try ArchiveManifest.compare(.entries, entryCount, entries)
    guard entryCount > 0 else { throw .manifestNotUnderstood(detail: "segments: one holds no entry") }
  }
}

// MARK: The document

private struct ManifestFormat: Decodable {
  let format: String
}

private struct ManifestDocument: Decodable {
  struct Frame: Decodable {
    let offset: UInt64
    let storedBytes: UInt64
    let rawBytes: UInt64
    let entries: UInt64

    enum CodingKeys: String, CodingKey {
      case offset, entries
      case storedBytes = "stored_bytes"
      case rawBytes = "raw_bytes"
    }
  }

  struct Segment: Decodable {
    let file: String
    let firstOrdinal: UInt64
    let entries: UInt64
    let rawBytes: UInt64
    let storedBytes: UInt64
    let sha256: String
    let chain: String
    let frames: [Frame]

    enum CodingKeys: String, CodingKey {
      case file, entries, sha256, chain, frames
      case firstOrdinal = "first_ordinal"
      case rawBytes = "raw_bytes"
      case storedBytes = "stored_bytes"
    }
  }

  struct Pack: Decodable {
    let file: String
    let storedBytes: UInt64
    let sha256: String

    enum CodingKeys: String, CodingKey {
      case file, sha256
      case storedBytes = "stored_bytes"
    }
  }

  /// Constants that are left out have their usual values.
  struct Constants: Decodable {
    let chunkBytes: UInt64
    let replicationFactor: Int
    let merkleBlockBytes: Int?
    let schemaVersion: String?
    let atrCostPerKibibyte: UInt64?

    enum CodingKeys: String, CodingKey {
      case chunkBytes = "BLOCK_SIZE_BYTES"
      case replicationFactor = "REPLICATION_FACTOR"
      case merkleBlockBytes = "MERKLE_BLOCK_BYTES"
      case schemaVersion = "SCHEMA_VERSION"
      case atrCostPerKibibyte = "ATR_COST_PER_KIB"
    }
  }

  let entries: UInt64
  let constants: Constants
  let profile: String
  let segments: [Segment]
  let packs: [Pack]
  let literalOffsets: [UInt64]?
  let reproduction: ArchiveReproduction?

  enum CodingKeys: String, CodingKey {
    case entries, constants, profile, segments, packs, reproduction
    case literalOffsets = "literal_offsets"
  }

  func manifest() throws(ArchiveFault) -> ArchiveManifest {
    guard let profile = PlaceholderProfile(rawValue: profile) else {
      throw .manifestNotUnderstood(detail: "profile: neither runbook nor drill")
    }
    var checkedSegments: [ArchiveManifest.Segment] = []
    for segment in segments { checkedSegments.append(try ManifestDocument.segment(segment)) }
    var checkedPacks: [ArchiveManifest.Pack] = []
    for pack in packs {
      checkedPacks.append(
        ArchiveManifest.Pack(
          file: pack.file, storedBytes: pack.storedBytes, sha256: try ManifestDocument.digest(pack.sha256)))
    }
    var manifest = ArchiveManifest(
      entryCount: entries, constants: governedConstants, profile: profile, segments: checkedSegments,
      packs: checkedPacks, literalOffsets: literalOffsets ?? [])
    manifest.reproduction = reproduction
    return manifest
  }

  private var governedConstants: GovernedConstants {
    var governed = GovernedConstants()
    governed.chunkBytes = constants.chunkBytes
    governed.replicationFactor = constants.replicationFactor
    governed.merkleBlockBytes = constants.merkleBlockBytes ?? governed.merkleBlockBytes
    governed.schemaVersion = constants.schemaVersion ?? governed.schemaVersion
    governed.atrCostPerKibibyte = constants.atrCostPerKibibyte ?? governed.atrCostPerKibibyte
    return governed
  }

  private static func segment(_ segment: Segment) throws(ArchiveFault) -> ArchiveManifest.Segment {
    ArchiveManifest.Segment(
      file: segment.file, firstOrdinal: segment.firstOrdinal, entryCount: segment.entries,
      rawBytes: segment.rawBytes, storedBytes: segment.storedBytes, sha256: try digest(segment.sha256),
      chain: try digest(segment.chain),
      frames: segment.frames.map {
        ArchiveManifest.Frame(
          offset: $0.offset, storedBytes: $0.storedBytes, rawBytes: $0.rawBytes, entryCount: $0.entries)
      })
  }

  private static func digest(_ text: String) throws(ArchiveFault) -> Digest {
    guard let digest = Digest(hexadecimal: Array(text.utf8)) else { throw .digestNotHexadecimal(text) }
    return digest
  }
}
