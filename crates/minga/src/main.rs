//! The program: command line, configuration, the registry of capabilities, the node.

mod bundle;
mod cli;
mod import;
mod keys;
mod load;
mod mail;
mod openapi;
mod output;
mod person;
mod publish;
mod registry;
mod serve;
mod upkeep;
mod verify;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let json = cli.json();
    match cli::run(cli) {
        Ok(status) => status.into(),
        Err(failure) => {
            let sentence = output::sentence(&*failure);
            output::say(&format!("minga: {sentence}"));
            if json {
                // Nobody may be listening.
                let _ = output::line(&serde_json::json!({"error": sentence}).to_string());
            }
            output::Status::Failed.into()
        }
    }
}
