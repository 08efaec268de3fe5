//! Pages of the atlas.

mod network;

use site::{Problem, Response, Route};

type Answer = Result<Response, Problem>;

pub(crate) const ROUTES: &[Route] = &[
    Route::get(
        "/network",
        network::overview,
        "The network: communities, bridges, and how two things are connected",
    )
    .waiting(),
    Route::get(
        "/network/of/*",
        network::of,
        "What a thing is connected with",
    )
    .waiting(),
    Route::get(
        "/api/v1/network/*",
        network::api,
        "The neighbourhood of a thing, for programs",
    )
    .waiting(),
];
