/// What ``BigNum128/init(parsing:)`` refuses; the names of `vectors/certified-math.json` are in brackets.
package enum NumberParsingError: Error, Equatable {
  /// Empty, a sign, an exponent, a second point, anything that is no decimal digit (ValueError).
  case malformed
  /// More than 18 fraction digits that are not all zero (BigNum128Error).
  case tooManyFractionDigits
  /// Above 2^128−1 in raw units (OverflowError).
  case overflow
}

extension BigNum128 {
  /// Creates the number a decimal text spells: white space around it, decimal digits of any script, at most one
  /// point; `.` is 0 (protocol.md 2, `from_string`).
  package init(parsing text: [UInt8]) throws(NumberParsingError) {
    let scalars = BigNum128.trimmed(Array(String(decoding: text, as: UTF8.self).unicodeScalars))
    guard !scalars.isEmpty else { throw .malformed }
    let parts = scalars.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = try BigNum128.digits(parts[0])
    let fraction = parts.count == 2 ? try BigNum128.digits(parts[1]) : []
    guard fraction.dropFirst(18).allSatisfy({ $0 == 0 }) else { throw .tooManyFractionDigits }
    let padding = repeatElement(UInt8(0), count: Swift.max(0, 18 - fraction.count))
    self.init(raw: try BigNum128.value(whole + fraction.prefix(18) + padding))
  }

  private static func trimmed(_ scalars: [Unicode.Scalar]) -> ArraySlice<Unicode.Scalar> {
    var rest = scalars[...]
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }

  /// White space as the live engine strips it: Unicode's, and the separators U+001C to U+001F.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? scalar == " " || (0x09...0x0D).contains(scalar.value) || (0x1C...0x1F).contains(scalar.value)
      : scalar.properties.isWhitespace
  }

  private static func digits(_ scalars: ArraySlice<Unicode.Scalar>) throws(NumberParsingError) -> [UInt8] {
    var digits: [UInt8] = []
    for scalar in scalars {
      let isDigit = scalar.isASCII || scalar.properties.generalCategory == .decimalNumber
      guard isDigit, let value = Character(scalar).wholeNumberValue else { throw .malformed }
      digits.append(UInt8(value))
    }
    return digits
  }

  private static func value(_ digits: [UInt8]) throws(NumberParsingError) -> UInt128 {
    var value: UInt128 = 0
    for digit in digits {
      let (shifted, shiftOverflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, sumOverflow) = shifted.addingReportingOverflow(UInt128(digit))
      guard !shiftOverflow, !sumOverflow else { throw .overflow }
      value = sum
    }
    return value
  }
}
