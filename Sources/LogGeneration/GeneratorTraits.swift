package import StorageProtocol

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
  /// A public read or an entry of unknown type, before another one.
  package var idlePercent: UInt64 = 0
  /// An entry logged otherwise than the live engine emitted it: see ``Alteration``.
  package var alteredPercent: UInt64 = 0
  /// An entry spelled as no engine spells it: see ``Respelling``.
  package var respelledPercent: UInt64 = 0
  /// A proof that says something else than the shard it proves: see ``StrangeProof``.
  package var strangeProofPercent: UInt64 = 0
  /// A carried STORE of content that nobody holds, so that counters of nodes overflow. Such logs lose no field that makes
  /// them carried, for replaying them with placeholders would take the memory of the content.
  package var hugePercent: UInt64 = 0
  /// Nodes besides the few with odd ids.
  package var extraNodeCount = 0
  /// Distinct object ids, at most; with few, objects are replaced all the time.
  package var objectCount = 11
  /// Whether the first AEGIS_CONTEXT is staged: see ``ContextStaging``. None comes before it then.
  package var stagesFirstContext = false
  /// What the log is recorded and to be replayed under.
  package var configuration = ReplayConfiguration()
  /// Whether the configuration is drawn from the seed instead, with chunks and blocks of a few bytes: many chunks, orphans
  /// and shapes of trees in a short log.
  package var drawsConfiguration = false
  /// Sizes of contents; nil for sizes around the bounds of chunks.
  package var contentSizes: [Int]?

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

/// Short logs with everything in them, each with more of one thing.
extension GeneratorTraits {
  /// Every kind of entry, whole and broken.
  package static var everything: GeneratorTraits {
    var traits = GeneratorTraits.damagedByLife
    traits.entryCount = 60
    traits.faultPercent = 10
    traits.idlePercent = 5
    traits.alteredPercent = 30
    traits.respelledPercent = 25
    traits.strangeProofPercent = 35
    traits.drawsConfiguration = true
    return traits
  }

  /// Small chunks, nothing altered: replaced objects, orphans, proofs of them.
  package static var replacing: GeneratorTraits {
    var traits = GeneratorTraits()
    traits.entryCount = 50
    traits.controlPercent = 10
    traits.objectCount = 3
    traits.unloggedPercent = 10
    traits.idlePercent = 5
    traits.strangeProofPercent = 10
    traits.drawsConfiguration = true
    return traits
  }

  /// The first AEGIS_CONTEXT where the cached list of eligible nodes matters.
  package static var sticky: GeneratorTraits {
    var traits = GeneratorTraits()
    traits.entryCount = 30
    traits.controlPercent = 25
    traits.stagesFirstContext = true
    traits.alteredPercent = 10
    traits.faultPercent = 5
    traits.unloggedPercent = 10
    traits.drawsConfiguration = true
    return traits
  }

  /// More nodes than a list of a few.
  package static var crowded: GeneratorTraits {
    var traits = GeneratorTraits.everything
    traits.entryCount = 120
    traits.controlPercent = 45
    traits.extraNodeCount = 60
    traits.alteredPercent = 10
    return traits
  }

  /// Counters of nodes overflow after a few dozen placements.
  package static var overflowingCounters: GeneratorTraits {
    var traits = GeneratorTraits()
    traits.entryCount = 70
    traits.controlPercent = 8
    traits.hugePercent = 65
    traits.alteredPercent = 15
    traits.stagesFirstContext = true
    traits.contentSizes = [0, 1, 5, 1025]
    traits.configuration.constants.chunkBytes = 1 << 60
    traits.configuration.contentBytesMax = 1 << 63
    return traits
  }

  /// The total of fees overflows, and the fee of a single STORE.
  package static var overflowingFees: GeneratorTraits {
    var traits = GeneratorTraits()
    traits.entryCount = 80
    traits.controlPercent = 12
    traits.alteredPercent = 10
    traits.stagesFirstContext = true
    traits.contentSizes = [0, 1, 1024, 1025, 3000, 5000, 80_000]
    traits.configuration.constants.chunkBytes = 2048
    traits.configuration.constants.atrCostPerKibibyte = 1 << 63
    return traits
  }

  /// The protocol's own constants, everything else as in ``everything``.
  package static var fullSize: GeneratorTraits {
    var traits = GeneratorTraits.everything
    traits.entryCount = 25
    traits.drawsConfiguration = false
    traits.contentSizes = [0, 1, 1023, 1024, 1025, 4095, 4096, 4097, 12_289, 262_143, 262_145]
    return traits
  }
}

extension ReplayConfiguration {
  /// A configuration with small chunks.
  static func small(_ random: inout SeededGenerator) -> ReplayConfiguration {
    var configuration = ReplayConfiguration()
    configuration.constants.chunkBytes = random.choice([1, 7, 16, 64, 100, 136, 137, 1024])
    configuration.constants.merkleBlockBytes = random.choice([1, 5, 16, 64, 136, 4096])
    configuration.constants.replicationFactor = random.choice([3, 3, 3, 1, 2, 5, 8])
    configuration.constants.schemaVersion = random.choice(["1.0", "1.0", "1.0", "", "2.\u{E9}"])
    configuration.constants.atrCostPerKibibyte = random.choice([100, 100, 0, 1, 999_999_999_999])
    configuration.contentBytesMax = max(8 * configuration.constants.chunkBytes, 40)
    configuration.profile = random.choice(PlaceholderProfile.allCases)
    return configuration
  }
}
