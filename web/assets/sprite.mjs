// Writes sprite.svg from the Lucide icons named below (ISC licence, see the header it writes).
// Run it with `npm run sprite` after changing the list; the result is committed, so that a
// build without npm still has its icons.
import { readFileSync, writeFileSync } from "node:fs";

const icons = {
  "check": "check",
  "x": "x",
  "partial": "circle-dot-dashed",
  "help": "circle-question-mark",
  "alert": "triangle-alert",
  "arrow-down": "arrow-down",
  "arrow-up": "arrow-up",
  "arrow-right": "arrow-right",
  "map-pin": "map-pin",
  "map": "map",
  "phone": "phone",
  "mail": "mail",
  "plus": "plus",
  "printer": "printer",
  "clock": "clock",
  "external": "external-link",
  "search": "search",
  "filter": "list-filter",
  "user": "circle-user-round",
  "menu": "menu",
  "download": "download",
  "link": "link",
  "lock": "lock",
  "pencil": "pencil",
  "hidden": "eye-off",
  "soon": "hourglass",
  "absent": "circle-dashed",
  "none": "circle-slash",
  "info": "info",
  "refresh": "refresh-cw",
  "pause": "circle-pause",
  "play": "circle-play",
  "building": "building-2",
  "people": "users",
  "handshake": "handshake",
};

const dir = new URL("./node_modules/lucide-static/icons/", import.meta.url);
const symbols = Object.entries(icons).map(([id, file]) => {
  const svg = readFileSync(new URL(`${file}.svg`, dir), "utf8");
  const inner = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*$/, "");
  return `<symbol id="${id}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
});
const licence = readFileSync(new URL("./node_modules/lucide-static/LICENSE", import.meta.url), "utf8").trim();
writeFileSync(new URL("./sprite.svg", import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Icons from Lucide, https://lucide.dev\n${licence.replace(/-{2,}/g, "—")}\n-->\n${symbols.join("\n")}\n</svg>\n`);
console.log(`sprite.svg: ${symbols.length} icons`);
