//! The OpenAPI 3.1 document, put together from what each capability says of its operations.

use crate::registry;
use serde_json::{Value, json};
use site::{Context, Problem, Response, Route};

/// Its address.
pub const ROUTE: Route = Route::get("/api/v1/openapi.json", answer, "This document");

fn answer(cx: &Context<'_>) -> Result<Response, Problem> {
    Ok(Response::json(&document(cx.base())))
}

/// Returns the document for a node at `base`.
#[must_use]
pub fn document(base: &str) -> Value {
    let mut paths = serde_json::Map::new();
    for capability in registry::capabilities() {
        if let Ok(Value::Object(part)) = serde_json::from_str::<Value>(capability.openapi) {
            paths.extend(part);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Minga",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The interface of a commons for programs",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "A key that a member made for a program on the page “My account”"}}, "schemas": {"Problem": {
            "type": "object",
            "description": "What went wrong (RFC 9457), and the way out",
            "required": ["type", "title", "status", "detail", "remedy"],
            "properties": {
                "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                "detail": {"type": "string"}, "remedy": {"type": "string"}
            }
        }}, "responses": {"Problem": {
            "description": "A problem",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        }}}
    })
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::registry;

    #[test]
    fn every_route_of_the_api_is_described() {
        let document = document("http://127.0.0.1");
        let paths = document["paths"].as_object().expect("an object");
        for route in registry::capabilities().iter().flat_map(|c| c.routes) {
            if let Some(path) = route.pattern.strip_prefix("/api/") {
                let named = path.replace('*', "{title}");
                assert!(
                    paths.contains_key(&format!("/api/{named}")),
                    "{} is not described",
                    route.pattern
                );
            }
        }
        for (path, item) in paths {
            for (method, operation) in item.as_object().expect("operations") {
                assert!(
                    operation["responses"].is_object(),
                    "{method} {path} says no responses"
                );
                assert!(
                    operation["operationId"].is_string(),
                    "{method} {path} has no name"
                );
            }
        }
    }
}
