//! The map beneath everything: outlines of countries and provinces, and places with names.
//!
//! It is read from the bytes of three files that `basemap/basemap.mjs` writes when the program is built. Points are in
//! degrees, longitude first as in the files.

use crate::bounds::{Bounds, project};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Why the map's files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BasemapError {
    /// Not the JSON that is expected.
    #[error("the map is not what is built for it: {0}")]
    Json(#[from] serde_json::Error),
    /// An outline uses a line that is not there.
    #[error("the map names a line that it does not have")]
    Line,
}

/// A province, state or department: a first-order area of a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its code by ISO 3166-2, or the source's own where it has none.
    pub code: String,
    /// The country, by ISO 3166-1; empty where nobody agrees.
    pub country: String,
    /// Its name in English.
    pub name: String,
    /// Its name in Spanish.
    pub spanish: String,
}

/// A town, as the map names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// The country, by ISO 3166-1.
    pub country: String,
    /// Where it is, in degrees.
    pub latitude: f64,
    /// Where it is, in degrees.
    pub longitude: f64,
    /// How many people live there.
    pub people: u64,
    /// 3 for a country's capital, 2 for an area's, 1 for a smaller seat, 0 for none.
    pub rank: u8,
}

/// A ring of points, longitude and latitude in degrees; the last is the first again.
type Ring = Vec<(f64, f64)>;

/// An outline: rings, of which those within another are holes.
#[derive(Clone, Debug, Default)]
struct Outline {
    rings: Vec<Ring>,
    /// West, south, east, north.
    around: [f64; 4],
}

/// What a map shows beneath the things.
#[derive(Debug, Default)]
pub struct Basemap {
    areas: Vec<Area>,
    outlines: Vec<Outline>,
    /// Countries, coarse: by code.
    countries: Vec<(String, Outline)>,
    towns: Vec<Town>,
    /// Which areas have something in each degree of the globe.
    degrees: HashMap<(i16, i16), Vec<u16>>,
    by_code: HashMap<String, u16>,
}

#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    objects: HashMap<String, Collection>,
    arcs: Vec<Vec<[i64; 2]>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(flatten)]
    shape: Shape,
    properties: Properties,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Shape {
    Polygon(Vec<Vec<i64>>),
    MultiPolygon(Vec<Vec<Vec<i64>>>),
}

#[derive(Deserialize)]
struct Properties {
    #[serde(default)]
    c: String,
    #[serde(default)]
    k: String,
    #[serde(default)]
    n: String,
    s: Option<String>,
}

impl Topology {
    /// Returns its lines as points in degrees.
    fn lines(&self) -> Vec<Ring> {
        let [sx, sy] = self.transform.scale;
        let [tx, ty] = self.transform.translate;
        let line = |arc: &Vec<[i64; 2]>| {
            let (mut x, mut y) = (0, 0);
            arc.iter()
                .map(|[dx, dy]| {
                    x += dx;
                    y += dy;
                    (x as f64 * sx + tx, y as f64 * sy + ty)
                })
                .collect()
        };
        self.arcs.iter().map(line).collect()
    }
}

fn outline(shape: &Shape, lines: &[Ring]) -> Result<Outline, BasemapError> {
    let rings: Vec<&Vec<i64>> = match shape {
        Shape::Polygon(rings) => rings.iter().collect(),
        Shape::MultiPolygon(polygons) => polygons.iter().flatten().collect(),
    };
    let mut made = Outline {
        rings: Vec::new(),
        around: [180.0, 90.0, -180.0, -90.0],
    };
    for arcs in rings {
        let mut ring = Ring::new();
        for arc in arcs {
            // A negative number is a line taken backwards: its complement.
            let at = if *arc < 0 { !*arc } else { *arc };
            let line = lines.get(at as usize).ok_or(BasemapError::Line)?;
            let skip = usize::from(!ring.is_empty());
            if *arc < 0 {
                ring.extend(line.iter().rev().skip(skip));
            } else {
                ring.extend(line.iter().skip(skip));
            }
        }
        for (x, y) in &ring {
            let [west, south, east, north] = &mut made.around;
            *west = west.min(*x);
            *south = south.min(*y);
            *east = east.max(*x);
            *north = north.max(*y);
        }
        made.rings.push(ring);
    }
    Ok(made)
}

