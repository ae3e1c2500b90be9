// Computes the indicative mesh of the communes: the Voronoi cells of their
// points, cut at a distance, written as shared edges.
//
//   npm ci && node mesh.mjs COMMUNES.csv
//
// COMMUNES.csv needs the columns code, departement, zone, lon, lat and km2, one
// row a commune in the order of the ordinals (sorted by code); `go run ./points`
// prints it from the facts that the program embeds. Two files are written:
// ../mesh.bin (layout in ../codec.go) and ../../cog/adjacency.bin (layout in
// ../../cog/adjacency.go). The same input gives the same payload, byte for byte.
//
// No contour enters here: only points and areas. A cell says "nearer to this
// commune's point than to any other", nothing about an administrative limit.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync, crc32 } from 'node:zlib';
import { Delaunay } from 'd3-delaunay';

const EARTH_KM = 6371.00877;
const CUT_KM = 8.5; // a cell goes no farther, unless the commune is very large
const LEAST_KM = 3; // nor is it cut nearer than this
const STEP = Math.PI / 12; // a cut is drawn as segments of at most 15 degrees
const UNIT = 1e5; // stored coordinates are hundred-thousandths of a degree
const RAD = Math.PI / 180;

const communes = readCommunes(process.argv[2]);
const graph = newGraph();
for (const zone of zonesOf(communes)) meshZone(zone, graph);
const edges = graph.finish();
const version = stamp(communes);
write('../mesh.bin', encodeMesh(edges, communes.length, version));
write('../../cog/adjacency.bin', encodeAdjacency(edges, communes.length, version));
console.log(`${communes.length} communes, ${edges.length} edges, ${graph.points.length} vertices`);

function readCommunes(path) {
  if (!path) throw new Error('usage: node mesh.mjs COMMUNES.csv');
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/).map(splitRow);
  const at = Object.fromEntries(head.map((name, i) => [name, i]));
  for (const name of ['code', 'departement', 'zone', 'lon', 'lat', 'km2'])
    if (!(name in at)) throw new Error(`${path}: no column "${name}"`);
  return rows.map((row, ord) => ({
    ord,
    code: row[at.code],
    zone: row[at.zone] === 'metro' ? 'metro' : row[at.departement],
    placed: row[at.lon] !== '',
    lon: Number(row[at.lon]),
    lat: Number(row[at.lat]),
    km2: Number(row[at.km2] || 0),
  }));
}

function splitRow(line) {
  const fields = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)].map((m) => m[1]);
  return fields.map((f) => (f.startsWith('"') ? f.slice(1, -1).replaceAll('""', '"') : f));
}

// The stamp ties the mesh to one list of communes: the loader refuses another.
function stamp(list) {
  return crc32(Buffer.from(list.map((c) => c.code + '\n').join('')));
}

// Metropolitan France is one zone (Corsica's cells are cut far from the coast of
// the continent); each overseas département is its own. A commune without a
// point belongs to none and gets no cell.
function zonesOf(list) {
  const zones = new Map();
  for (const c of list.filter((c) => c.placed)) {
    if (!zones.has(c.zone)) zones.set(c.zone, []);
    zones.get(c.zone).push(c);
  }
  return [...zones.keys()].sort().map((key) => zones.get(key));
}

// Distances are measured in a conformal conic projection fitted to the zone, so
// that one radius in kilometres is the same for all its cells (within 0.3 %).
function conic(list) {
  const lats = list.map((c) => c.lat * RAD);
  const low = Math.min(...lats), high = Math.max(...lats);
  const [p1, p2] = [low + (high - low) / 6, high - (high - low) / 6];
  const lons = list.map((c) => c.lon * RAD);
  const lon0 = (Math.min(...lons) + Math.max(...lons)) / 2;
  const t = (lat) => Math.tan(Math.PI / 4 + lat / 2);
  const n = Math.log(Math.cos(p1) / Math.cos(p2)) / Math.log(t(p2) / t(p1));
  const f = (Math.cos(p1) * t(p1) ** n) / n;
  const rho0 = EARTH_KM * f / t((low + high) / 2) ** n;
  return {
    project(lon, lat) {
      const rho = EARTH_KM * f / t(lat * RAD) ** n, a = n * (lon * RAD - lon0);
      return [rho * Math.sin(a), rho0 - rho * Math.cos(a)];
    },
    invert([x, y]) {
      const rho = Math.sign(n) * Math.hypot(x, rho0 - y);
      const a = Math.atan2(Math.sign(n) * x, Math.sign(n) * (rho0 - y));
      const lat = 2 * Math.atan((EARTH_KM * f / rho) ** (1 / n)) - Math.PI / 2;
      return [(a / n + lon0) / RAD, lat / RAD];
    },
  };
}

