internal import StorageProtocol

/// How the live page looks.
enum LiveStyle {
  /// Of the text as it stands between the tags: what the page's policy names.
  static let digest = Digest.sha256(Array(text.utf8))

  static let text = """
    :root{--ink:#1a1c1f;--soft:#5b6068;--line:#d9dce1;--back:#f6f7f9;--card:#fff;--fill:#2f6fde;--track:#e4e7ec;\
    --good:#116b38;--warned:#8a5300;--bad:#b3261e;--neutral:#4a5058}
    @media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3a9b3;--line:#383d45;--back:#14161a;--card:#1d2025;\
    --fill:#6ea0ff;--track:#32363e;--good:#6fd49a;--warned:#f2bd6b;--bad:#ff9a92;--neutral:#b4bac3}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:68rem;padding:1rem;background:var(--back);color:var(--ink);\
    font:16px/1.45 system-ui,sans-serif}
    header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem .75rem}
    header nav{margin-left:auto}
    h1,h2,p,dl,dd,figure,ul{margin:0}
    h1{font-size:1.35rem}
    h2{font-size:1.15rem;overflow-wrap:anywhere}
    a{color:var(--fill)}
    header p,.log,.note,dt,figcaption,thead th{color:var(--soft)}
    .run{display:grid;gap:1rem;margin:1rem 0;padding:1rem;background:var(--card);border:1px solid var(--line);\
    border-radius:.6rem}
    .run>*{min-width:0}
    .log{overflow-wrap:anywhere}
    .badge{display:inline-block;padding:0 .55rem;border:1px solid;border-radius:1rem;font-size:.85rem;\
    color:var(--neutral)}
    .badge.running{color:var(--fill)}.badge.good{color:var(--good)}.badge.warned{color:var(--warned)}\
    .badge.bad,.problems{color:var(--bad)}
    .problems{padding-left:1.2rem;overflow-wrap:anywhere}
    div.whole{display:grid;gap:.4rem;color:var(--soft)}
    .whole strong{font-size:1.6rem;line-height:1.1;color:var(--ink)}
    svg{display:block;width:100%}
    .bar{height:.6rem;border-radius:.3rem}
    .track{fill:var(--track)}.fill,polygon{fill:var(--fill)}
    .rate svg{height:5rem;margin-top:.3rem;border-bottom:1px solid var(--line)}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem}
    dt{font-size:.85rem}
    dd{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    .wide{overflow-x:auto}
    table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
    th,td{padding:.35rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
    thead th{font-size:.85rem;font-weight:400}
    tbody th{font-weight:600;white-space:nowrap}
    .number{text-align:right;white-space:nowrap}
    .steps th:nth-child(3),.steps th:nth-child(4){text-align:right}
    .part{width:35%;min-width:3rem;vertical-align:middle}
    .result td{overflow-wrap:anywhere}
    .waiting th,.waiting td,.skipped th,.skipped td{color:var(--soft)}
    @media (max-width:32rem){.steps{font-size:.875rem}.steps th,.steps td{padding:.35rem .3rem}}
    footer nav{display:flex;flex-wrap:wrap;gap:1rem}

    """
}
