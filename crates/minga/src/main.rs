//! The program: command line, configuration, the registry of capabilities, the node.

mod bundle;
mod cli;
mod import;
mod load;
mod openapi;
mod output;
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
    match cli::run(cli) {
        Ok(status) => status.into(),
        Err(failure) => {
            output::say(&format!("minga: {}", output::sentence(&*failure)));
            output::Status::Failed.into()
        }
    }
}
