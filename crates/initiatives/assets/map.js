// The map, moved by hand. Without this script, or where a browser cannot draw it, the server's pictures and links do the same.

const here = new URL(import.meta.url);
const address = (name) => new URL(name + here.search, here).href;
const wide = matchMedia("(min-width: 62rem)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const spanish = document.documentElement.lang === "es";

/** The size of the window of the map that is asked for, at most: the globe once around. */
const TURN = 360;
/** Degrees in an address have so many digits behind the point: a metre. */
const DIGITS = 5;

/** Makes an element with attributes and children. */
function make(name, attributes = {}, ...children) {
  const made = name === "svg" || name === "path" || name === "text" || name === "title"
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Whether the browser can draw the map. */
function draws() {
  try {
    return !!document.createElement("canvas").getContext("webgl2");
  } catch {
    return false;
  }
}

/** Loads the library and the outlines, once. */
async function loaded() {
  const [library, world] = await Promise.all([
    import(address("maplibre-gl.mjs")),
    fetch(address("world.json")).then((answer) => answer.json()),
    import(address("topojson-client.js")),
  ]);
  library.setWorkerUrl(address("maplibre-gl-worker.mjs"));
  return { library, world: globalThis.topojson.feature(world, world.objects.countries) };
}
let once;
const load = () => (once ??= loaded());

/** The colours of the page, as the style sheet has them by now. */
function colours() {
  const probe = make("svg", { width: 0, height: 0, "aria-hidden": "true" });
  document.body.append(probe);
  const of = (kind, property) => {
    const path = make("path", { class: kind });
    probe.append(path);
    return getComputedStyle(path)[property];
  };
  const found = { sea: of("sea", "fill"), land: of("land", "fill"), border: of("land", "stroke"), chosen: of("chosen", "fill"), mark: of("chosen", "stroke") };
  probe.remove();
  return found;
}

/** What is drawn beneath, as MapLibre's style. */
function style(world, chosen) {
  const c = colours();
  const nothing = { type: "FeatureCollection", features: [] };
  // From afar, a province is its country.
  const near = chosen ? ["any", ["==", ["get", "c"], chosen], ["==", ["get", "k"], chosen]] : ["boolean", false];
  const far = chosen ? ["==", ["get", "k"], chosen.split("-")[0]] : ["boolean", false];
  return {
    version: 8,
    sources: { world: { type: "geojson", data: world, tolerance: 0.2 }, areas: { type: "geojson", data: nothing, tolerance: 0.2 } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": c.sea } },
      { id: "land", type: "fill", source: "world", paint: { "fill-color": c.land, "fill-outline-color": c.border } },
      { id: "areas", type: "fill", source: "areas", minzoom: FINE, paint: { "fill-color": c.land, "fill-outline-color": c.border } },
      { id: "chosen-far", type: "fill", source: "world", filter: far, paint: { "fill-color": c.chosen, "fill-outline-color": c.mark } },
      { id: "chosen", type: "fill", source: "areas", minzoom: FINE, filter: near, paint: { "fill-color": c.chosen, "fill-outline-color": c.mark } },
      { id: "borders", type: "line", source: "areas", minzoom: FINE, paint: { "line-color": c.border, "line-width": 1 } },
    ],
  };
}
/** From this zoom on, provinces are drawn. */
const FINE = 3;

let outlines;
const fine = () => (outlines ??= fetch(address("basemap.json")).then((answer) => answer.json()).then((found) => globalThis.topojson.feature(found, found.objects.areas)));

/** Gives a map the fine outlines as soon as it is near enough; until they are drawn, the coarse ones stay. */
function refine(map) {
  let asked = false;
  const look = async () => {
    if (asked || map.getZoom() < FINE) return;
    asked = true;
    map.getSource("areas")?.setData(await fine());
    map.once("idle", () => {
      for (const coarse of ["land", "chosen-far"]) map.setLayerZoomRange(coarse, 0, FINE);
    });
  };
  map.on("zoomend", look);
  look();
}

/** Starts a map in an element. */
async function start(holder, view, chosen) {
  const { library, world } = await load();
  const [west, south, east, north] = view;
  const map = new library.Map({
    container: holder,
    style: style(world, chosen),
    bounds: [[west, south], [east, north]],
    maxZoom: 17,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: false,
    fadeDuration: 0,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    locale: spanish
      ? { "Map.Title": "Mapa", "CooperativeGesturesHandler.WindowsHelpText": "Use Ctrl y la rueda para acercar", "CooperativeGesturesHandler.MacHelpText": "Use ⌘ y la rueda para acercar", "CooperativeGesturesHandler.MobileHelpText": "Mueva el mapa con dos dedos" }
      : { "CooperativeGesturesHandler.MobileHelpText": "Move the map with two fingers" },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.on("load", () => {
    refine(map);
    holder.dataset.ready = "yes";
  });
  const again = () => map.setStyle(style(world, chosen), { diff: false }).once("styledata", () => refine(map));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  return { map, library };
}

/** A lozenge that gathers what lies near. */
function lozenge({ places, href, name }) {
  const r = places === 1 ? 8 : 9 + 1.7 * Math.min(Math.log2(places), 12);
  const size = Math.ceil(2 * r);
  const shape = make("path", { class: "f-moss", d: `M${r} 0L${2 * r} ${r} ${r} ${2 * r} 0 ${r}Z` });
  const svg = make("svg", { width: size, height: size, viewBox: `0 0 ${2 * r} ${2 * r}`, "aria-hidden": "true" }, shape);
  if (places > 1) {
    const count = make("text", { class: "on-dye", x: r, y: r + 4, "text-anchor": "middle", "font-size": 12 });
    count.textContent = places.toLocaleString(document.documentElement.lang);
    svg.append(count);
  }
  return make("a", { href, title: name, "aria-label": name, class: "pin" }, svg);
}

/** The box that a map shows, as addresses have it. */
function boxOf(map) {
  const bounds = map.getBounds();
  let [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  if (east - west >= TURN) [west, east] = [-180, 180];
  const turn = Math.floor((west + 180) / TURN) * TURN;
  if (east - west < TURN) [west, east] = [west - turn, east - turn];
  return [west, Math.max(south, -90), east, Math.min(north, 90)].map((edge) => Number(edge.toFixed(DIGITS))).join(",");
}

/** A town with its name. */
function town(library, [latitude, longitude, name]) {
  const element = make("span", { class: "town", "aria-hidden": "true" }, name);
  return new library.Marker({ element, anchor: "left" }).setLngLat([longitude, latitude]);
}

/** What the server's page of a box draws. */
async function asked(to, signal) {
  const answer = await fetch(to, { signal, headers: { accept: "text/html" } });
  if (!answer.ok) return undefined;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const picture = page.querySelector(wide.matches ? ".map.only-wide" : ".map.only-narrow");
  return { page, told: JSON.parse(picture.dataset.map) };
}

/** The map beside its list. */
async function beside(view) {
  const picture = () => view.querySelector(wide.matches ? ".map.only-wide" : ".map.only-narrow");
  const told = () => JSON.parse(picture().dataset.map);
  const holder = make("div", { class: "live" });
  const pan = picture().querySelector(".pan").cloneNode(true);
  const frame = make("div", { class: "map" }, holder, pan);
  frame.hidden = true;
  picture().before(frame);
  frame.hidden = false;
  const { map, library } = await start(holder, told().view, told().chosen);
  for (const old of view.querySelectorAll(".map.only-wide, .map.only-narrow")) old.hidden = true;
  const drawn = new Map();

  /** Draws lozenges and towns, and leaves alone those that are there already. */
  const draw = ({ clusters, towns }) => {
    const wanted = new Map();
    for (const one of clusters) wanted.set(`${one.at}/${one.places}/${one.href}`, () => {
      const link = lozenge(one);
      link.addEventListener("click", (event) => {
        if (!one.around || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        const [west, south, east, north] = one.around;
        map.fitBounds([[west, south], [east, north]], { padding: 30, maxZoom: 16, animate: !calm.matches });
      });
      return new library.Marker({ element: link }).setLngLat([one.at[1], one.at[0]]);
    });
    for (const one of towns) wanted.set(one.join("/"), () => town(library, one));
    for (const [key, marker] of drawn) if (!wanted.has(key)) {
      marker.remove();
      drawn.delete(key);
    }
    for (const [key, maker] of wanted) if (!drawn.has(key)) drawn.set(key, maker().addTo(map));
  };
  draw(told());

  let asking;
  const follow = async () => {
    const to = new URL(location);
    to.searchParams.set("bbox", boxOf(map));
    to.searchParams.delete("after");
    to.hash = "";
    asking?.abort();
    asking = new AbortController();
    const found = await asked(to, asking.signal).catch(() => undefined);
    if (!found) return;
    const { page } = found;
    history.replaceState(null, "", to);
    for (const part of ["map-scope", "map-list", "map-filters"]) {
      const [old, fresh] = [document.getElementById(part), page.getElementById(part)];
      if (!old || !fresh || old.contains(document.activeElement)) continue;
      const [folded, unfolded] = [old.querySelector("details"), fresh.querySelector("details")];
      if (folded && unfolded) unfolded.open = folded.open;
      old.replaceWith(document.importNode(fresh, true));
    }
    draw(found.told);
  };
  // What the program itself moves before anybody touches it asks for nothing.
  map.once("load", () => map.on("moveend", follow));
  const ways = { in: () => map.zoomIn(how()), out: () => map.zoomOut(how()), west: () => by(-0.5, 0), east: () => by(0.5, 0), north: () => by(0, -0.5), south: () => by(0, 0.5) };
  const how = () => ({ animate: !calm.matches });
  const by = (right, down) => map.panBy([right * holder.clientWidth, down * holder.clientHeight], how());
  pan.addEventListener("click", (event) => {
    const way = ways[event.target.closest("[data-way]")?.dataset.way];
    if (!way) return;
    event.preventDefault();
    way();
  });
}

/** A pin that is put where something is: it writes into the field for coordinates, and follows what is written there. */
async function pin(field, words) {
  const holder = make("div", { class: "live" });
  const find = make("button", { type: "button" }, words.find);
  const told = make("p", { class: "small", role: "status" }, words.put);
  const frame = make("div", { class: "pinmap" }, make("div", { class: "map" }, holder), make("p", { class: "actions" }, find), told);
  field.closest(".field").after(frame);
  const read = () => {
    const [latitude, longitude] = field.value.split(",").map(Number);
    return field.value.trim() && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [longitude, latitude] : undefined;
  };
  const first = read();
  const near = ([x, y], wideness) => [x - wideness, y - wideness / 2, x + wideness, y + wideness / 2];
  const { map, library } = await start(holder, first ? near(first, 0.5) : words.view, "");
  const element = lozenge({ places: 1, href: "#at", name: words.pin });
  element.classList.add("mine");
  element.addEventListener("click", (event) => event.preventDefault());
  const marker = new library.Marker({ element, draggable: true });
  const put = (where) => marker.setLngLat(where).addTo(map);
  const write = ({ lng, lat }) => {
    field.value = `${lat.toFixed(DIGITS)},${(((lng + 540) % TURN) - 180).toFixed(DIGITS)}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    told.textContent = `${words.at} ${field.value}`;
  };
  if (first) put(first);
  // Towns, so that somebody finds the place; without a connection the land alone has to do.
  let towns = [];
  const name = async () => {
    const found = await asked(`/map?bbox=${boxOf(map)}`).catch(() => undefined);
    if (!found) return;
    for (const old of towns) old.remove();
    towns = found.told.towns.map((one) => town(library, one).addTo(map));
  };
  map.on("moveend", name);
  name();
  marker.on("dragend", () => write(marker.getLngLat()));
  map.on("click", (event) => {
    put(event.lngLat);
    write(event.lngLat);
  });
  field.addEventListener("change", () => {
    const where = read();
    if (!where) return;
    put(where);
    map.jumpTo({ center: where, zoom: Math.max(map.getZoom(), 12) });
  });
  if (!navigator.geolocation) find.remove();
  find.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const where = { lng: coords.longitude, lat: coords.latitude };
      put(where);
      write(where);
      map.jumpTo({ center: where, zoom: 14 });
    },
    () => (told.textContent = words.lost),
    { timeout: 20000 },
  ));
}

// On a narrow page the map comes first; whoever filters finds the filters folded above it.
const filters = document.querySelector("#map-filters details:not([data-chosen])");
if (filters && !wide.matches) filters.open = false;

if (draws()) {
  const view = document.querySelector(".mapview");
  if (view?.querySelector("[data-map]")) beside(view);
  for (const { dataset } of document.querySelectorAll("[data-pin]")) pin(document.getElementById(dataset.for), JSON.parse(dataset.pin));
}
