extension LogError: CustomStringConvertible {
  /// A sentence with every known position, and what to do where that is known.
  package var description: String {
    let place = [
      file, frame.map { "frame \($0)" }, ordinal.map { "entry \($0)" },
      byteOffset.map { "byte offset \($0) of the log" },
      storedOffset.map { "byte offset \($0) of the file" },
    ].compactMap { $0 }.joined(separator: ", ")
    return place.isEmpty ? sentence : "\(sentence) (\(place))"
  }

  private var sentence: String {
    switch reason {
    case .cannotOpen(let code): "cannot open the log: \(code)"
    case .isFolder: "the log is a folder that is read as a file"
    case .cannotRead(let code): "cannot read the log: \(code)"
    case .cannotCopy(let error): "no temporary copy of the log can be made (see TMPDIR): \(error)"
    case .outOfMemory: "no memory for decompressing the log"
    case .interrupted: "interrupted"
    case .noFrame: "the log is damaged: the file holds no LZ4 frame"
    case .notAFrame: "the log is damaged: these bytes do not start an LZ4 frame"
    case .frameNeedsDictionary: "the log cannot be read: this LZ4 frame needs a dictionary"
    case .damagedFrame(let libraryReason): "the log is damaged: LZ4 frame: \(libraryReason)"
    case .cutFrame: "the log is cut: the file ends inside an LZ4 frame; look for the complete file"
    case .notAnArray: "the log is damaged: a .json log is one JSON array, and this does not start with ["
    case .missingValue: "the log is damaged: a value is missing between the commas of the array"
    case .unclosedArray: "the log is cut: the array is not closed; look for the complete file"
    case .unclosedEntry:
      "the log is cut or damaged: this entry does not end; look for a missing quote or bracket, or the complete file"
    case .bytesAfterArray: "the log is damaged: there are bytes after the end of the array"
    case .entryTooLong(let bytesMax): "the log is damaged: an entry is longer than \(bytesMax) bytes"
    case .epochMissing(let epoch):
      "the log ends without an EPOCH_ADVANCEMENT to epoch \(epoch), where the replay was to stop"
    case .archive(let fault): "the archive \(fault.isOfTheSystem ? "cannot be read" : "is damaged"): \(fault)"
    case .notJSON(let fault): "the log is damaged: not JSON: \(fault.rawValue)"
    }
  }
}
