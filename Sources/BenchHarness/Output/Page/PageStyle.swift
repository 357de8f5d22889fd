/// The look of the page, in the colours of its plots.
enum PageStyle {
  static let rules = """
    :root{--shade:#f4f6f8;--accent:#005a8e;--bar:#cfe3f1;--alarm:#9a3412;--alarm-shade:#fff4ec}
    @media(prefers-color-scheme:dark){
    :root{--shade:#1f242a;--accent:#7cc4f0;--bar:#1d435c;--alarm:#ffb38a;--alarm-shade:#33231a}
    }
    *{box-sizing:border-box}
    html{background:var(--plot-paper);color:var(--plot-ink);-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:72rem;padding:1.5rem 1rem 4rem;
    font:16px/1.5 system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}
    h1{font-size:1.75rem;line-height:1.2;margin:0 0 .75rem}
    h2{font-size:1.35rem;line-height:1.3;margin:2.5rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--plot-grid)}
    h3{font-size:1.1rem;margin:2rem 0 .5rem}
    p{margin:.5rem 0;max-width:46rem;overflow-wrap:anywhere}
    a{color:var(--accent)}
    a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0;padding:0;list-style:none}
    .skip{position:absolute;left:-100rem}
    .skip:focus{left:1rem;top:.5rem;background:var(--plot-paper);padding:.25rem .5rem}
    .scroll{overflow-x:auto;margin:.75rem 0 1.25rem}
    table{border-collapse:collapse;font-size:.875rem;line-height:1.4;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--plot-muted);padding:.25rem 0;white-space:nowrap}
    th,td{padding:.3rem .75rem;text-align:left;vertical-align:top;white-space:nowrap}
    th:first-child{padding-left:.5rem}
    thead th{color:var(--plot-muted);font-weight:600;border-bottom:1px solid var(--plot-grid)}
    tbody th{font-weight:400;position:sticky;left:0;background:var(--plot-paper)}
    tbody tr{border-bottom:1px solid var(--plot-grid)}
    .figure{text-align:right}
    tr.group th{background:var(--shade);font-weight:600}
    tr.group small{font-weight:400;font-size:.8125rem;color:var(--plot-muted);margin-left:.75rem}
    tr.emphasised th,tr.emphasised td{font-weight:600}
    td .wide{white-space:normal;min-width:13rem;display:inline-block;max-width:40rem}
    .share{display:inline-block;min-width:5rem;padding:0 .35rem;border-radius:2px;
    background:linear-gradient(to right,var(--bar) var(--share),transparent var(--share))}
    abbr{text-decoration:none;color:var(--plot-muted)}
    .muted{color:var(--plot-muted);font-size:.875rem}
    .warning{color:var(--alarm);background:var(--alarm-shade);border-left:4px solid var(--alarm);padding:.5rem .75rem}
    details{margin:.75rem 0}
    summary{cursor:pointer;color:var(--accent)}
    svg.plot{display:block;max-width:100%;min-width:38rem;height:auto}
    @media print{.scroll{overflow:visible}details{break-inside:avoid}}
    """
}
