//! The OpenAPI 3.1 document, put together from what each capability says of its operations.

use crate::registry;
use serde_json::{Value, json};
use site::{Answers, Context, Problem, Response, Route};

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
        for route in capability.routes {
            if let Some((path, operation)) = action(route) {
                let item = paths.entry(path).or_insert_with(|| json!({}));
                // What a capability describes itself is told better.
                if item.get("post").is_none() {
                    item["post"] = operation;
                }
            }
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

/// Returns what a form of a page does, as an operation for a program that shows a token: the fields are those of the form.
fn action(route: &Route) -> Option<(String, Value)> {
    let acts = matches!(route.answers, Answers::Acts(_)) && !route.signed;
    // Who gets in, and how, is for people who are signed in.
    let own = ["/me/", "/join", "/sign", "/recover"];
    let closed =
        own.iter().any(|start| route.pattern.starts_with(start)) && route.pattern != "/me/profile";
    if !acts || closed || route.pattern.starts_with("/api/") {
        return None;
    }
    let path = route.pattern.replace('*', "{name}");
    let mut name = String::from("post");
    for part in route
        .pattern
        .split(['/', '-', '*'])
        .filter(|part| !part.is_empty())
    {
        let (first, rest) = part.split_at(1);
        name.push_str(&first.to_uppercase());
        name.push_str(rest);
    }
    let fields = json!({"schema": {"type": "object", "additionalProperties": true}});
    let mut operation = json!({
        "operationId": name, "summary": route.about,
        "description": "The fields are those of the page's form. Ask for application/json.",
        "security": [{"token": []}],
        "requestBody": {"content": {"application/json": fields, "application/x-www-form-urlencoded": fields}},
        "responses": {
            "200": {"description": "Done: where to go on", "content": {"application/json": {"schema": {"type": "object", "properties": {"location": {"type": "string"}}}}}},
            "422": {"description": "What is to be mended, by field", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
            "default": {"$ref": "#/components/responses/Problem"}
        }
    });
    if path.contains("{name}") {
        operation["parameters"] =
            json!([{"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}]);
    }
    Some((path, operation))
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::registry;

    #[test]
    fn the_fields_of_the_forms_that_write_are_named() {
        let document = document("http://127.0.0.1");
        for (path, fields) in [
            (
                "/new",
                &["title", "text", "language", "licence", "provenance"][..],
            ),
            (
                "/edit/{name}",
                &["base", "text", "language", "provenance"][..],
            ),
        ] {
            let body = &document["paths"][path]["post"]["requestBody"]["content"];
            let schema = &body["application/json"]["schema"];
            assert_eq!(schema["required"], serde_json::json!(fields), "{path}");
            for field in fields.iter().chain(&["summary", "categories"]) {
                assert!(schema["properties"][field].is_object(), "{path}: {field}");
            }
        }
    }

    #[test]
    fn every_route_of_the_api_is_described() {
        let document = document("http://127.0.0.1");
        let paths = document["paths"].as_object().expect("an object");
        let plain: Vec<String> = paths
            .keys()
            .map(|path| match path.split_once('{') {
                Some((before, _)) => format!("{before}*"),
                None => path.clone(),
            })
            .collect();
        for route in registry::capabilities().iter().flat_map(|c| c.routes) {
            if route.pattern.starts_with("/api/") {
                assert!(
                    plain.iter().any(|path| path == route.pattern),
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
