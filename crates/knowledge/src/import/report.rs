//! What an import says when it is done.

use serde::Serialize;

/// What is wrong with one item: where, a stable code, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The page or the place in the file.
    #[serde(rename = "where")]
    pub place: String,
    /// A stable code in snake case.
    pub code: String,
    /// One sentence.
    pub what: String,
}

/// The outcome of an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Pages read.
    pub read: u64,
    /// Pages that were not here before.
    pub added: u64,
    /// Pages whose text had changed.
    pub updated: u64,
    /// Pages that were here already, as they are.
    pub unchanged: u64,
    /// Pages that somebody edited here meanwhile: the local text stays shown.
    pub conflicts: u64,
    /// Pages that a rule refused.
    pub refused: u64,
    /// Uses of the templates that were asked for.
    #[serde(skip)]
    pub forms: Vec<super::Form>,
    /// What is wrong with single pages; the import went on.
    pub problems: Vec<Problem>,
    /// How many problems more there were than are listed.
    pub more_problems: u64,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// How long it took.
    pub seconds: f64,
}

/// The most problems that are listed, so that a hostile file does not fill the memory.
const MOST: usize = 100_000;
/// The most characters of a place that are shown: a title may be of any length in a file.
const PLACE: usize = 300;

impl Report {
    /// Notes a problem.
    pub fn problem(
        &mut self,
        place: impl Into<String>,
        code: impl Into<String>,
        what: impl Into<String>,
    ) {
        if self.problems.len() >= MOST {
            self.more_problems += 1;
            return;
        }
        let mut place = place.into();
        if let Some((cut, _)) = place.char_indices().nth(PLACE) {
            place.truncate(cut);
            place.push('…');
        }
        self.problems.push(Problem {
            place,
            code: code.into(),
            what: what.into(),
        });
    }
}