// newGraph collects edges between vertices rounded to the stored unit; vertices
// that fall together become one, edges that collapse are dropped.
function newGraph() {
  const index = new Map(), points = [], edges = [];
  function vertex([lon, lat]) {
    const x = Math.round(lon * UNIT), y = Math.round(lat * UNIT), key = `${x},${y}`;
    if (!index.has(key)) {
      index.set(key, points.length);
      points.push([x, y]);
    }
    return index.get(key);
  }
  return {
    points,
    add(from, to, left, right) {
      const a = vertex(from), b = vertex(to);
      if (a === b) return;
      edges.push(left >= 0 && (right < 0 || left < right) ? { a, b, left, right } : { a: b, b: a, left: right, right: left });
    },
    finish() {
      edges.sort((p, q) => p.left - q.left || p.right - q.right || p.a - q.a || p.b - q.b);
      return edges.map((e) => ({ ...e, from: points[e.a], to: points[e.b] }));
    },
  };
}

function meshZone(list, graph) {
  const plane = conic(list);
  const sites = list.map((c) => ({ ord: c.ord, p: plane.project(c.lon, c.lat), ...reaches(c.km2), around: [] }));
  const put = (a, b, left, right) => graph.add(plane.invert(a), plane.invert(b), left, right);
  const segments = voronoi(sites);
  for (const s of segments) {
    sites[s.i].around.push({ s, side: 0 });
    sites[s.j].around.push({ s, side: 1 });
  }
  const runs = sites.flatMap(runsOf);
  flood(runs);
  for (const run of runs) run.open ? drawArc(run, put) : run.pieces.forEach(keep);
  for (const s of segments) putSegment(s, sites, put);
}

// reaches says how far a cell may go. Where it goes beyond the cut it lies on a
// coast or a frontier, and there it stops at a circle hardly larger than the disc
// of its commune's area: cut at 8.5 km everywhere, islands would double.
function reaches(km2) {
  const disc = Math.sqrt(km2 / Math.PI);
  return { cut: Math.max(CUT_KM, 2 * disc), r: Math.max(LEAST_KM, 1.5 * disc) };
}

// voronoi lists the segment between each pair of neighbouring sites, the first
// site on its left. Where it is endless, it is carried beyond any cut.
function voronoi(sites) {
  const { triangles, halfedges } = Delaunay.from(sites.map((s) => s.p));
  const at = (e) => sites[triangles[e]].p;
  const next = (e) => (e % 3 === 2 ? e - 2 : e + 1);
  const centre = (e) => {
    const t = e - (e % 3);
    return circumcentre(at(t), at(t + 1), at(t + 2));
  };
  const segments = [];
  for (let e = 0; e < triangles.length; e++) {
    const o = halfedges[e];
    if (o > e) continue; // the twin will draw it
    const i = triangles[e], j = triangles[next(e)], a = centre(e);
    const b = o >= 0 ? centre(o) : beyond(a, at(e), at(next(e)), at(next(next(e))));
    const left = cross(a, b, sites[i].p) > 0;
    const marks = { kept: [[], []], beyond: [[], []] }; // spans, by side
    segments.push(left ? { i, j, a, b, ...marks } : { i: j, j: i, a, b, ...marks });
  }
  return segments;
}

function circumcentre(a, b, c) {
  const [dx, dy, ex, ey] = [b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]];
  const bl = dx * dx + dy * dy, cl = ex * ex + ey * ey, d = 0.5 / (dx * ey - dy * ex);
  return [a[0] + (ey * bl - dy * cl) * d, a[1] + (dx * cl - ex * bl) * d];
}

