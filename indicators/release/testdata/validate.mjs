// Validates the metadata of a release with the tools that others use.
//   node validate.mjs PACKAGE.JSON datapackage SCHEMAS datapackage.json
//   node validate.mjs PACKAGE.JSON xml SCHEMAS MAIN.xsd FILE.xml
// PACKAGE.JSON is that of the folder where npm installed ajv and xmllint-wasm.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

const [, , manifest, kind, folder, ...rest] = process.argv;
const require = createRequire(manifest);

function fail(lines) {
  console.error(lines.join("\n"));
  process.exit(1);
}

function dataPackage(file) {
  const ajv = new (require("ajv"))({ strict: false, allErrors: true });
  require("ajv-formats")(ajv);
  ajv.addFormat("textarea", true); // a hint of the profile to editors
  const profile = JSON.parse(readFileSync(join(folder, "datapackage.json"), "utf8"));
  const given = JSON.parse(readFileSync(file, "utf8"));
  const validate = ajv.compile(profile);
  const errors = validate(given) ? [] : validate.errors.map((e) => `${e.instancePath}: ${e.message}`);
  const table = ajv.compile(JSON.parse(readFileSync(join(folder, "tableschema.json"), "utf8")));
  for (const r of given.resources.filter((r) => r.schema)) {
    if (!table(r.schema)) errors.push(...table.errors.map((e) => `${r.name}${e.instancePath}: ${e.message}`));
  }
  if (errors.length) fail(errors);
}

// xmllint in WebAssembly has one flat folder and no network: every schema is given by its base name.
function schemas(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const path = join(dir, e.name);
    if (e.isDirectory()) return schemas(path);
    const contents = readFileSync(path, "utf8").replace(/schemaLocation="([^"]*)"/g, (_, at) => `schemaLocation="${basename(at)}"`);
    return e.name.endsWith(".xsd") ? [{ fileName: e.name, contents }] : [];
  });
}

async function xml(main, file) {
  const { validateXML, memoryPages } = require("xmllint-wasm");
  const all = schemas(folder);
  const result = await validateXML({
    xml: [{ fileName: basename(file), contents: readFileSync(file, "utf8") }],
    schema: all.filter((s) => s.fileName === main),
    preload: all.filter((s) => s.fileName !== main),
    maxMemoryPages: memoryPages.GiB,
  });
  if (!result.valid) fail(result.errors.map((e) => e.rawMessage ?? String(e)));
}

if (kind === "datapackage") dataPackage(rest[0]);
else await xml(rest[0], rest[1]);
