//! The map that is moved by hand, in a browser that can draw it: `assets/map.js`, and what it needs of the atlas.

use super::Answer;
use atlas::basemap::{built_in, packed};
use record::Hash;
use serde_json::json;
use site::{Body, Context, Markup, Problem, Response, html};
use std::sync::OnceLock;

const SCRIPT: &[u8] = include_bytes!("../../assets/map.js");
const SPRINT: &[u8] = include_bytes!("../../assets/sprint.js");
const WORKER: &[u8] = include_bytes!("../../assets/sw.js");
const STYLE: &[u8] = include_bytes!("../../assets/map.css");
/// What the atlas packs, with its media types.
const PACKED: [(&str, &str); 5] = [
    ("maplibre-gl.mjs", "text/javascript; charset=utf-8"),
    ("maplibre-gl-worker.mjs", "text/javascript; charset=utf-8"),
    ("topojson-client.js", "text/javascript; charset=utf-8"),
    ("world.json", "application/json; charset=utf-8"),
    ("basemap.json", "application/json; charset=utf-8"),
];

/// The version that all addresses carry, so that browsers may keep them for good.
fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut all = [SCRIPT, STYLE, SPRINT, WORKER].concat();
        for (name, _) in PACKED {
            all.extend(packed(name).unwrap_or_default());
        }
        Hash::of(&all).as_bytes()[..4]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    })
}

/// Draws what a page with a map adds: the script and its styles. Nothing where the program was built without a map.
pub(super) fn parts() -> Markup {
    if built_in().is_empty() {
        return html! {};
    }
    html! {
        link rel="stylesheet" href={ "/map/assets/map.css?v=" (version()) };
        link rel="modulepreload" href={ "/map/assets/maplibre-gl.mjs?v=" (version()) };
        script type="module" src={ "/map/assets/map.js?v=" (version()) } {}
    }
}

/// Draws what makes a sprint live, and its form work without a connection.
pub(super) fn sprint_parts() -> Markup {
    html! { script type="module" src={ "/map/assets/sprint.js?v=" (version()) } {} }
}

/// `GET /sprints/sw.js`: what keeps the form of a sprint on the phone. It is asked for at each visit.
pub(super) fn worker(_cx: &Context<'_>) -> Answer {
    Ok(Response::ok(
        "text/javascript; charset=utf-8",
        WORKER.to_vec(),
    ))
}

/// Draws what makes a field for coordinates a pin on a map, where there is script; `view` is west, south, east, north.
pub(super) fn pin(cx: &Context<'_>, field: &str, view: [f64; 4]) -> Markup {
    let w = cx.words;
    let said = json!({
        "view": view, "find": w.t("pin-find"), "put": w.t("pin-put"), "pin": w.t("pin-name"), "at": w.t("pin-at"),
        "lost": w.t("pin-lost"),
    });
    html! { div hidden data-for=(field) data-pin=(said.to_string()) {} (parts()) }
}

/// `GET /map/assets/…`.
pub(super) fn asset(cx: &Context<'_>) -> Answer {
    let body = match cx.rest {
        "map.js" => Some(("text/javascript; charset=utf-8", Body::Fixed(SCRIPT))),
        "sprint.js" => Some(("text/javascript; charset=utf-8", Body::Fixed(SPRINT))),
        "map.css" => Some(("text/css; charset=utf-8", Body::Fixed(STYLE))),
        name => PACKED
            .into_iter()
            .find(|(known, _)| *known == name)
            .and_then(|(name, media)| Some((media, Body::Packed(packed(name)?)))),
    };
    match body {
        Some((media, body)) => Ok(Response::asset(media, body)),
        None => Err(Problem::not_found(cx.words.t("no-asset"))),
    }
}