impl Outline {
    /// Returns whether a point lies within: a ray to the east crosses the rings an odd number of times.
    fn holds(&self, x: f64, y: f64) -> bool {
        let [west, south, east, north] = self.around;
        if x < west || x > east || y < south || y > north {
            return false;
        }
        let mut within = false;
        for ring in &self.rings {
            for pair in ring.windows(2) {
                let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
                if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
                    within = !within;
                }
            }
        }
        within
    }

    /// Returns how far a point lies from the nearest of the rings, in degrees of latitude, squared.
    fn distance(&self, x: f64, y: f64) -> f64 {
        // A degree of longitude is shorter away from the equator.
        let narrow = y.to_radians().cos();
        let mut least = f64::INFINITY;
        for ring in &self.rings {
            for pair in ring.windows(2) {
                let (ax, ay) = ((pair[0].0 - x) * narrow, pair[0].1 - y);
                let (bx, by) = ((pair[1].0 - x) * narrow, pair[1].1 - y);
                let (dx, dy) = (bx - ax, by - ay);
                let length = dx * dx + dy * dy;
                let along = if length > 0.0 {
                    (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                let (px, py) = (ax + along * dx, ay + along * dy);
                least = least.min(px * px + py * py);
            }
        }
        least
    }

    fn meets(&self, [west, south, east, north]: [f64; 4]) -> bool {
        let [w, s, e, n] = self.around;
        w <= east && e >= west && s <= north && n >= south
    }
}

/// How far off the coast, in degrees of latitude, a point still belongs to its area: coasts are simplified, and
/// harbours, islets and beaches lie a little outside. Some 11 km.
const OFFSHORE: f64 = 0.1;

/// Returns the map that is part of the program; an empty one where it was built without Node.
#[must_use]
pub fn built_in() -> &'static Basemap {
    static READ: OnceLock<Basemap> = OnceLock::new();
    const FILES: [&[u8]; 3] = [
        include_bytes!(concat!(env!("OUT_DIR"), "/basemap.json")),
        include_bytes!(concat!(env!("OUT_DIR"), "/world.json")),
        include_bytes!(concat!(env!("OUT_DIR"), "/places.json")),
    ];
    READ.get_or_init(|| {
        let [basemap, world, places] = FILES;
        Basemap::read(basemap, world, places).unwrap_or_default()
    })
}

/// Returns what a browser needs to draw the map by itself, packed by gzip: the library, its worker, the decoder of
/// outlines, and outlines, coarse and fine. None for other names, and where the program was built without Node.
#[must_use]
pub fn packed(name: &str) -> Option<&'static [u8]> {
    const PACKED: [(&str, &[u8]); 5] = [
        (
            "maplibre-gl.mjs",
            include_bytes!(concat!(env!("OUT_DIR"), "/maplibre-gl.mjs.gz")),
        ),
        (
            "maplibre-gl-worker.mjs",
            include_bytes!(concat!(env!("OUT_DIR"), "/maplibre-gl-worker.mjs.gz")),
        ),
        (
            "topojson-client.js",
            include_bytes!(concat!(env!("OUT_DIR"), "/topojson-client.js.gz")),
        ),
        (
            "world.json",
            include_bytes!(concat!(env!("OUT_DIR"), "/world.json.gz")),
        ),
        (
            "basemap.json",
            include_bytes!(concat!(env!("OUT_DIR"), "/basemap.json.gz")),
        ),
    ];
    let found = PACKED.into_iter().find(|(known, _)| *known == name);
    found
        .map(|(_, bytes)| bytes)
        .filter(|bytes| !bytes.is_empty())
}

impl Basemap {
    /// Reads the map from `basemap.json`, `world.json` and `places.json`.
    ///
    /// # Errors
    /// [`BasemapError`] where they are not what is built for it.
    pub fn read(basemap: &[u8], world: &[u8], places: &[u8]) -> Result<Self, BasemapError> {
        let detail: Topology = serde_json::from_slice(basemap)?;
        let world: Topology = serde_json::from_slice(world)?;
        let mut map = Self::default();
        let lines = detail.lines();
        for geometry in detail
            .objects
            .get("areas")
            .iter()
            .flat_map(|list| &list.geometries)
        {
            let of = &geometry.properties;
            let number = map.areas.len() as u16;
            let shape = outline(&geometry.shape, &lines)?;
            let [west, south, east, north] = shape.around;
            for x in west.floor() as i16..=east.floor() as i16 {
                for y in south.floor() as i16..=north.floor() as i16 {
                    map.degrees.entry((x, y)).or_default().push(number);
                }
            }
            map.by_code.insert(of.c.clone(), number);
            map.areas.push(Area {
                code: of.c.clone(),
                country: of.k.clone(),
                name: of.n.clone(),
                spanish: of.s.clone().unwrap_or_else(|| of.n.clone()),
            });
            map.outlines.push(shape);
        }
        let lines = world.lines();
        for geometry in world
            .objects
            .get("countries")
            .iter()
            .flat_map(|list| &list.geometries)
        {
            let shape = outline(&geometry.shape, &lines)?;
            map.countries.push((geometry.properties.k.clone(), shape));
        }
        type Row = (String, String, f64, f64, u64, u8);
        let towns: Vec<Row> = serde_json::from_slice(places)?;
        map.towns = towns
            .into_iter()
            .map(|(name, country, latitude, longitude, people, rank)| Town {
                name,
                country,
                latitude,
                longitude,
                people,
                rank,
            })
            .collect();
        Ok(map)
    }

