internal import StorageProtocol

/// How the page looks, and the policy that lets a browser use this style sheet and load or run nothing else.
package enum StyleSheet {
  /// The content security policy. The style sheet is named by its digest, so that no other is used, wherever it came from.
  package static let policy: String = {
    let digest = String(decoding: Base64Text.encode(Digest.sha256(Array(text.utf8)).bytes), as: UTF8.self)
    return "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'"
  }()

  package static let text = colours + page + parts + charts + print

  /// Every pair of a text and its ground has a contrast of at least 4.5 to 1.
  private static let colours = """

    :root { color-scheme: light dark; --ground: #fff; --raised: #f6f7f9; --ink: #16181d; --soft: #565c68; --line: #dfe2e7;
      --link: #1f5fbf; --bar: #3f74c7; --quiet: #e9ecf1; --good: #12703c; --good-ground: #e8f5ed; --warned: #7d4e00;
      --warned-ground: #fdf2d9; --bad: #ab1f17; --bad-ground: #fdebe9; --open: #49505c; --open-ground: #eef0f3; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --ground: #121417; --raised: #1a1d22; --ink: #e6e8ec; --soft: #a2a9b5; --line: #2d3138; --link: #8ab4f8;
        --bar: #6c9ff0; --quiet: #262a31; --good: #7ad7a0; --good-ground: #12301f; --warned: #f2c66d;
        --warned-ground: #33280e; --bad: #ff9f96; --bad-ground: #3d1815; --open: #b6bdc9; --open-ground: #23272e; } }

    """

  private static let page = """
    * { box-sizing: border-box; }
    html { background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body { max-width: 66rem; margin: 0 auto; padding: 3rem 2rem 4rem;
      font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif; overflow-wrap: break-word; }
    h1 { font-size: 2rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; margin: 0.25rem 0 0.5rem;
      overflow-wrap: anywhere; }
    h2 { font-size: 1.3rem; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 1rem; }
    h3 { font-size: 0.95rem; font-weight: 650; margin: 2rem 0 0.6rem; }
    p, ul { margin: 0 0 1rem; max-width: 46rem; }
    ul { padding-left: 1.2rem; } li { margin: 0.25rem 0; } a { color: var(--link); }
    section { border-top: 1px solid var(--line); padding-top: 1.75rem; margin-top: 2.75rem; scroll-margin-top: 1rem; }
    .above, .below { color: var(--soft); margin: 0; font-size: 0.9rem; } .note { color: var(--soft); }
    nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; padding: 0; margin: 1.5rem 0 0;
      max-width: none; font-size: 0.85rem; } nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
    footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1.25rem; color: var(--soft); font-size: 0.85rem; }
    code { font: 0.86em/1.5 ui-monospace, "SF Mono", "DejaVu Sans Mono", "Liberation Mono", monospace; overflow-wrap: anywhere; }
    strong { font-weight: 650; } small { display: block; color: var(--soft); font-size: 0.82rem; line-height: 1.4; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }

    """

  private static let parts = """
    .verdict { border: 1px solid; border-radius: 12px; padding: 1.4rem 1.6rem; margin-bottom: 1.25rem; }
    .verdict p { margin: 0; } .verdict .meaning { color: var(--ink); font-size: 1.05rem; margin-top: 0.4rem; }
    .badge { font-size: 1.75rem; line-height: 1.2; font-weight: 700; letter-spacing: 0.02em; }
    .badge .sign { display: inline-block; min-width: 1.3em; }
    .good { color: var(--good); } .warned { color: var(--warned); } .bad { color: var(--bad); } .open { color: var(--open); }
    .verdict.good { background: var(--good-ground); } .verdict.warned { background: var(--warned-ground); }
    .verdict.bad { background: var(--bad-ground); } .verdict.open { background: var(--open-ground); }
    .status { font-weight: 600; white-space: nowrap; } .status .sign { display: inline-block; min-width: 1.2em; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; margin: 1.5rem 0; }
    .tiles div { background: var(--raised); border-radius: 10px; padding: 0.9rem 1.1rem; display: flex;
      flex-direction: column-reverse; justify-content: flex-end; }
    .tiles dt { color: var(--soft); font-size: 0.82rem; line-height: 1.35; }
    .tiles dd { margin: 0; font-size: 1.4rem; line-height: 1.35; font-weight: 600; font-variant-numeric: tabular-nums;
      overflow-wrap: anywhere; }
    dl { margin: 0 0 1rem; } dl:not(.tiles) > div { display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: 0 1.5rem;
      padding: 0.45rem 0; border-top: 1px solid var(--line); } dl:not(.tiles) > div:first-child { border-top: 0; }
    dl:not(.tiles) dt { color: var(--soft); font-size: 0.9rem; } dl:not(.tiles) dd { margin: 0; overflow-wrap: anywhere; }
    .equation { display: flex; flex-wrap: wrap; gap: 1rem 0.9rem; margin: 1.25rem 0 1.5rem; }
    .term { display: grid; grid-template-columns: auto auto; column-gap: 0.9rem; align-items: baseline; }
    .term b { font-size: 1.5rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
    .term .absent { font-size: 1.05rem; font-weight: 400; color: var(--soft); }
    .operator { font-size: 1.2rem; color: var(--soft); } .operator:empty { display: none; }
    .term .name { grid-column: 2; color: var(--soft); font-size: 0.85rem; } .operator:empty ~ .name { grid-column: 1; }
    .scroll { overflow-x: auto; margin: 0 0 1.25rem; } table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
    th { text-align: left; font-weight: 600; font-size: 0.82rem; color: var(--soft); border-bottom: 1px solid var(--line);
      padding: 0.4rem 1.25rem 0.4rem 0; white-space: nowrap; vertical-align: bottom; }
    td { border-bottom: 1px solid var(--line); padding: 0.5rem 1.25rem 0.5rem 0; vertical-align: top; line-height: 1.5; }
    th:last-child, td:last-child { padding-right: 0; } tbody tr:last-child td { border-bottom: 0; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; width: 1%; }
    .words code { overflow-wrap: normal; } td.id { min-width: 5rem; overflow-wrap: anywhere; }
    td.value { min-width: 11rem; overflow-wrap: anywhere; } td.words:last-child { min-width: 8rem; overflow-wrap: anywhere; } .bar { width: 40%; min-width: 7rem; }
    details { margin: 0 0 1rem; } summary { cursor: pointer; color: var(--link); font-size: 0.9rem; padding: 0.25rem 0; }

    """

  private static let charts = """
    svg { display: block; width: 100%; } .chart { margin: 1.5rem 0 2rem; }
    figcaption { font-size: 0.9rem; font-weight: 600; margin-bottom: 0.75rem; }
    .plot { display: grid; grid-template-columns: 5rem minmax(0, 1fr); gap: 0.75rem; } .plot svg { height: 11rem; }
    .failed .plot svg { height: 6rem; } .plot rect { fill: var(--bar); } .failed rect { fill: var(--bad); }
    .plot line { stroke: var(--line); stroke-width: 1; }
    .scale { display: flex; flex-direction: column; justify-content: space-between; margin: -0.6rem 0; text-align: right; }
    .scale, .names { color: var(--soft); font-size: 0.78rem; line-height: 1.2rem; font-variant-numeric: tabular-nums; }
    .names { display: flex; justify-content: space-between; margin: 0.5rem 0 0 5.75rem; }
    .each { justify-content: stretch; } .each span { flex: 1 1 0; min-width: 0; text-align: center; }
    .share { height: 0.6rem; margin-top: 0.5rem; } .share rect { fill: var(--bar); } .share .whole { fill: var(--quiet); }

    """

  private static let print = """
    @media (max-width: 40rem) {
      body { padding: 1.75rem 1.1rem 3rem; } h1 { font-size: 1.5rem; } .verdict { padding: 1.1rem 1.2rem; }
      dl:not(.tiles) > div { grid-template-columns: minmax(0, 1fr); } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      .tiles div:last-child:nth-child(odd) { grid-column: span 2; }
      th, td { padding-right: 0.75rem; } td { font-size: 0.85rem; } td.words:first-child { min-width: 6rem; }
      .bar { width: 20%; min-width: 3.5rem; } .plot { grid-template-columns: 3.6rem minmax(0, 1fr); } .names { margin-left: 4.35rem; } .plot svg { height: 8rem; } }
    @page { margin: 16mm 14mm; }
    @media print {
      html { font-size: 9.5pt; } body { max-width: none; padding: 0; } nav, summary { display: none; } a { color: inherit; }
      section { margin-top: 1.5rem; padding-top: 1rem; } h2, h3, figcaption { break-after: avoid; }
      tr, figure, .verdict, .tiles, .equation, dl > div { break-inside: avoid; } .scroll { overflow: visible; } thead { display: table-header-group; }
      .verdict, .tiles div, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }

    """
}
