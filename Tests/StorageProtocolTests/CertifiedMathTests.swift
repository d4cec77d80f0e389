import ReplayTestSupport
import StorageProtocol
import Testing

@Suite struct CertifiedMathTests {
  @Test func `every recorded operation gives the recorded result or error`() throws {
    let cases = try Fixture.json("certified-math").elements("binary")
    #expect(cases.count == 600)
    for item in cases {
      let item = try #require(item.objectValue)
      let operation = try item.text("op")
      let outcome = Outcome(operation, try number(item.text("a")), try number(item.text("b")))
      #expect(outcome == Outcome(recorded: item), "\(item)")
    }
  }

  @Test func `every recorded text parses to the recorded number or error`() throws {
    for item in try Fixture.json("certified-math").elements("from_string") {
      let item = try #require(item.objectValue)
      let text = try item.required("in").stringBytes ?? []
      do throws(NumberParsingError) {
        let parsed = try BigNum128(parsing: text)
        #expect(.text(String(parsed.raw)) == item["value"], "\(text)")
        #expect(.text(parsed.decimalString) == item["decimal"])
        #expect(.text(parsed.trimmedDecimalString) == item["trimmed"])
      } catch {
        #expect(.text(name(error)) == item["error"], "\(text)")
      }
    }
  }

  @Test func `every recorded cost comes out, and is legal for its size`() throws {
    for item in try Fixture.json("certified-math").elements("atr_cost") {
      let item = try #require(item.objectValue)
      let size = try #require(item["content_size"]?.integer(as: UInt64.self))
      let keys = try #require(item["metadata_keys"]?.integer(as: Int.self))
      let constants = GovernedConstants()
      let cost = try AtrCost.cost(contentBytes: size, metadataKeyCount: keys, constants: constants)
      #expect(.text(cost.decimalString) == item["atr_cost"])
      #expect(try AtrCost.legalCost(decimal: cost.decimalBytes, contentBytes: size, constants: constants) == cost)
    }
  }

  @Test(arguments: [
    "", "100", "100.0", "99.000000000000000000", "200.000000000000000000", "100.500000000000000000", "x",
  ])
  func `a text that no number of keys gives is no legal cost`(text: String) throws {
    let cost = try AtrCost.legalCost(decimal: Array(text.utf8), contentBytes: 1, constants: GovernedConstants())
    #expect(cost == nil)
  }

  @Test func `subtraction stops at zero`() throws {
    let one = try BigNum128(integer: 1)
    #expect(CertifiedMath.subtract(.zero, one) == .zero)
    #expect(CertifiedMath.subtract(.max, .max) == .zero)
  }

  private func number(_ text: String) throws -> BigNum128 { BigNum128(raw: try #require(UInt128(text))) }

  private func name(_ error: NumberParsingError) -> String {
    switch error {
    case .malformed: "ValueError"
    case .tooManyFractionDigits: "BigNum128Error"
    case .overflow: "OverflowError"
    }
  }
}

/// A result or an error in the words of the vectors.
private struct Outcome: Equatable {
  let result: JSONValue
  let error: JSONValue

  init(recorded item: JSONObject) {
    result = item["result"] ?? .null
    error = item["error"] ?? .null
  }

  init(_ operation: String, _ a: BigNum128, _ b: BigNum128) {
    do throws(ArithmeticError) {
      result = .text(String(try Outcome.compute(operation, a, b).raw))
      error = .null
    } catch {
      result = .null
      self.error = .text(error == .overflow ? "OverflowError" : "ZeroDivisionError")
    }
  }

  private static func compute(_ operation: String, _ a: BigNum128, _ b: BigNum128) throws(ArithmeticError) -> BigNum128
  {
    switch operation {
    case "add": return try CertifiedMath.add(a, b)
    case "sub": return CertifiedMath.subtract(a, b)
    case "mul": return try CertifiedMath.multiply(a, b)
    case "div": return try CertifiedMath.divide(a, b)
    case "mod": return try CertifiedMath.modulo(a, b)
    default: preconditionFailure("the vectors hold no operation \(operation)")
    }
  }
}