    /// Returns whether there is no map: the program was built without one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// Returns every area.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// Returns the towns, capitals first, then by how many people live there.
    #[must_use]
    pub fn towns(&self) -> &[Town] {
        &self.towns
    }

    /// Returns the area with a code.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.by_code
            .get(code)
            .map(|at| &self.areas[usize::from(*at)])
    }

    /// Returns the areas of a country, by name.
    #[must_use]
    pub fn areas_of(&self, country: &str) -> Vec<&Area> {
        let mut areas: Vec<&Area> = self
            .areas
            .iter()
            .filter(|area| area.country == country)
            .collect();
        areas.sort_by(|one, other| one.name.cmp(&other.name));
        areas
    }

    /// Returns the box around an area, or around a country by its code of two letters.
    #[must_use]
    pub fn around(&self, code: &str) -> Option<Bounds> {
        let [west, south, east, north] = match self.by_code.get(code) {
            Some(at) => self.outlines[usize::from(*at)].around,
            None => {
                self.countries
                    .iter()
                    .find(|(country, _)| country == code)?
                    .1
                    .around
            }
        };
        Bounds::from_degrees(west, south, east, north).ok()
    }

    /// Returns the area that holds a point, or whose shore is at most some 11 km away.
    #[must_use]
    pub fn area_at(&self, latitude: f64, longitude: f64) -> Option<&Area> {
        let (x, y) = (longitude, latitude);
        let degree = (x.floor() as i16, y.floor() as i16);
        let here = self.degrees.get(&degree).into_iter().flatten();
        if let Some(found) = here
            .clone()
            .find(|at| self.outlines[usize::from(**at)].holds(x, y))
        {
            return Some(&self.areas[usize::from(*found)]);
        }
        let mut nearest: Option<(f64, u16)> = None;
        let mut seen: Vec<u16> = Vec::new();
        for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
            let beside = (degree.0 + dx, degree.1 + dy);
            for at in self.degrees.get(&beside).into_iter().flatten() {
                let outline = &self.outlines[usize::from(*at)];
                let [west, south, east, north] = outline.around;
                let near = x > west - 0.3
                    && x < east + 0.3
                    && y > south - OFFSHORE
                    && y < north + OFFSHORE;
                if !near || seen.contains(at) {
                    continue;
                }
                seen.push(*at);
                let distance = outline.distance(x, y);
                if distance <= OFFSHORE * OFFSHORE
                    && nearest.is_none_or(|(least, _)| distance < least)
                {
                    nearest = Some((distance, *at));
                }
            }
        }
        nearest.map(|(_, at)| &self.areas[usize::from(at)])
    }

    /// Draws what lies within a view, as paths of SVG.
    #[must_use]
    pub fn draw(&self, view: &View, chosen: Option<&str>) -> Drawn {
        let mut drawn = Drawn::default();
        let [west, south, east, north] = view.degrees();
        // Beyond the date line the other end of the globe is drawn where it comes again.
        let turns = [-360.0, 0.0, 360.0]
            .into_iter()
            .filter(|turn| west < 180.0 + turn && east > -180.0 + turn);
        let far = east - west > 40.0;
        for turn in turns {
            let seen = [west - turn, south, east - turn, north];
            if far {
                for (code, outline) in self
                    .countries
                    .iter()
                    .filter(|(_, outline)| outline.meets(seen))
                {
                    let path = view.path(outline, turn);
                    let is_chosen = chosen.is_some_and(|chosen| {
                        chosen == code || chosen.starts_with(&format!("{code}-"))
                    });
                    if is_chosen {
                        drawn.chosen.push_str(&path)
                    } else {
                        drawn.land.push_str(&path)
                    }
                }
            } else {
                for (area, outline) in self
                    .areas
                    .iter()
                    .zip(&self.outlines)
                    .filter(|(_, outline)| outline.meets(seen))
                {
                    let path = view.path(outline, turn);
                    let is_chosen =
                        chosen.is_some_and(|chosen| chosen == area.code || chosen == area.country);
                    if is_chosen {
                        drawn.chosen.push_str(&path)
                    } else {
                        drawn.land.push_str(&path)
                    }
                }
            }
        }
        drawn.towns = self.named(view);
        drawn
    }

    /// The largest towns of a view, none of whose names lies on another's: at most fifteen.
    #[must_use]
    pub fn named(&self, view: &View) -> Vec<(f64, f64, String)> {
        const MOST: usize = 15;
        let mut named: Vec<(f64, f64, String)> = Vec::new();
        let [west, south, east, north] = view.degrees();
        for town in &self.towns {
            let longitude = [-360.0, 0.0, 360.0]
                .into_iter()
                .map(|turn| town.longitude + turn)
                .find(|x| *x >= west && *x <= east);
            let Some(longitude) =
                longitude.filter(|_| town.latitude >= south && town.latitude <= north)
            else {
                continue;
            };
            let (x, y) = view.at(town.latitude, longitude);
            let wide = town.name.chars().count() as f64 * 8.0 + 16.0;
            let fits = x > 8.0 && x + wide < view.width && y > 16.0 && y < view.height - 10.0;
            let free = named.iter().all(|(x2, y2, other)| {
                let theirs = other.chars().count() as f64 * 8.0 + 16.0;
                (y - y2).abs() > 30.0 || x + wide < *x2 || x2 + theirs < x
            });
            if fits && free {
                named.push((x, y, town.name.clone()));
                if named.len() == MOST {
                    break;
                }
            }
        }
        named
    }
}

