// Bundles what the pages load into dist/, which the binary embeds when it is there.
// Nothing in dist/ is committed but its README: a plain `go build` gives pages without the
// map and with the system's typeface, and everything else works.
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { build } from "esbuild";

const here = (path) => new URL(path, import.meta.url).pathname;
const out = here("./dist/");
const started = performance.now();

mkdirSync(out, { recursive: true });
for (const name of readdirSync(out)) {
  if (name !== "README") rmSync(out + name, { recursive: true });
}

const common = {
  bundle: true,
  minify: true,
  legalComments: "linked",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  logLevel: "warning",
  external: ["*.woff2"],
};

await build({
  ...common,
  entryPoints: { app: here("./src/app.js") },
  format: "esm",
  splitting: true,
  chunkNames: "[name]-[hash]",
  outdir: out,
});
// The map draws its tiles in a worker, which the page's policy wants from our own address.
await build({
  ...common,
  entryPoints: { "map-worker": here("./node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs") },
  format: "esm",
  outdir: out,
});
await build({ ...common, entryPoints: { map: here("./src/map.css"), fonts: here("./src/fonts.css") }, outdir: out });

for (const subset of ["latin", "latin-ext"]) {
  copyFileSync(
    here(`./node_modules/@fontsource-variable/source-sans-3/files/source-sans-3-${subset}-wght-normal.woff2`),
    `${out}source-sans-3-${subset}.woff2`,
  );
}
copyFileSync(here("./node_modules/@fontsource-variable/source-sans-3/LICENSE"), `${out}source-sans-3.LICENSE.txt`);
copyFileSync(here("./node_modules/maplibre-gl/LICENSE.txt"), `${out}maplibre-gl.LICENSE.txt`);

let bytes = 0;
for (const name of readdirSync(out)) bytes += statSync(out + name).size;
console.log(`assets: ${(bytes / 1024).toFixed(0)} KB in ${((performance.now() - started) / 1000).toFixed(1)} s`);
