// The live map: our own tiles, no third party. It shows what the drawn map shows, with the same
// threads: vertical for what is asked, horizontal for what is offered, crossed where both pass.
import maplibre from "./maplibre.js";

const maps = new WeakMap();

export async function toggle(figure, button) {
  const drawn = figure.querySelector("svg");
  let live = figure.querySelector(".live");
  if (live && !live.hidden) {
    live.hidden = true;
    drawn.removeAttribute("hidden");
    button.setAttribute("aria-pressed", "false");
    remember(null);
    return;
  }
  if (!live) {
    live = document.createElement("div");
    live.className = "live";
    drawn.after(live);
  }
  live.hidden = false;
  drawn.setAttribute("hidden", "");
  button.setAttribute("aria-pressed", "true");
  if (maps.has(figure)) { maps.get(figure).resize(); return; }
  if (!document.querySelector("link[data-map-style]")) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.dataset.mapStyle = "";
    link.href = new URL("./map.css", import.meta.url).href;
    document.head.append(link);
  }
  const answer = await fetch(figure.dataset.live, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  maps.set(figure, draw(live, await answer.json(), figure));
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// A thread texture of 6 by 6, twice as dense for sharp screens.
function thread(kind) {
  const size = 12, canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (kind === "cross") { pen.fillStyle = token("--cross"); pen.fillRect(0, 0, size, size); }
  pen.strokeStyle = token(kind === "warp" ? "--warp" : kind === "weft" ? "--weft" : "--cross-thread");
  pen.lineWidth = kind === "cross" ? 1.6 : 1.9;
  pen.beginPath();
  if (kind !== "weft") { pen.moveTo(size / 2, 0); pen.lineTo(size / 2, size); }
  if (kind !== "warp") { pen.moveTo(0, size / 2); pen.lineTo(size, size / 2); }
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

const tiles = (layer, minzoom) => ({ type: "vector", tiles: [`${location.origin}/tiles/${layer}/{z}/{x}/{y}.mvt`], minzoom, maxzoom: 12 });

function style(data, figure) {
  const shade = (id, codes, pattern, tint) => [
    { id: `${id}-tint`, type: "fill", source: "communes", "source-layer": "commune",
      filter: ["in", ["get", "code"], ["literal", codes]], paint: { "fill-color": token(tint), "fill-opacity": .75 } },
    { id, type: "fill", source: "communes", "source-layer": "commune",
      filter: ["in", ["get", "code"], ["literal", codes]], paint: { "fill-pattern": pattern } },
  ];
  const offered = new Set(data.offered || []), asked = new Set(data.asked || []);
  const both = [...asked].filter((code) => offered.has(code));
  const line = (layer, colour, width, dash) => ({
    id: `${layer}-line`, type: "line", source: "base", "source-layer": layer,
    paint: { "line-color": token(colour), "line-width": width, ...(dash ? { "line-dasharray": dash } : {}) },
  });
  const edge = (id, colour, width) => ({ id: `${id}-edge`, type: "line", source: `${id}-edge`, layout: { "line-join": "round" }, paint: { "line-color": token(colour), "line-width": width } });
  const border = (geometry) => ({ type: "geojson", data: geometry ? { type: "Feature", geometry, properties: {} } : points([]) });
  return {
    version: 8,
    sources: {
      "asked-edge": border(data.edges?.asked), "offered-edge": border(data.edges?.offered),
      base: tiles("all", 4), communes: tiles("communes", 6),
      points: { type: "geojson", data: points(data.points || JSON.parse(figure.dataset.points || "[]")), cluster: true, clusterMaxZoom: 8, clusterRadius: 46, promoteId: "id" },
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": token("--paper") } },
      { id: "land", type: "fill", source: "base", "source-layer": "region", paint: { "fill-color": token("--map-land") } },
      { id: "commune-line", type: "line", source: "base", "source-layer": "commune", minzoom: 8, paint: { "line-color": token("--map-line"), "line-width": .6 } },
      ...shade("asked", [...asked].filter((code) => !offered.has(code)), "warp", "--surface"),
      ...shade("offered", [...offered].filter((code) => !asked.has(code)), "weft", "--weave-tint"),
      ...shade("both", both, "cross", "--cross"),
      { ...line("epci", "--map-line", 1), minzoom: 7 },
      edge("offered", "--weave-text", 1.6),
      edge("asked", "--ink", 2.4),
      line("departement", "--map-border", 1.1, [4, 3]),
      line("region", "--map-border", 1.6),
      { id: "departement-name", type: "symbol", source: "base", "source-layer": "departement", minzoom: 7, layout: { "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": 13, "text-padding": 90 },
        paint: { "text-color": token("--ink-2"), "text-halo-color": token("--paper"), "text-halo-width": 1.6 } },
      { id: "commune-name", type: "symbol", source: "base", "source-layer": "commune", minzoom: 9.5, layout: { "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": 12 },
        paint: { "text-color": token("--ink"), "text-halo-color": token("--paper"), "text-halo-width": 1.6 } },
      { id: "cluster", type: "circle", source: "points", filter: ["has", "point_count"], paint: { "circle-color": token("--ink"), "circle-radius": ["step", ["get", "point_count"], 14, 10, 18, 50, 23] } },
      { id: "cluster-n", type: "symbol", source: "points", filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": ["sans-serif"], "text-size": 13, "text-allow-overlap": true }, paint: { "text-color": token("--on-ink") } },
      { id: "point", type: "circle", source: "points", filter: ["!", ["has", "point_count"]],
        paint: { "circle-radius": 7, "circle-color": ["case", ["boolean", ["feature-state", "hot"], false], token("--focus"), token("--surface")], "circle-stroke-color": token("--ink"), "circle-stroke-width": 2.2 } },
    ],
  };
}

// The points are those of the drawn map: [row, longitude, latitude, name, address].
const points = (rows) => ({
  type: "FeatureCollection",
  features: rows.map(([id, lon, lat, name, href]) => (
    { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { id, name, href } })),
});

function draw(container, data, figure) {
  maplibre.setWorkerUrl(new URL("./map-worker.js", import.meta.url).href);
  const view = new URLSearchParams(location.search).get("vue")?.split("/").map(Number);
  const words = document.documentElement.lang === "fr"
    ? { "NavigationControl.ZoomIn": "Zoomer", "NavigationControl.ZoomOut": "Dézoomer", "Map.Title": figure.dataset.title || "Carte", "AttributionControl.ToggleAttribution": "Sources" } : {};
  const map = new maplibre.Map({
    container, style: style(data, figure), locale: words, attributionControl: false,
    dragRotate: false, pitchWithRotate: false, cooperativeGestures: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
    ...(view?.length === 3 && view.every(Number.isFinite)
      ? { zoom: view[0], center: [view[2], view[1]] }
      : { bounds: data.bounds || [-5.2, 41.3, 9.7, 51.2], fitBoundsOptions: { padding: 24 } }),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.AttributionControl({ compact: true, customAttribution: data.attribution || "" }));
  map.on("styleimagemissing", (event) => {
    if (["warp", "weft", "cross"].includes(event.id) && !map.hasImage(event.id)) map.addImage(event.id, thread(event.id), { pixelRatio: 2 });
  });
  for (const kind of ["warp", "weft", "cross"]) map.once("styledata", () => { if (!map.hasImage(kind)) map.addImage(kind, thread(kind), { pixelRatio: 2 }); });

  map.on("moveend", (event) => { if (event.originalEvent) remember(map); });
  map.on("click", "point", (event) => {
    const { href } = event.features[0].properties;
    if (href) location.href = href;
  });
  map.on("click", "cluster", async (event) => {
    const [feature] = event.features;
    const zoom = await map.getSource("points").getClusterExpansionZoom(feature.properties.cluster_id);
    map.easeTo({ center: feature.geometry.coordinates, zoom });
  });
  const mark = (id, on) => map.getSource("points") && map.setFeatureState({ source: "points", id }, { hot: on });
  let over = null;
  map.on("mousemove", "point", (event) => {
    map.getCanvas().style.cursor = "pointer";
    const key = event.features[0].properties.id;
    if (key === over) return;
    if (over) row(over, false);
    over = key;
    row(key, true);
  });
  const tip = new maplibre.Popup({ closeButton: false, closeOnClick: false, offset: 12 });
  map.on("mousemove", "point", (event) => { tip.setLngLat(event.features[0].geometry.coordinates).setText(event.features[0].properties.name).addTo(map); });
  map.on("mouseleave", "point", () => tip.remove());
  map.on("mouseleave", "point", () => { map.getCanvas().style.cursor = ""; if (over) row(over, false); over = null; });
  document.addEventListener("mark", (event) => mark(event.detail.key, event.detail.on));
  return map;
}

function row(key, on) {
  for (const element of document.querySelectorAll(`[data-row="${CSS.escape(key)}"]`)) element.classList.toggle("hot", on);
}

// The address holds the view, so that it can be sent.
function remember(map) {
  const url = new URL(location.href);
  if (map) {
    const { lat, lng } = map.getCenter();
    url.searchParams.set("vue", `${map.getZoom().toFixed(2)}/${lat.toFixed(4)}/${lng.toFixed(4)}`);
  } else url.searchParams.delete("vue");
  history.replaceState(history.state, "", url);
}
