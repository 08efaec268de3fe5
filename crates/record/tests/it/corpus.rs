//! The test vectors of others, which are not part of the repository.

use std::path::PathBuf;

/// Returns a file of the corpus; without it says so, and the test passes.
pub fn read(path: &str) -> Option<String> {
    let folder = std::env::var_os("MINGA_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let federation = folder.join("federation");
    if !federation.is_dir() {
        println!("skipped: no corpus");
        return None;
    }
    Some(std::fs::read_to_string(federation.join(path)).unwrap())
}

/// Returns bytes from hexadecimal.
pub fn hex<const N: usize>(text: &str) -> [u8; N] {
    hex_vec(text).try_into().unwrap()
}

/// Returns bytes from hexadecimal, however many.
pub fn hex_vec(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
