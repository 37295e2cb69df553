/**
 * The style of an HTML transcript, and its hash for the content security policy (CSP level 3, 2.3.1: base64 of
 * the SHA-256 of the element's exact text). A test holds the two together: with another style the page would
 * be shown without any.
 */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--paper:#fff;--card:#f6f8fa;--line:#d0d7de;--bad:#b31d28;--warn:#8a5a00;--good:#1a6b33}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9da7b1;--paper:#0d1117;--card:#161b22;--line:#30363d;--bad:#ff8a80;--warn:#e3b341;--good:#6fdd8b}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:72rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:0 0 .5rem}
h2{font-size:1.3rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
h3{font-size:1.1rem;margin:1.5rem 0 .3rem}
h4{font-size:1rem;margin:1rem 0 .2rem}
a{color:inherit}
code,pre{font:.875em/1.45 ui-monospace,monospace}
code{background:var(--card);border-radius:3px;padding:0 .2em}
pre{background:var(--card);border:1px solid var(--line);border-radius:4px;padding:.6rem;margin:.4rem 0;white-space:pre-wrap}
ul{margin:.2rem 0;padding-left:1.4rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid var(--line)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0}
dt{color:var(--dim)}
dd{margin:0}
details{margin:.25rem 0}
summary{cursor:pointer}
time{white-space:nowrap;font-variant-numeric:tabular-nums}
svg{width:100%;height:auto}
svg text{fill:var(--ink);font:12px system-ui,sans-serif}
svg rect{fill:var(--dim)}
.bad,.failed,.malicious{color:var(--bad);font-weight:600}
.warn,.suspicious,.unknown,.skipped,.reopened,.undone,.todo,.running{color:var(--warn);font-weight:600}
.done,.by-hand,.good{color:var(--good);font-weight:600}
svg rect.failed{fill:var(--bad)}
svg rect.done,svg rect.by-hand{fill:var(--good)}
.dim{color:var(--dim)}
.drill{border:2px solid var(--warn);padding:.4rem .8rem}
@media print{
:root{color-scheme:light;--ink:#000;--dim:#444;--paper:#fff;--card:#fff;--line:#999;--bad:#900;--warn:#640;--good:#040}
body{max-width:none;padding:0;font-size:10pt}
details::details-content{content-visibility:visible;display:block;height:auto}
h2,h3,h4,summary{break-after:avoid}
tr,li>pre{break-inside:avoid}
nav{display:none}
}
`;

export const STYLE_HASH = 'sha256-V5xT7MLrA1ZisvyvCfmT+QfJ/C5P23VNXhNYxnCJ8/s=';
