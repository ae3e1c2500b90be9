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
const CUT_KM = 8.5; // a cell stops here, unless the commune itself is larger
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
  const sites = list.map((c) => ({
    ord: c.ord,
    p: plane.project(c.lon, c.lat),
    r: Math.max(CUT_KM, Math.sqrt(c.km2 / Math.PI)),
    near: [], // neighbouring sites
    cuts: [], // where the circle crosses the cell's edges
  }));
  const put = (a, b, left, right) => graph.add(plane.invert(a), plane.invert(b), left, right);
  const { delaunay, segments } = voronoi(sites);
  for (const s of segments) cutSegment(s, sites, put);
  sites.forEach((site, i) => (site.near = [...delaunay.neighbors(i)].map((j) => sites[j].p)));
  for (const site of sites) drawCut(site, put);
}

// voronoi lists the segment between each pair of neighbouring sites, the first
// site on its left. Where it is endless, it is carried beyond any cut.
function voronoi(sites) {
  const delaunay = Delaunay.from(sites.map((s) => s.p));
  const { triangles, halfedges } = delaunay;
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
    segments.push(left ? { i, j, a, b } : { i: j, j: i, a, b });
  }
  return { delaunay, segments };
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

// cutSegment keeps the parts of a segment that lie in the circle of either site.
// With equal radii both circles cut at the same places, since every point of the
// segment is as far from one site as from the other.
function cutSegment({ i, j, a, b }, sites, put) {
  const at = (t) => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
  const spans = [i, j].map((k) => inside(a, b, sites[k]));
  const equal = sites[i].r === sites[j].r;
  if (equal) spans[1] = spans[0];
  const stops = [...new Set(spans.flat())].sort((x, y) => x - y);
  for (let k = 0; k + 1 < stops.length; k++) {
    const middle = (stops[k] + stops[k + 1]) / 2;
    const [inI, inJ] = spans.map((s) => s.length > 0 && middle > s[0] && middle < s[1]);
    if (inI || inJ) put(at(stops[k]), at(stops[k + 1]), inI ? sites[i].ord : -1, inJ ? sites[j].ord : -1);
  }
  [i, j].forEach((k, side) => {
    for (const t of spans[side]) if (t > 0 && t < 1) sites[k].cuts.push(at(t));
  });
}

// inside gives the span of t in [0,1] where a + t(b-a) is in the site's circle.
function inside(a, b, { p, r }) {
  const [dx, dy, fx, fy] = [b[0] - a[0], b[1] - a[1], a[0] - p[0], a[1] - p[1]];
  const A = dx * dx + dy * dy, B = fx * dx + fy * dy, C = fx * fx + fy * fy - r * r;
  const D = B * B - A * C;
  if (A === 0 || D <= 0) return [];
  const s = Math.sqrt(D), span = [Math.max(0, (-B - s) / A), Math.min(1, (-B + s) / A)];
  return span[0] < span[1] ? span : [];
}

// drawCut draws the parts of a site's circle that bound its cell.
function drawCut(site, put) {
  const angle = (q) => Math.atan2(q[1] - site.p[1], q[0] - site.p[0]);
  const on = (w) => [site.p[0] + site.r * Math.cos(w), site.p[1] + site.r * Math.sin(w)];
  const own = (q) => site.near.every((p) => Math.hypot(q[0] - p[0], q[1] - p[1]) >= site.r);
  const cuts = site.cuts.map((q) => ({ w: angle(q), q })).sort((x, y) => x.w - y.w);
  if (cuts.length === 0) cuts.push({ w: -Math.PI, q: on(-Math.PI) });
  cuts.forEach((from, k) => {
    const to = k + 1 < cuts.length ? cuts[k + 1] : { w: cuts[0].w + 2 * Math.PI, q: cuts[0].q };
    if (!own(on((from.w + to.w) / 2))) return;
    const n = Math.max(1, Math.ceil((to.w - from.w) / STEP - 1e-9));
    for (let s = 0; s < n; s++) {
      const a = s === 0 ? from.q : on(from.w + ((to.w - from.w) * s) / n);
      const b = s === n - 1 ? to.q : on(from.w + ((to.w - from.w) * (s + 1)) / n);
      put(a, b, site.ord, -1);
    }
  });
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
