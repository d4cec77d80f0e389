internal import PageMarkup

/// Entries a second of the last minute as an area.
struct RateGraph {
  private static let height: UInt64 = 100

  private let rates: [UInt64]

  init(_ rates: [UInt64]) { self.rates = rates }

  var figure: Markup {
    let most = rates.max() ?? 0
    guard rates.count > 1, most > 0 else {
      return .tag("p", ["class": "note rate"], text: "Entries a second over time: nothing was measured yet.")
    }
    let caption = "Entries a second: now \(Figures.count(rates[rates.count - 1])), at most \(Figures.count(most))"
    return .tag(
      "figure", ["class": "rate"],
      [
        .tag("figcaption", text: caption),
        .tag(
          "svg",
          [
            "viewBox": "0 0 \(rates.count - 1) \(RateGraph.height)", "preserveAspectRatio": "none", "role": "img",
            "aria-label": caption,
          ],
          [.tag("polygon", ["points": points(most)])]),
      ])
  }

  /// Along the rates, and back along the bottom.
  private func points(_ most: UInt64) -> String {
    let line = rates.enumerated().map { place, rate in
      "\(place),\(RateGraph.height - UInt64(UInt128(rate) * UInt128(RateGraph.height) / UInt128(most)))"
    }
    return (["0,\(RateGraph.height)"] + line + ["\(rates.count - 1),\(RateGraph.height)"]).joined(separator: " ")
  }
}