/// What lies beneath the things in a view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// The path of all land but the chosen.
    pub land: String,
    /// The path of the chosen area or country.
    pub chosen: String,
    /// Towns: where, in the view's units, and the name.
    pub towns: Vec<(f64, f64, String)>,
}

/// A window onto the map: which part of the globe is drawn into how many units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The middle, on the map's square.
    x: f64,
    y: f64,
    /// Units for the whole square.
    scale: f64,
    /// The width in units.
    pub width: f64,
    /// The height in units.
    pub height: f64,
}

impl View {
    /// Makes the view that shows all of a box, as large as fits, with an edge of `edge` units around it.
    #[must_use]
    pub fn of(bounds: &Bounds, width: f64, height: f64, edge: f64) -> Self {
        let [west, south, east, north] = bounds.degrees();
        let ((x1, y1), (x2, y2)) = (project(north, west), project(south, east));
        let (wide, high) = ((x2 - x1).max(1e-6), (y2 - y1).max(1e-6));
        let scale = ((width - 2.0 * edge) / wide).min((height - 2.0 * edge) / high);
        Self {
            x: (x1 + x2) / 2.0,
            y: (y1 + y2) / 2.0,
            scale,
            width,
            height,
        }
    }

    /// Returns the same view moved by parts of its width and height, and enlarged.
    #[must_use]
    pub fn moved(&self, right: f64, down: f64, larger: f64) -> Self {
        let x = self.x + right * self.width / self.scale;
        let y = self.y + down * self.height / self.scale;
        Self {
            x: x.rem_euclid(1.0),
            y: y.clamp(0.0, 1.0),
            scale: self.scale * larger,
            ..*self
        }
    }

    /// Returns west, south, east, north in degrees; west and east may lie beyond ±180.
    #[must_use]
    pub fn degrees(&self) -> [f64; 4] {
        let (half_x, half_y) = (
            self.width / 2.0 / self.scale,
            self.height / 2.0 / self.scale,
        );
        let longitude = |x: f64| (x - 0.5) * 360.0;
        let latitude = |y: f64| crate::bounds::unproject(0.0, y.clamp(0.0, 1.0)).0;
        [
            longitude(self.x - half_x),
            latitude(self.y + half_y),
            longitude(self.x + half_x),
            latitude(self.y - half_y),
        ]
    }

