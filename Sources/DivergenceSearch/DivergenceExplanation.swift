package import GoldenTrace
package import LogReading
package import StorageProtocol

/// What is known of a divergence: both values of everything that differs, and why the log's side has its own.
package struct DivergenceExplanation: Sendable {
  /// As a `bisect` document has it under `divergence`.
  package let json: JSONObject
  /// A sentence for people.
  package let reason: String
  /// Whether the sides differ at the entry, or at the event that was sighted.
  package let differs: Bool
  /// Whether the entries of the case alone give what the whole log gave: counters and totals may need more of it.
  package let isShown: Bool

  /// - Throws: `.trace` for a trace that can no longer be read; `.log`.
  package init(
    _ divergence: DivergenceCase, _ trace: TraceReader, _ configuration: ReplayConfiguration
  ) throws(SearchError) {
    let log: LogSide
    let golden: GoldenSide
    do throws(LogError) { log = try LogSide(divergence, configuration) } catch { throw .log(error) }
    do throws(TraceError) {
      golden = try GoldenSide(divergence, trace)
    } catch {
      throw .trace(error)
    }
    let sides = DivergenceSides(divergence: divergence, log: log, golden: golden)
    json = sides.json
    reason = sides.reason
    differs = sides.differ
    isShown = sides.isShown
  }
}

/// Why a search ended without a result.
package enum SearchError: Error {
  case log(LogError)
  case trace(TraceError)
}
