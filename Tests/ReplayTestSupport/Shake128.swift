/// SHAKE128 (FIPS 202), by the definition: test contents of any length are made with it.
package enum Shake128 {
  private static let rateBytes = 168

  /// The first `count` bytes that `message` gives.
  package static func squeeze(_ message: [UInt8], count: Int) -> [UInt8] {
    var state = [UInt64](repeating: 0, count: 25)
    var padded = message + [0x1F]
    padded += Array(repeating: 0, count: (rateBytes - padded.count % rateBytes) % rateBytes)
    padded[padded.count - 1] |= 0x80
    for block in stride(from: 0, to: padded.count, by: rateBytes) {
      for index in 0..<rateBytes { state[index / 8] ^= UInt64(padded[block + index]) << UInt64(index % 8 * 8) }
      permute(&state)
    }
    var output: [UInt8] = []
    while output.count < count {
      output += (0..<rateBytes).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
      permute(&state)
    }
    return Array(output.prefix(count))
  }

  /// Keccak-f[1600]: theta, rho and pi, chi, iota, 24 times; the constants come from the shift register of section 3.2.5.
  private static func permute(_ state: inout [UInt64]) {
    var register: UInt8 = 1
    for _ in 0..<24 {
      let columns = (0..<5).map { x in (0..<5).reduce(UInt64(0)) { $0 ^ state[x + 5 * $1] } }
      for x in 0..<5 {
        let parity = columns[(x + 4) % 5] ^ rotated(columns[(x + 1) % 5], 1)
        for y in 0..<5 { state[x + 5 * y] ^= parity }
      }
      var (x, y, moved) = (1, 0, state[1])
      for step in 0..<24 {
        (x, y) = (y, (2 * x + 3 * y) % 5)
        let next = state[x + 5 * y]
        state[x + 5 * y] = rotated(moved, (step + 1) * (step + 2) / 2 % 64)
        moved = next
      }
      for y in 0..<5 {
        let row = (0..<5).map { state[$0 + 5 * y] }
        for x in 0..<5 { state[x + 5 * y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]) }
      }
      for bit in 0..<7 {
        if register & 1 == 1 { state[0] ^= 1 << ((1 << UInt64(bit)) - 1) }
        register = register & 0x80 == 0 ? register << 1 : register << 1 ^ 0x71
      }
    }
  }

  private static func rotated(_ word: UInt64, _ count: Int) -> UInt64 {
    count == 0 ? word : word << UInt64(count) | word >> UInt64(64 - count)
  }
}