// beyond follows the bisector of the hull edge p–q from a, away from the third
// point of its triangle.
function beyond(a, p, q, third) {
  const [dx, dy] = [q[0] - p[0], q[1] - p[1]], l = Math.hypot(dx, dy);
  const side = Math.sign(cross(p, q, third));
  const far = 1e4 + Math.hypot(a[0] - p[0], a[1] - p[1]);
  return [a[0] + (side * dy / l) * far, a[1] - (side * dx / l) * far];
}

function cross(a, b, p) {
  return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
}

function along({ a, b }, t) {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
}

function apart(p, q) {
  return Math.hypot(p[0] - q[0], p[1] - q[1]);
}

function angle({ p }, q) {
  return Math.atan2(q[1] - p[1], q[0] - p[0]);
}

function keep({ s, side, span }) {
  s.kept[side].push(span);
}

// runsOf walks around a cell, which is convex, in stretches that lie in or out of
// the site's circle. Only a stretch out of it that goes beyond the cut may be open
// ground; the others are mere corners between neighbours and stay, or the land
// would be full of holes.
function runsOf(site) {
  const pieces = piecesOf(site);
  const start = Math.max(0, pieces.findIndex((piece, k) => piece.out !== pieces.at(k - 1).out));
  const runs = [];
  for (const piece of [...pieces.slice(start), ...pieces.slice(0, start)]) {
    if (runs.at(-1)?.pieces[0].out !== piece.out) runs.push({ site, pieces: [], open: false });
    runs.at(-1).pieces.push(piece);
  }
  for (const run of runs) {
    run.far = run.pieces[0].out ? Math.max(...run.pieces.map((piece) => piece.far)) : 0;
    run.whole = runs.length === 1;
  }
  return runs;
}

// flood opens the stretches that the open sea, or the country next door, reaches
// from the hull through borders that neither side would keep. A stretch beyond
// the cut that it does not reach is inland, between points far apart: it stays.
function flood(runs) {
  const beyond = runs.filter((run) => run.far >= run.site.cut);
  for (const run of beyond) for (const piece of run.pieces) piece.s.beyond[piece.side].push({ run, span: piece.span });
  const reached = beyond.filter((run) => run.far === Infinity);
  for (const run of reached) run.open = true;
  for (let run = reached.pop(); run; run = reached.pop())
    for (const { s, side, span } of run.pieces)
      for (const other of s.beyond[1 - side])
        if (!other.run.open && other.span[0] < span[1] && span[0] < other.span[1]) {
          other.run.open = true;
          reached.push(other.run);
        }
}

// piecesOf splits the border of a cell, counter-clockwise, where it crosses the
// site's circle. A cell on the hull has a gap, which is as far as can be.
function piecesOf(site) {
  const middle = ({ s }) => angle(site, along(s, 0.5));
  const around = site.around.map((edge) => ({ ...edge, w: middle(edge) })).sort((x, y) => x.w - y.w);
  const pieces = around.flatMap(({ s, side }) => {
    const stops = [0, ...inside(s, site).filter((t) => t > 0 && t < 1), 1];
    const parts = stops.slice(1).map((t, k) => {
      const [from, to] = [along(s, stops[k]), along(s, t)];
      const out = apart(along(s, (stops[k] + t) / 2), site.p) > site.r;
      const far = Math.max(apart(from, site.p), apart(to, site.p));
      return { s, side, span: [stops[k], t], from: side ? to : from, to: side ? from : to, out, far };
    });
    return side ? parts.reverse() : parts;
  });
  return pieces.flatMap((piece, k) => {
    const next = pieces[(k + 1) % pieces.length];
    if (apart(piece.to, next.from) < 1e-6 * (1 + piece.far)) return [piece];
    return [piece, { s: { kept: [[], []], beyond: [[], []] }, side: 0, span: [0, 1], from: piece.to, to: next.from, out: true, far: Infinity }];
  });
}

