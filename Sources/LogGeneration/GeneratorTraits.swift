/// What the logs of a generator look like; likelihoods in percent.
package struct GeneratorTraits: Sendable {
  package var entryCount = 100
  /// A control entry in place of a data entry.
  package var controlPercent: UInt64 = 30
  /// A STORE of the runbook dialect, with placeholder content.
  package var placeholderPercent: UInt64 = 20
  /// A STORE of the event dialect that lost its payload.
  package var carriedPercent: UInt64 = 25
  /// A control call that a live engine made and nobody logged, so that what follows diverges.
  package var unloggedPercent: UInt64 = 0
  /// An entry that must be rejected or is of unknown type, before a good one.
  package var faultPercent: UInt64 = 0

  package init() {}

  /// A log that explains itself: nothing is missing, nothing is bad.
  package static let intact = GeneratorTraits()

  /// A log with control calls missing and bad entries between the good ones.
  package static var damagedByLife: GeneratorTraits {
    var traits = GeneratorTraits()
    traits.unloggedPercent = 30
    traits.faultPercent = 20
    return traits
  }
}
