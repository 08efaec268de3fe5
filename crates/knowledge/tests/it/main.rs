//! Integration tests, one binary.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "tests say what they find"
)]

/// Tells each story on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite { $( #[test] fn $name() { super::$name($crate::world::World::new); } )* }
        mod on_postgresql { $( #[test] fn $name() { $crate::with_postgresql(super::$name); } )* }
    };
}

fn with_postgresql(story: fn(fn() -> world::World)) {
    if std::env::var("MINGA_TEST_POSTGRES").is_err() {
        println!("skipped: MINGA_TEST_POSTGRES is not set");
        return;
    }
    story(|| world::World::on(world::Database::make()));
}

mod care;
mod organizations;
mod pages;
mod prop_tables;
mod withdrawn;
mod world;
mod writing;
