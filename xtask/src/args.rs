//! What was asked for on the command line.

use crate::{Outcome, Stop};

/// The words that no chore has taken yet.
pub(crate) struct Args(Vec<String>);

impl Args {
    pub(crate) fn new(words: impl Iterator<Item = String>) -> Self {
        Self(words.collect())
    }

    /// Takes the first word.
    pub(crate) fn command(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Takes a flag; returns whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// Takes `NAME VALUE` or `NAME=VALUE`.
    pub(crate) fn value(&mut self, name: &str) -> Outcome<Option<String>> {
        let joined = format!("{name}=");
        let Some(at) = self
            .0
            .iter()
            .position(|word| word == name || word.starts_with(&joined))
        else {
            return Ok(None);
        };
        let word = self.0.remove(at);
        if let Some(value) = word.strip_prefix(&joined) {
            return Ok(Some(value.to_owned()));
        }
        if at < self.0.len() {
            return Ok(Some(self.0.remove(at)));
        }
        Err(Stop::Misuse(format!("{name} wants a value")))
    }

    /// Takes a number; `otherwise` if it was not given.
    pub(crate) fn number(&mut self, name: &str, otherwise: usize) -> Outcome<usize> {
        match self.value(name)? {
            None => Ok(otherwise),
            Some(text) => text
                .parse()
                .map_err(|_| Stop::Misuse(format!("{name} wants a whole number, not “{text}”"))),
        }
    }

    /// Takes one of `names`.
    pub(crate) fn one_of(&mut self, name: &str, names: &[&str]) -> Outcome<Option<String>> {
        match self.value(name)? {
            Some(text) if !names.contains(&text.as_str()) => Err(Stop::Misuse(format!(
                "{name} is one of {}, not “{text}”",
                names.join(", ")
            ))),
            other => Ok(other),
        }
    }

    /// Refuses what nobody took.
    pub(crate) fn done(self) -> Outcome {
        match self.0.first() {
            None => Ok(()),
            Some(word) => Err(Stop::Misuse(format!("“{word}” is not understood here"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn values_stand_after_a_space_or_an_equals_sign() {
        let mut args = args("--kills 20 --only=fmt --release");
        assert_eq!(args.number("--kills", 200).ok(), Some(20));
        assert_eq!(
            args.one_of("--only", &["fmt"]).ok(),
            Some(Some("fmt".to_owned()))
        );
        assert!(args.flag("--release"));
        assert!(args.done().is_ok());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(args("--kils 20").done().is_err());
        assert!(args("--kills").number("--kills", 1).is_err());
        assert!(args("--only loud").one_of("--only", &["fmt"]).is_err());
    }
}
