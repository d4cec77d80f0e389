internal import ControlPlan
internal import LogDecoding
internal import StorageProtocol

/// ATR costs computed lately: few sizes and numbers of keys occur over and over.
///
/// Direct-mapped: a cost that is not there is computed by ``AtrCost`` and takes its place.
struct CostTable: ~Copyable {
  struct Cost: BitwiseCopyable {
    var kibibytes: UInt64 = .max
    var keyCount: UInt32 = 0
    var textCount: UInt32 = 0
    var raw: UInt128 = 0
    /// The decimal string: at most 39 digits and a point.
    var text: InlineText = InlineText(repeating: 0)
  }

  typealias InlineText = InlineArray<40, UInt8>

  private static let slotCount = 1024

  private let constants: GovernedConstants
  private let slots: UnsafeMutablePointer<Cost>

  init(_ constants: GovernedConstants) {
    self.constants = constants
    slots = .allocate(capacity: CostTable.slotCount)
    slots.initialize(repeating: Cost(), count: CostTable.slotCount)
  }

  deinit { slots.deallocate() }

  /// The cost of content of `contentBytes` bytes under `keyCount` metadata keys, in memory that keeps it until another
  /// cost is asked for.
  func cost(contentBytes: UInt64, keyCount: UInt32) throws(ArithmeticError) -> UnsafePointer<Cost> {
    let kibibytes = contentBytes / 1024 + (contentBytes % 1024 == 0 ? 0 : 1)
    let slot = slots + Int((kibibytes &* 31 &+ UInt64(keyCount)) % UInt64(CostTable.slotCount))
    if slot.pointee.kibibytes != kibibytes || slot.pointee.keyCount != keyCount {
      let cost = try AtrCost.cost(
        contentBytes: contentBytes, metadataKeyCount: Int(keyCount), constants: constants)
      CostTable.fill(slot, kibibytes, keyCount, cost, text: cost.decimalBytes)
    }
    return UnsafePointer(slot)
  }

  /// The cost that `decimal` spells if it is legal for content of that size, else nil.
  func legalCost(_ decimal: ByteView, contentBytes: UInt64) throws(ArithmeticError) -> UInt128? {
    let kibibytes = contentBytes / 1024 + (contentBytes % 1024 == 0 ? 0 : 1)
    var mixed = kibibytes &* 31
    for index in 0..<min(decimal.count, 8) { mixed = mixed &* 31 &+ UInt64(decimal.start[index]) }
    let slot = slots + Int(mixed % UInt64(CostTable.slotCount))
    if slot.pointee.kibibytes == kibibytes, CostTable.isEqual(slot, decimal) { return slot.pointee.raw }
    let text = decimal.array
    guard let cost = try AtrCost.legalCost(decimal: text, contentBytes: contentBytes, constants: constants) else {
      return nil
    }
    // No number of keys: the slot answers to its text only.
    CostTable.fill(slot, kibibytes, .max, cost, text: text)
    return cost.raw
  }

  private static func fill(
    _ slot: UnsafeMutablePointer<Cost>, _ kibibytes: UInt64, _ keyCount: UInt32, _ cost: BigNum128, text: [UInt8]
  ) {
    var kept = Cost(kibibytes: kibibytes, keyCount: keyCount, textCount: UInt32(text.count), raw: cost.raw)
    for (index, byte) in text.enumerated() { kept.text[index] = byte }
    slot.pointee = kept
  }

  /// Whether the kept text is `decimal`.
  static func isEqual(_ slot: UnsafePointer<Cost>, _ decimal: ByteView) -> Bool {
    text(slot).isEqual(to: decimal)
  }

  /// The kept text, where it is kept.
  static func text(_ slot: UnsafePointer<Cost>) -> ByteView {
    guard let offset = MemoryLayout<Cost>.offset(of: \.text) else { preconditionFailure("a stored property") }
    let start = UnsafeRawPointer(slot).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
    return ByteView(start, Int(slot.pointee.textCount))
  }
}
