package import SystemFiles

/// Why a log cannot be replayed: nothing of it is applied and nothing is published.
///
/// Carries every position that is known: the entry, the offset in the decompressed log, the offset in the file.
package struct LogError: Error, Equatable {
  package enum Reason: Equatable, Sendable {
    // The input cannot be used: exit 2.
    case cannotOpen(SystemError)
    case isFolder
    case cannotRead(SystemError)
    case cannotCopy(FileError)
    case outOfMemory
    // The reader was told to stop: exit 130 or 143.
    case interrupted
    // The input is not an undamaged log: exit 4.
    case noFrame
    case notAFrame
    case frameNeedsDictionary
    case damagedFrame(libraryReason: String)
    case cutFrame
    case notAnArray
    case missingValue
    case unclosedArray
    case unclosedEntry
    case bytesAfterArray
    case entryTooLong(bytesMax: Int)
    case notJSON(JSONFault)
    case archive(ArchiveFault)
    case epochMissing(Int64)
  }

  /// What makes bytes something other than JSON (RFC 8259).
  package enum JSONFault: String, Sendable {
    case unexpectedEnd = "the text ends inside a value"
    case unexpectedByte = "a byte that JSON does not allow here"
    case invalidUTF8 = "bytes that are not UTF-8"
    case controlCharacter = "a raw control character inside a string"
    case invalidEscape = "an unknown escape inside a string"
    case invalidNumber = "a number that JSON does not allow"
    case bytesAfterValue = "more than one value where one entry belongs"
  }

  package let reason: Reason
  /// The entry in which, or before which, the fault lies.
  package var ordinal: UInt64?
  /// Offset in the decompressed log.
  package var byteOffset: UInt64?
  /// Offset in the file as stored, where a compressed frame is at fault.
  package var storedOffset: UInt64?
  /// The file of an archive that is at fault.
  package var file: String?
  /// The number of the frame in that file.
  package var frame: Int?

  package init(
    _ reason: Reason, ordinal: UInt64? = nil, byteOffset: UInt64? = nil, storedOffset: UInt64? = nil,
    file: String? = nil, frame: Int? = nil
  ) {
    self.reason = reason
    self.ordinal = ordinal
    self.byteOffset = byteOffset
    self.storedOffset = storedOffset
    self.file = file
    self.frame = frame
  }

  /// Whether the log was opened and found damaged, cut, or not a log.
  package var isDamage: Bool {
    switch reason {
    case .archive(let fault): !fault.isOfTheSystem
    case .cannotOpen, .isFolder, .cannotRead, .cannotCopy, .outOfMemory, .interrupted: false
    case .noFrame, .notAFrame, .frameNeedsDictionary, .damagedFrame, .cutFrame, .notAnArray, .missingValue,
      .unclosedArray, .unclosedEntry, .bytesAfterArray, .entryTooLong, .notJSON:
      true
    case .epochMissing: true
    }
  }
}
