/// Reads contents out of packs, with buffers of its own: one for each thread.
package struct ContentReader: ~Copyable {
  let packs: ContentPacks
  private var stored = ByteBuffer()
  private var context = FrameContext?.none
  private var loaded: ContentReference?
  /// What ``readPlain(_:into:)`` gave.
  var plainContents = PlainContents()

  package init(_ packs: ContentPacks) { self.packs = packs }

  /// Whether the payload of the entry at `byteOffset` is as the log had it, and no reference.
  package func isLiteral(_ byteOffset: UInt64) -> Bool { packs.isLiteral(byteOffset) }

  /// Reads the frame of a content, and finds that as much can come out of it as the reference says: only then is room for
  /// ``decompress(into:)`` to be made.
  ///
  /// - Throws: `.archive`; `.cannotRead`.
  package mutating func load(_ reference: ContentReference) throws(LogError) {
    try packs.read(reference, into: &stored)
    guard let layout = FrameWalk.layout(of: stored.bytes),
      !packs.needsChecksum(reference.pack) || FrameWalk.hasContentChecksum(stored.bytes)
    else {
      throw packs.error(.contentFrame(libraryReason: "there is not one whole LZ4 frame"), reference)
    }
    guard reference.contentBytes <= UInt64(layout.contentBytesMax) else {
      throw packs.error(
        .contentBytes(declared: reference.contentBytes, found: UInt64(layout.contentBytesMax)), reference)
    }
    loaded = reference
  }

  /// Decompresses the content that was loaded into `output`, which has just its size.
  ///
  /// - Throws: `.archive` with `.contentFrame`, `.contentBytes`; `.outOfMemory`.
  package mutating func decompress(into output: UnsafeMutableRawBufferPointer) throws(LogError) {
    guard let reference = loaded, UInt64(output.count) == reference.contentBytes else {
      preconditionFailure("a content is loaded first, and decompressed into its own size")
    }
    if context == nil { context = try FrameContext() }
    guard let step = context?.decompress(whole: stored.bytes, into: output) else {
      preconditionFailure("the context was made above")
    }
    if case .damagedFrame(let reason)? = step.fault {
      throw packs.error(.contentFrame(libraryReason: reason), reference)
    }
    guard step.endsFrame, step.consumed == stored.count, step.produced == output.count else {
      context = nil
      throw packs.error(
        .contentBytes(declared: reference.contentBytes, found: UInt64(step.produced) + (step.endsFrame ? 0 : 1)),
        reference)
    }
  }

  /// The content that a reference names.
  ///
  /// - Throws: as ``load(_:)`` and ``decompress(into:)``.
  mutating func content(_ reference: ContentReference) throws(LogError) -> [UInt8] {
    try load(reference)
    var failure: LogError?
    let content = [UInt8](unsafeUninitializedCapacity: Int(reference.contentBytes)) { buffer, count in
      do throws(LogError) {
        try decompress(
          into: UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer).prefix(Int(reference.contentBytes))))
        count = Int(reference.contentBytes)
      } catch {
        failure = error
        count = 0
      }
    }
    if let failure { throw failure }
    return content
  }

  /// The text of an entry as it was packed: with its content in the place of a reference, if it has one.
  ///
  /// - Throws: as ``load(_:)``; `.archive` with `.referenceNotUnderstood`.
  mutating func original(_ text: [UInt8], byteOffset: UInt64) throws(LogError) -> [UInt8] {
    guard !isLiteral(byteOffset) else { return text }
    let found = text.withUnsafeBufferPointer { bytes -> (isReference: Bool, reference: ContentReference?) in
      guard let payload = PayloadText(bytes), payload.isReference else { return (false, nil) }
      return (true, payload.reference)
    }
    guard found.isReference else { return text }
    guard let reference = found.reference else { throw LogError(.archive(.referenceNotUnderstood)) }
    let content = try content(reference)
    return text.withUnsafeBufferPointer { PayloadText($0)?.inlining(content) ?? text }
  }
}
