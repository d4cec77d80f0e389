package import SystemFiles

/// What is wrong with an archive (archive.md). The place is in the ``LogError`` around it.
package enum ArchiveFault: Error, Equatable {
  // The manifest.
  case noManifest
  case manifestTooLong(bytesMax: Int)
  case manifestNotUnderstood(detail: String)
  case unknownFormat(String)
  case constantOutOfRange(name: String)
  case unsafeName(String)
  case nameUsedTwice(String)
  case digestNotHexadecimal(String)
  /// Numbers of the manifest that contradict each other.
  case sumDiffers(Quantity, declared: UInt64, found: UInt64)
  case brokenChain
  // SHA256SUMS.
  case sumsNotUnderstood(line: Int)
  case sumsDiffer(file: String)
  case sumsLack(file: String)
  case manifestDigest
  // Files.
  case missingFile
  case notAPlainFile
  case fileBytes(declared: UInt64, found: UInt64)
  case fileDigest
  case cannotOpen(SystemError)
  // Frames.
  case frameBytes(declared: UInt64, found: UInt64)
  case frameTooLarge(declared: UInt64, bytesMax: UInt64)
  case frameInflates(declaredBytes: UInt64)
  case frameText(declaredBytes: UInt64, found: UInt64)
  case frameEntries(declared: UInt64, found: UInt64)
  case frameLineCut
  case entryCount(declared: UInt64, found: UInt64)
  // Contents.
  case referenceNotUnderstood
  case noSuchPack(UInt64)
  case referenceOutside
  case contentFrame(libraryReason: String)
  case contentBytes(declared: UInt64, found: UInt64)
  case contentNotRead
  case contentContradicts

  /// What a sum in a manifest is of.
  package enum Quantity: String, Sendable {
    case entries, ordinals
    case rawBytes = "raw bytes"
    case storedBytes = "stored bytes"
    case frameOffset = "frame offsets"
  }
}

extension ArchiveFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noManifest: "the folder has no manifest.json: it is not an archive"
    case .manifestTooLong(let bytesMax): "the manifest is longer than \(bytesMax) bytes"
    case .manifestNotUnderstood(let detail): "the manifest is not as the format says: \(detail)"
    case .unknownFormat(let name): "the archive's format is \(name), and this version reads \(ArchiveManifest.format)"
    case .constantOutOfRange(let name): "the manifest's constant \(name) is missing or out of range"
    case .unsafeName(let name): "the manifest names a file outside of the archive, or not plainly: \(name)"
    case .nameUsedTwice(let name): "the manifest names a file twice: \(name)"
    case .digestNotHexadecimal(let text):
      "the manifest has a SHA-256 that is not 64 lowercase hexadecimal digits: \(text)"
    case .sumDiffers(let quantity, let declared, let found):
      "the manifest contradicts itself: \(quantity.rawValue) declared as \(declared), where its parts give \(found)"
    case .brokenChain: "the chain of segments is broken here: a segment was removed, repeated, swapped or changed"
    case .sumsNotUnderstood(let line): "SHA256SUMS is not as sha256sum writes it in line \(line)"
    case .sumsDiffer(let file): "SHA256SUMS and the manifest differ about \(file)"
    case .sumsLack(let file): "SHA256SUMS does not name \(file)"
    case .manifestDigest: "the manifest is not the one that SHA256SUMS names: it was changed"
    case .missingFile: "a file of the archive is missing"
    case .notAPlainFile: "this is a symbolic link or no file at all, where the archive has a file"
    case .fileBytes(let declared, let found): "the file has \(found) bytes, where the manifest says \(declared)"
    case .fileDigest: "the file's SHA-256 is not the manifest's: it was changed"
    case .cannotOpen(let error): "cannot open a file of the archive: \(error)"
    case .frameBytes(let declared, let found):
      "the frame takes up \(found) bytes, where the manifest says \(declared)"
    case .frameTooLarge(let declared, let bytesMax):
      "the manifest says that a frame holds \(declared) bytes, and \(bytesMax) is the most that it can hold or that is read"
    case .frameInflates(let declaredBytes): "the frame inflates beyond the \(declaredBytes) bytes that are declared"
    case .frameText(let declared, let found):
      "the frame holds \(found) bytes of text, where the manifest says \(declared)"
    case .frameEntries(let declared, let found): "the frame holds \(found) entries, where the manifest says \(declared)"
    case .frameLineCut: "the frame does not end with a whole line"
    case .entryCount(let declared, let found): "the archive holds \(found) entries, where the manifest says \(declared)"
    case .referenceNotUnderstood: "the entry's reference to its content is not as the format says"
    case .noSuchPack(let number): "the entry's content is in pack \(number), which the manifest does not have"
    case .referenceOutside: "the entry's reference to its content reaches beyond its pack"
    case .contentFrame(let reason): "the entry's content is damaged: \(reason)"
    case .contentNotRead: "an entry that a replay rejects refers to a content: packing it again would lose that"
    case .contentContradicts:
      "the entry's content is not the one that it was, though its frame is whole: its pack was changed"
    case .contentBytes(let declared, let found):
      "the entry's content has \(found) bytes, where its reference says \(declared)"
    }
  }

  /// Whether the operating system, not the archive, is at fault.
  package var isOfTheSystem: Bool {
    if case .cannotOpen = self { true } else { false }
  }
}