// inside gives the span of the line of a segment that is in the site's circle.
function inside({ a, b }, { p, r }) {
  const [dx, dy, fx, fy] = [b[0] - a[0], b[1] - a[1], a[0] - p[0], a[1] - p[1]];
  const A = dx * dx + dy * dy, B = fx * dx + fy * dy, C = fx * fx + fy * fy - r * r;
  const D = B * B - A * C;
  if (A === 0 || D <= 0) return [];
  return [(-B - Math.sqrt(D)) / A, (-B + Math.sqrt(D)) / A];
}

// drawArc replaces an open stretch by the circle, counter-clockwise.
function drawArc({ site, pieces, whole }, put) {
  const on = (w) => [site.p[0] + site.r * Math.cos(w), site.p[1] + site.r * Math.sin(w)];
  const first = whole ? on(0) : pieces[0].from, last = whole ? first : pieces.at(-1).to;
  const from = angle(site, first), to = whole ? from + 2 * Math.PI : angle(site, last);
  const sweep = to > from ? to - from : to - from + 2 * Math.PI;
  const n = Math.max(1, Math.ceil(sweep / STEP - 1e-9));
  const at = (k) => (k === 0 ? first : k === n ? last : on(from + (sweep * k) / n));
  for (let k = 0; k < n; k++) put(at(k), at(k + 1), site.ord, -1);
}

// putSegment draws what either side keeps of the segment between them.
function putSegment(s, sites, put) {
  const [spansI, spansJ] = s.kept.map(joined);
  const stops = [...new Set([...spansI, ...spansJ].flat())].sort((x, y) => x - y);
  for (let k = 0; k + 1 < stops.length; k++) {
    const middle = (stops[k] + stops[k + 1]) / 2;
    const [inI, inJ] = [spansI, spansJ].map((spans) => spans.some(([from, to]) => middle > from && middle < to));
    if (inI || inJ) put(along(s, stops[k]), along(s, stops[k + 1]), inI ? sites[s.i].ord : -1, inJ ? sites[s.j].ord : -1);
  }
}

// joined makes one span of those that follow each other.
function joined(spans) {
  const out = [];
  for (const [from, to] of spans.sort((x, y) => x[0] - y[0])) {
    if (out.length > 0 && out.at(-1)[1] === from) out.at(-1)[1] = to;
    else out.push([from, to]);
  }
  return out;
}

// Writing: unsigned LEB128, signed numbers zigzagged, then gzip.
function bytes() {
  const out = [];
  const u = (n) => {
    for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) + 128);
    out.push(n);
  };
  return { out, u, s: (n) => u(n >= 0 ? n * 2 : -n * 2 - 1) };
}

// encodeMesh writes each column apart, so that like bytes lie together. Vertices
// are numbered as the edges first meet them; a vertex not met yet is 0, another
// is the distance back to its number.
function encodeMesh(edges, count, version) {
  const [head, sides, refs, coords] = [bytes(), bytes(), bytes(), bytes()];
  const number = new Map();
  let left = 0, x = 0, y = 0;
  const visit = (id, p) => {
    if (number.has(id)) return refs.u(number.size - number.get(id));
    number.set(id, number.size);
    refs.u(0);
    coords.s(p[0] - x);
    coords.s(p[1] - y);
    [x, y] = p;
  };
  for (const e of edges) {
    sides.u(e.left - left);
    sides.u(e.right < 0 ? 0 : e.right - e.left);
    left = e.left;
    visit(e.a, e.from);
    visit(e.b, e.to);
  }
  for (const n of [version, count, edges.length, number.size]) head.u(n);
  return pack([head, sides, refs, coords]);
}

function encodeAdjacency(edges, count, version) {
  const after = Array.from({ length: count }, () => new Set());
  for (const e of edges) if (e.right >= 0) after[e.left].add(e.right);
  const body = bytes();
  body.u(version);
  body.u(count);
  after.forEach((set, ord) => {
    body.u(set.size);
    let last = ord;
    for (const n of [...set].sort((p, q) => p - q)) {
      body.u(n - last);
      last = n;
    }
  });
  return pack([body]);
}

function pack(parts) {
  return gzipSync(Buffer.concat(parts.map((p) => Buffer.from(p.out))), { level: 9 });
}

function write(name, data) {
  writeFileSync(new URL(name, import.meta.url), data);
  console.log(`${name.replace(/^.*\//, '')}: ${data.length} bytes`);
}
