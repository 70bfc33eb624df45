/** The look of the HTML report: no script, no font or image to load, both colour schemes, paper. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;
--bg:#f6f7f9;--card:#fff;--ink:#171a1f;--soft:#4d5561;--faint:#656d7a;--line:#dfe3e9;--code:#eef1f5;--accent:#2458c6;
--red:#b3261e;--red-bg:#fdecea;--amber:#8a5300;--amber-bg:#fff3dc;--violet:#6a35b1;--violet-bg:#f2eafc;
--teal:#0b6b66;--teal-bg:#e0f4f2;--grey:#525b68;--grey-bg:#edf0f3;--radius:8px}
@media (prefers-color-scheme:dark){:root{
--bg:#101317;--card:#181c22;--ink:#e8ebf0;--soft:#b0b8c4;--faint:#949dab;--line:#2b313a;--code:#222832;--accent:#8fb4ff;
--red:#ff9b92;--red-bg:#3a1c1b;--amber:#f4c069;--amber-bg:#372a12;--violet:#cdadfb;--violet-bg:#2c2040;
--teal:#74d6cd;--teal-bg:#12312f;--grey:#b3bbc7;--grey-bg:#262c35}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 "Inter Variable",Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
footer{padding-top:24px;padding-bottom:48px;color:var(--faint);font-size:13px}
h1{font-size:28px;line-height:1.2;letter-spacing:-.015em;margin:4px 0 8px;text-wrap:balance}
h2{font-size:18px;letter-spacing:-.005em;margin:40px 0 4px}
h3{font-size:16px;margin:0;overflow-wrap:anywhere}
p{margin:0 0 12px}
a{color:var(--accent);text-underline-offset:2px}
a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.brand{font-size:13px;font-weight:650;letter-spacing:.02em;color:var(--soft);margin:0}
.lead,.note{color:var(--soft);max-width:52em}
.note{font-size:13px;margin-bottom:12px}
.figures{display:grid;grid-template-columns:repeat(6,1fr);gap:1px;margin:24px 0 0;padding:0;background:var(--line);border:1px solid var(--line);border-radius:var(--radius);overflow:hidden}
.figures div{background:var(--card);padding:12px 16px;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dt{color:var(--faint);font-size:13px}
.figures dd{margin:0;font-size:22px;font-weight:600;letter-spacing:-.01em}
.card{background:var(--card);border:1px solid var(--line);border-radius:var(--radius)}
.glance{list-style:none;margin:12px 0 0;padding:0}
.glance li{padding:12px 16px;border-top:1px solid var(--line);overflow-wrap:anywhere}
.glance li:first-child{border-top:0}
.glance .why{color:var(--soft)}
.arrow{color:var(--faint);padding:0 2px}
.program{margin-top:16px;padding:16px 20px 4px;break-inside:avoid-page}
.program>header{padding:0;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
.program>header .path{color:var(--faint);font-size:13px;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:minmax(110px,max-content) 1fr;gap:3px 16px;margin:0;font-size:14px}
.facts.identity{margin:8px 0 4px}
.facts dt{color:var(--faint)}
.facts dd{margin:0;overflow-wrap:anywhere;min-width:0}
.contact{border-top:1px solid var(--line);padding:14px 0 12px;margin-top:12px;break-inside:avoid}
.contact h4{font-size:15px;margin:0 0 8px;display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;overflow-wrap:anywhere}
.badge{display:inline-block;font-size:12px;font-weight:600;line-height:1.4;padding:1px 8px;border-radius:99px;border:1px solid transparent;white-space:nowrap;color:var(--grey);background:var(--grey-bg)}
.badge.red{color:var(--red);background:var(--red-bg)}
.badge.amber{color:var(--amber);background:var(--amber-bg)}
.badge.violet{color:var(--violet);background:var(--violet-bg)}
.badge.teal{color:var(--teal);background:var(--teal-bg)}
.badge.suspected{background:none;border:1px dashed currentColor}
.off{list-style:none;margin:0;padding:0}
.off li{margin-bottom:4px}
.off .how{color:var(--faint);font-size:13px}
code{font:13px/1.5 ui-monospace,"JetBrains Mono","SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--code);border-radius:4px;padding:1px 5px;overflow-wrap:anywhere;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.scroll{overflow-x:auto;margin-top:12px}
table{border-collapse:collapse;width:100%;font-size:13px}
caption{text-align:left;padding:0;position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:8px 12px;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--faint);font-weight:550;white-space:nowrap}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:150px;max-width:220px}
td.number,th.number{text-align:right;white-space:nowrap}
td.number .sub{white-space:normal;min-width:120px}
thead th:last-child{white-space:normal}
td.name{overflow-wrap:anywhere;min-width:220px}
td .badge{white-space:normal}
td.for{min-width:108px}
td.over{min-width:118px}
td .sub,th .sub{display:block;color:var(--faint);font-weight:400}
td.time{white-space:nowrap}
.plain{color:var(--faint)}
.gaps{margin:12px 0 0;padding:4px 20px;list-style:none}
.gaps li{padding:8px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.gaps li:first-child{border-top:0}
.gaps .detail{display:block;color:var(--faint);font-size:13px}
.empty{margin-top:12px;padding:16px 20px;color:var(--soft)}
.method{max-width:58em;color:var(--soft);padding-left:20px}
.method li{margin-bottom:6px}
@media (max-width:860px){.figures{grid-template-columns:repeat(3,1fr)}}
@media (max-width:600px){.figures{grid-template-columns:repeat(2,1fr)}main,header,footer{padding-left:16px;padding-right:16px}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:6px}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--faint:#555;--line:#ccc;--code:#f3f3f3;--accent:#000;--red:#8f1d16;--red-bg:#fff;--amber:#6b4000;--amber-bg:#fff;--violet:#4b2585;--violet-bg:#fff;--teal:#084f4b;--teal-bg:#fff;--grey:#333;--grey-bg:#fff}
body{font-size:10pt}main,header,footer{max-width:none;padding-left:0;padding-right:0}header{padding-top:0}
.badge{border-color:currentColor}.figures{grid-template-columns:repeat(6,1fr)}.figures dd{font-size:14pt}.scroll{overflow:visible}table{font-size:8pt}th,td{padding:4px 5px}thead th{white-space:normal}tbody th,td.name,td.for,td.over{min-width:0}tbody th{width:17%}td.name{width:30%}td .badge{font-size:7pt;padding:0 5px}thead{display:table-header-group}tr{break-inside:avoid}h2,h3,h4{break-after:avoid}
.contact a[href]::after{content:" (" attr(href) ")";font-size:8pt;color:#555;overflow-wrap:anywhere}}
@page{margin:16mm 14mm}
`.trim();