    /// Returns the box that it shows.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let [west, south, east, north] = self.degrees();
        let wide = (east - west).min(360.0);
        let west = west.max(-540.0);
        Bounds::from_degrees(west, south, (west + wide).min(540.0), north).unwrap_or(Bounds::WORLD)
    }

    /// Returns how often the map's square was halved to give a cell of about so many units.
    #[must_use]
    pub fn zoom(&self, cell: f64) -> u8 {
        (self.scale / cell).max(1.0).log2().round().clamp(0.0, 24.0) as u8
    }

    /// Returns where a point is drawn, in units from the upper left; the longitude may lie beyond ±180.
    #[must_use]
    pub fn at(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        let (x, y) = project(latitude, longitude);
        (
            (x - self.x) * self.scale + self.width / 2.0,
            (y - self.y) * self.scale + self.height / 2.0,
        )
    }

    /// Returns the latitude and longitude, in degrees, of what is drawn at a place in units from the upper left.
    #[must_use]
    pub fn globe(&self, x: f64, y: f64) -> (f64, f64) {
        let x = (x - self.width / 2.0) / self.scale + self.x;
        let y = (y - self.height / 2.0) / self.scale + self.y;
        let (latitude, _) = crate::bounds::unproject(0.0, y.clamp(0.0, 1.0));
        (
            latitude,
            ((x - 0.5) * 360.0 + 180.0).rem_euclid(360.0) - 180.0,
        )
    }

    /// Returns where a point of the globe is drawn: of the places at which it comes again, the one nearest to
    /// the middle.
    #[must_use]
    pub fn place(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        let middle = (self.x - 0.5) * 360.0;
        let turn = ((middle - longitude) / 360.0).round() * 360.0;
        self.at(latitude, longitude + turn)
    }

    /// Draws rings in whole units, leaving out what lies outside and what nobody could tell apart.
    fn path(&self, outline: &Outline, turn: f64) -> String {
        use std::fmt::Write as _;
        // A little beyond the edge, so that no border is drawn along it.
        let frame = [-8.0, -8.0, self.width + 8.0, self.height + 8.0];
        let mut path = String::new();
        for ring in &outline.rings {
            let mut points: Vec<(f64, f64)> = Vec::with_capacity(ring.len());
            for (longitude, latitude) in ring {
                let (x, y) = self.at(*latitude, longitude + turn);
                if points
                    .last()
                    .is_none_or(|(x2, y2)| (x - x2).abs() + (y - y2).abs() >= 0.8)
                {
                    points.push((x, y));
                }
            }
            let points = clipped(points, frame);
            let mut last: Option<(i32, i32)> = None;
            let mut drawn = 0;
            let mut part = String::new();
            for (x, y) in points {
                let (x, y) = (x.round() as i32, y.round() as i32);
                match last {
                    None => {
                        let _ = write!(part, "M{x} {y}");
                    }
                    Some(same) if same == (x, y) => continue,
                    Some((x2, y2)) => {
                        let _ = write!(
                            part,
                            "{}{} {}",
                            if drawn == 1 { 'l' } else { ' ' },
                            x - x2,
                            y - y2
                        );
                    }
                }
                last = Some((x, y));
                drawn += 1;
            }
            if drawn > 2 {
                path.push_str(&part);
                path.push('z');
            }
        }
        path
    }
}

/// Cuts a ring at a frame: left, top, right, bottom.
///
/// Source: Sutherland and Hodgman, “Reentrant polygon clipping”, 1974.
fn clipped(ring: Vec<(f64, f64)>, [left, top, right, bottom]: [f64; 4]) -> Vec<(f64, f64)> {
    type Edge = (fn((f64, f64), f64) -> bool, f64, bool);
    let edges: [Edge; 4] = [
        (|p, at| p.0 >= at, left, true),
        (|p, at| p.0 <= at, right, true),
        (|p, at| p.1 >= at, top, false),
        (|p, at| p.1 <= at, bottom, false),
    ];
    let mut ring = ring;
    for (within, at, upright) in edges {
        if ring.iter().all(|point| within(*point, at)) {
            continue;
        }
        let mut cut = Vec::with_capacity(ring.len());
        for (n, point) in ring.iter().enumerate() {
            let before = ring[(n + ring.len() - 1) % ring.len()];
            let crossing = || {
                let ((x1, y1), (x2, y2)) = (before, *point);
                if upright {
                    (at, y1 + (y2 - y1) * (at - x1) / (x2 - x1))
                } else {
                    (x1 + (x2 - x1) * (at - y1) / (y2 - y1), at)
                }
            };
            match (within(before, at), within(*point, at)) {
                (true, true) => cut.push(*point),
                (true, false) => cut.push(crossing()),
                (false, true) => cut.extend([crossing(), *point]),
                (false, false) => {}
            }
        }
        ring = cut;
    }
    ring
}
