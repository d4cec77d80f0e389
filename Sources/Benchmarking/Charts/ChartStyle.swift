/// How charts look: the colours of the reader's choice, in the picture itself. No variables, which some programs that show SVG
/// do not know.
enum ChartStyle {
  /// Colours of as many series; each has a shape of its own besides.
  static let seriesCount = 3

  static let text = light + dark

  private static let light = """

    text { font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif; fill: #16181d; }
    .title { font-size: 18px; font-weight: 650; } .name { font-weight: 600; } .soft { fill: #565c68; font-size: 12px; }
    .ground { fill: #fff; } .grid { stroke: #dfe2e7; } .base { stroke: #8a919e; } path { fill: none; }
    .line { stroke-width: 2; stroke-linejoin: round; } .whisker { stroke-width: 1.5; }
    .s0 { stroke: #1f63b5; } .s1 { stroke: #b4500f; } .s2 { stroke: #2a7a46; }
    .m0 { fill: #1f63b5; } .m1 { fill: #b4500f; } .m2 { fill: #2a7a46; }
    .reference { stroke: #6a717d; stroke-dasharray: 6 5; }

    """

  private static let dark = """
    @media (prefers-color-scheme: dark) {
      text { fill: #e6e8ec; } .soft { fill: #a2a9b5; } .ground { fill: #121417; } .grid { stroke: #2d3138; }
      .base { stroke: #7d8592; }
      .s0 { stroke: #76aaf5; } .s1 { stroke: #f0985a; } .s2 { stroke: #72cc97; }
      .m0 { fill: #76aaf5; } .m1 { fill: #f0985a; } .m2 { fill: #72cc97; } .reference { stroke: #9aa2ae; }
    }

    """
}
