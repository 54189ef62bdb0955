import { dark, light, type Palette } from "../picture/palette.ts";

/** Colours of a page that the picture of a plan does not have. A word stands wherever one of them does. */
export interface Tones {
  readonly good: string;
  readonly bad: string;
}

export const lightTones: Tones = { good: "#187045", bad: "#b3261e" };
export const darkTones: Tones = { good: "#74d8a4", bad: "#ff9d94" };

/** Paths are told apart by so many colours and fillings, which then come again. */
export const pathKinds = light.gateways.length;

/** The page's style sheet. Paper is light, whatever the reader's screen is. */
export function styleSheet(): string {
  return [
    `:root{${variables(light, lightTones)}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${variables(dark, darkTones)}}}`,
    text,
    table,
    details,
    timeline,
    print,
  ].join("\n");
}

function variables(palette: Palette, tones: Tones): string {
  const { background, panel, card, border, text: ink, quiet, warn, gateways } = palette;
  const named = { background, panel, card, border, text: ink, quiet, warn, ...tones };
  return [
    "color-scheme:light dark",
    ...Object.entries(named).map(([name, colour]) => `--${name}:${colour}`),
    ...gateways.map((colour, index) => `--path${index}:${colour}`),
  ].join(";");
}

const text = `
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:20px 24px 60px;background:var(--background);color:var(--text);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
h1{font-size:26px;line-height:1.25;margin:8px 0}
h2{font-size:21px;margin:40px 0 8px;padding-top:12px;border-top:2px solid var(--border)}
h3{font-size:16px;margin:28px 0 6px}
h3 .quiet{font-weight:400}
p{margin:6px 0;max-width:78ch}
a{color:inherit}
ul{margin:6px 0;padding-left:20px}
.quiet{color:var(--quiet)}
.verdict{font-weight:600}
.pass{color:var(--good)}.partial,.safe{color:var(--warn)}.fail{color:var(--bad)}
`;

const table = `
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;width:100%;margin:10px 0}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--border)}
thead th{border-bottom-width:2px}
th[scope=row]{font-weight:400;overflow-wrap:anywhere;min-width:130px}
.time{white-space:nowrap;font-variant-numeric:tabular-nums}
td a{display:block;text-decoration-color:var(--border)}
`;

const details = `
details{background:var(--panel);border:1px solid var(--border);border-radius:8px;margin:8px 0;padding:0 14px}
summary{cursor:pointer;padding:8px 0}
details[open]{padding-bottom:12px}
details table{font-size:13px}
:target{outline:2px solid var(--border);outline-offset:6px}
`;

const timeline = `
figure{margin:8px 0 4px}
figure svg{display:block;width:100%;overflow:visible}
svg text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--text)}
svg text{paint-order:stroke;stroke:var(--panel);stroke-width:3;stroke-linejoin:round}
svg .axis text{fill:var(--quiet)}
.scene{padding:0 12px}
.band{fill:var(--warn);fill-opacity:.13}
.edge{stroke:var(--warn);stroke-width:1.5;stroke-dasharray:4 3}
.axis line,.floor{stroke:var(--border);stroke-width:1}
.unanswered{fill:url(#unanswered);stroke:var(--bad);stroke-width:1}
.token{stroke:var(--text);stroke-width:2.5}
.tick{stroke-width:2}
.ink{fill:none;stroke:var(--background);stroke-width:1.6}
.dots{fill:var(--background)}
.ground{fill:var(--background)}
.hatch{fill:none;stroke:var(--bad);stroke-width:1.1}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:10px 0;padding:0;font-size:13px}
.legend svg{width:34px;height:14px;vertical-align:-2px;margin-right:6px}
${Array.from({ length: pathKinds }, (_, index) => `.path${index}{fill:url(#path${index});stroke:var(--path${index});stroke-width:1.2}.stroke${index}{stroke:var(--path${index})}.fill${index}{fill:var(--path${index})}`).join("\n")}
@media (max-width:600px){
body{padding:12px 12px 40px;font-size:14px}
details{padding:0 8px}
table{font-size:12.5px}
th,td{padding-right:7px}
}
`;

const print = `
@media print{
body{max-width:none;padding:0;font-size:11px}
p{margin:3px 0;max-width:none}
table,details table{font-size:10px;margin:4px 0}
th,td{padding:1px 8px 1px 0}
h2{break-before:page}
h2:first-of-type{break-before:auto}
h3{margin:10px 0 2px}
h3,summary{break-after:avoid}
summary{padding:3px 0}
details{break-inside:avoid;background:none;margin:4px 0}
details[open]{padding-bottom:4px}
details::details-content{content-visibility:visible;block-size:auto}
svg,.legend{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
