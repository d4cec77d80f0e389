package import StorageProtocol

/// What an archive says of itself in `manifest.json` (archive.md).
///
/// A value from ``init(parsing:)`` is checked: names are plain and lie inside the archive, sums agree with their parts, frames
/// and ordinals follow each other without a gap, the chain holds.
package struct ArchiveManifest: Equatable, Sendable {
  package static let format = "eqm-archive/1"
  package static let fileName = "manifest.json"
  package static let sumsName = "SHA256SUMS"

  /// An independent LZ4 frame of whole lines.
  package struct Frame: Equatable, Sendable {
    /// Where in the segment's file.
    package var offset: UInt64
    package var storedBytes: UInt64
    package var rawBytes: UInt64
    package var entryCount: UInt64

    package init(offset: UInt64, storedBytes: UInt64, rawBytes: UInt64, entryCount: UInt64) {
      self.offset = offset
      self.storedBytes = storedBytes
      self.rawBytes = rawBytes
      self.entryCount = entryCount
    }
  }

  package struct Segment: Equatable, Sendable {
    package var file: String
    package var firstOrdinal: UInt64
    package var entryCount: UInt64
    package var rawBytes: UInt64
    package var storedBytes: UInt64
    /// Of the file as stored.
    package var sha256: Digest
    /// SHA-256 of the chain before it and ``sha256``.
    package var chain: Digest
    package var frames: [Frame]

    package init(
      file: String, firstOrdinal: UInt64, entryCount: UInt64, rawBytes: UInt64, storedBytes: UInt64, sha256: Digest,
      chain: Digest, frames: [Frame]
    ) {
      self.file = file
      self.firstOrdinal = firstOrdinal
      self.entryCount = entryCount
      self.rawBytes = rawBytes
      self.storedBytes = storedBytes
      self.sha256 = sha256
      self.chain = chain
      self.frames = frames
    }
  }

  package struct Pack: Equatable, Sendable {
    package var file: String
    package var storedBytes: UInt64
    package var sha256: Digest

    package init(file: String, storedBytes: UInt64, sha256: Digest) {
      self.file = file
      self.storedBytes = storedBytes
      self.sha256 = sha256
    }
  }

  package var entryCount: UInt64
  package var constants: GovernedConstants
  package var profile: PlaceholderProfile
  package var segments: [Segment]
  package var packs: [Pack]
  /// Offsets, in the decompressed log, of entries whose payload looks like a reference to a pack and is none: the log had it
  /// so, and a replay rejects it. Nearly always empty, and not in the document then.
  package var literalOffsets: [UInt64]
  /// Of what log these entries are, where they are some of another one's; nearly always nil, and not in the document then.
  package var reproduction: ArchiveReproduction?

  package init(
    entryCount: UInt64, constants: GovernedConstants, profile: PlaceholderProfile, segments: [Segment], packs: [Pack],
    literalOffsets: [UInt64]
  ) {
    self.entryCount = entryCount
    self.constants = constants
    self.profile = profile
    self.segments = segments
    self.packs = packs
    self.literalOffsets = literalOffsets
  }

  /// The chain behind a segment: SHA-256 of the chain before it, 32 zero bytes at first, and the segment's own digest.
  package static func chain(after previous: Digest, _ sha256: Digest) -> Digest {
    Digest.sha256(previous.bytes + sha256.bytes)
  }

  /// Bytes of the decompressed log.
  package var rawBytes: UInt64 { segments.reduce(0) { $0 + $1.rawBytes } }

  /// Bytes of all segments as stored.
  package var segmentBytes: UInt64 { segments.reduce(0) { $0 + $1.storedBytes } }

  /// Bytes of all packs as stored.
  package var packBytes: UInt64 { packs.reduce(0) { $0 + $1.storedBytes } }

  /// Frames of all segments.
  package var frameCount: UInt64 { segments.reduce(0) { $0 + UInt64($1.frames.count) } }
}

extension ArchiveManifest {
  /// The document, on few lines: one for every segment and pack.
  package var json: [UInt8] {
    var text = Array(#"{"format":"\#(ArchiveManifest.format)","entries":\#(entryCount),"constants":"#.utf8)
    text += JSONFormat.line.encode(constants.json)
    text += Array(#","profile":"\#(profile.rawValue)","#.utf8)
    if !literalOffsets.isEmpty {
      text += Array(#""literal_offsets":"#.utf8)
      text += JSONFormat.line.encode(.array(literalOffsets.map(JSONValue.integer))) + Array(",".utf8)
    }
    if let reproduction {
      text += Array(#""reproduction":"#.utf8) + JSONFormat.line.encode(reproduction.json) + Array(",".utf8)
    }
    text += Array("\n\"segments\":[".utf8)
    text += ArchiveManifest.lines(segments.map(\.json)) + Array("],\n\"packs\":[".utf8)
    text += ArchiveManifest.lines(packs.map(\.json)) + Array("]}\n".utf8)
    return text
  }

  private static func lines(_ values: [JSONValue]) -> [UInt8] {
    Array(values.map { [UInt8(ascii: "\n")] + JSONFormat.line.encode($0) }.joined(separator: [UInt8(ascii: ",")]))
  }
}

extension ArchiveManifest.Segment {
  fileprivate var json: JSONValue {
    .members([
      "file": .text(file), "first_ordinal": .integer(firstOrdinal), "entries": .integer(entryCount),
      "raw_bytes": .integer(rawBytes), "stored_bytes": .integer(storedBytes), "sha256": .hexadecimal(sha256),
      "chain": .hexadecimal(chain),
      "frames": .array(
        frames.map {
          .members([
            "offset": .integer($0.offset), "stored_bytes": .integer($0.storedBytes),
            "raw_bytes": .integer($0.rawBytes), "entries": .integer($0.entryCount),
          ])
        }),
    ])
  }
}

extension ArchiveManifest.Pack {
  fileprivate var json: JSONValue {
    .members([
      "file": .text(file), "stored_bytes": .integer(storedBytes), "sha256": .hexadecimal(sha256),
    ])
  }
}
