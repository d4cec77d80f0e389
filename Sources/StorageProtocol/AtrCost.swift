/// The ATR fee of a STORE (protocol.md 5.2).
package enum AtrCost {
  /// Metadata keys beyond this number cost nothing.
  package static let countedKeysMax = 99

  /// 100 · ⌊(size+1023)/1024⌋ · (1 + min(keys, 99)/100).
  package static func cost(
    contentBytes: UInt64, metadataKeyCount: Int, constants: GovernedConstants
  ) throws(ArithmeticError) -> BigNum128 {
    let kibibytes = contentBytes / 1024 + (contentBytes % 1024 == 0 ? 0 : 1)
    let base = try CertifiedMath.multiply(
      BigNum128(integer: constants.atrCostPerKibibyte), BigNum128(integer: kibibytes))
    let surcharge = try CertifiedMath.divide(
      BigNum128(integer: Swift.min(metadataKeyCount, countedKeysMax)), BigNum128(integer: 100))
    return try CertifiedMath.multiply(base, CertifiedMath.add(BigNum128(integer: 1), surcharge))
  }

  /// The cost that `decimal` spells if it is the cost of content of that size under some number of metadata keys
  /// (0 to 99), else nil. The text must be the engine's own spelling, digit for digit.
  package static func legalCost(
    decimal: [UInt8], contentBytes: UInt64, constants: GovernedConstants
  ) throws(ArithmeticError) -> BigNum128? {
    guard let claimed = try? BigNum128(parsing: decimal), claimed.decimalBytes == decimal else { return nil }
    let base = try cost(contentBytes: contentBytes, metadataKeyCount: 0, constants: constants)
    guard base > .zero else { return claimed == .zero ? claimed : nil }
    guard let surcharge = try? CertifiedMath.divide(CertifiedMath.subtract(claimed, base), base) else { return nil }
    let keyCount = surcharge.raw / (BigNum128.scale / 100)
    guard keyCount <= countedKeysMax else { return nil }
    let legal = try cost(
      contentBytes: contentBytes, metadataKeyCount: Int(keyCount), constants: constants)
    return legal == claimed ? claimed : nil
  }
}
