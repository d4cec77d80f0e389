/// A random number generator that repeats: SplitMix64 (Steele, Lea, Flood 2014). A failing test prints its seed.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Whether a thing of this likelihood, in percent, happens.
  package mutating func happens(percent: UInt64) -> Bool { next() % 100 < percent }

  /// A number from 0 to `bound` − 1.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "there is nothing to choose from")
    return Int(next() % UInt64(bound))
  }

  /// One of `choices`.
  package mutating func choice<Choice>(_ choices: [Choice]) -> Choice { choices[index(below: choices.count)] }
}
