/// An unsigned fixed-point number: 128 bits, 18 decimal fraction digits (protocol.md 2).
///
/// Arithmetic is in ``CertifiedMath``. No floating point anywhere.
public struct BigNum128: Hashable, Comparable, Sendable {
  /// The raw value of 1.
  package static let scale: UInt128 = 1_000_000_000_000_000_000
  package static let zero = BigNum128(raw: 0)
  package static let max = BigNum128(raw: .max)

  private static let fractionDigitCount = 18

  /// The value times 10^18.
  package let raw: UInt128

  package init(raw: UInt128) { self.raw = raw }

  /// Creates `integer`·10^18.
  ///
  /// - Throws: `.overflow` above 340282366920938463463.
  package init(integer: some BinaryInteger) throws(ArithmeticError) {
    guard let value = UInt128(exactly: integer) else { throw .overflow }
    let (raw, overflow) = value.multipliedReportingOverflow(by: BigNum128.scale)
    guard !overflow else { throw .overflow }
    self.raw = raw
  }

  public static func < (left: BigNum128, right: BigNum128) -> Bool { left.raw < right.raw }

  /// The integer part, a point, and always 18 fraction digits: `102.000000000000000000`.
  public var decimalString: String { String(decoding: decimalBytes, as: UTF8.self) }

  /// ``decimalString`` as ASCII bytes.
  package var decimalBytes: [UInt8] {
    let (whole, fraction) = raw.quotientAndRemainder(dividingBy: BigNum128.scale)
    var digits: [UInt8] = []
    digits.reserveCapacity(2 * BigNum128.fractionDigitCount + 4)
    // 2^128 is below 10^39: the quotient has at most three digits more than eighteen.
    let (thousands, rest) = whole.quotientAndRemainder(dividingBy: BigNum128.scale)
    if thousands > 0 {
      digits += String(UInt64(thousands)).utf8
      BigNum128.appendEighteenDigits(UInt64(rest), to: &digits)
    } else {
      digits += String(UInt64(rest)).utf8
    }
    digits.append(UInt8(ascii: "."))
    BigNum128.appendEighteenDigits(UInt64(fraction), to: &digits)
    return digits
  }

  private static func appendEighteenDigits(_ number: UInt64, to digits: inout [UInt8]) {
    let start = digits.count
    for _ in 0..<fractionDigitCount { digits.append(UInt8(ascii: "0")) }
    var rest = number
    var place = digits.count
    while rest > 0, place > start {
      place -= 1
      digits[place] += UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// The decimal string without trailing zeros, but with at least one fraction digit: `102.0`. For people.
  public var trimmedDecimalString: String {
    var digits = decimalBytes
    while digits.last == UInt8(ascii: "0"), digits[digits.count - 2] != UInt8(ascii: ".") {
      digits.removeLast()
    }
    return String(decoding: digits, as: UTF8.self)
  }
}

/// What arithmetic on ``BigNum128`` refuses.
package enum ArithmeticError: Error, Equatable {
  case overflow
  case divisionByZero
  case moduloByZero
}

/// The operations of protocol.md 2, with 256-bit intermediates.
package enum CertifiedMath {
  /// a + b. - Throws: `.overflow` above 2^128−1.
  package static func add(_ a: BigNum128, _ b: BigNum128) throws(ArithmeticError) -> BigNum128 {
    let (sum, overflow) = a.raw.addingReportingOverflow(b.raw)
    guard !overflow else { throw .overflow }
    return BigNum128(raw: sum)
  }

  /// a − b, or 0 where that is negative.
  package static func subtract(_ a: BigNum128, _ b: BigNum128) -> BigNum128 {
    BigNum128(raw: a.raw > b.raw ? a.raw - b.raw : 0)
  }

  /// ⌊a·b / 10^18⌋. - Throws: `.overflow` where the result does not fit.
  package static func multiply(_ a: BigNum128, _ b: BigNum128) throws(ArithmeticError) -> BigNum128 {
    let product = a.raw.multipliedFullWidth(by: b.raw)
    return try divide(high: product.high, low: product.low, by: BigNum128.scale)
  }

  /// ⌊a·10^18 / b⌋. - Throws: `.divisionByZero`; `.overflow` where the result does not fit.
  package static func divide(_ a: BigNum128, _ b: BigNum128) throws(ArithmeticError) -> BigNum128 {
    guard b.raw != 0 else { throw .divisionByZero }
    let product = a.raw.multipliedFullWidth(by: BigNum128.scale)
    return try divide(high: product.high, low: product.low, by: b.raw)
  }

  /// The remainder of the raw integers. - Throws: `.moduloByZero`.
  package static func modulo(_ a: BigNum128, _ b: BigNum128) throws(ArithmeticError) -> BigNum128 {
    guard b.raw != 0 else { throw .moduloByZero }
    return BigNum128(raw: a.raw % b.raw)
  }

  private static func divide(
    high: UInt128, low: UInt128, by divisor: UInt128
  ) throws(ArithmeticError) -> BigNum128 {
    guard high < divisor else { throw .overflow }
    return BigNum128(raw: divisor.dividingFullWidth((high, low)).quotient)
  }
}

extension BigNum128: Codable {
  /// From the two halves of the raw value, the upper one first.
  public init(from decoder: any Decoder) throws {
    var halves = try decoder.unkeyedContainer()
    let high = try halves.decode(UInt64.self)
    self.init(raw: UInt128(high) << 64 | UInt128(try halves.decode(UInt64.self)))
  }

  public func encode(to encoder: any Encoder) throws {
    var halves = encoder.unkeyedContainer()
    try halves.encode(UInt64(truncatingIfNeeded: raw >> 64))
    try halves.encode(UInt64(truncatingIfNeeded: raw))
  }
}
