//! Passwords, codes and tokens: how they are made, shown once, and kept.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use store::StoreError;

/// Characters of the shortest password.
/// Source: NIST SP 800-63B-4, section 3.1.1.2, asks for 15 where it is the only factor and 8 beside another; phrases
/// are asked for here, without rules on their signs.
pub const SHORTEST: usize = 10;

/// Characters of the longest password: hashing longer ones would let others keep the machine busy.
pub const LONGEST: usize = 512;

/// Why a text is no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// Under ten characters.
    #[error("a password has ten characters at least")]
    Short,
    /// Over 512 characters.
    #[error("a password has 512 characters at most")]
    Long,
    /// One of those that are tried first, or what anybody sees of the account.
    #[error("this password is one of those that are tried first")]
    Guessed,
}

/// Words and rows of keys of which the passwords are made that are tried first.
const TRIED: &[&str] = &[
    "password",
    "contrasena",
    "contraseña",
    "qwerty",
    "123456",
    "abcdef",
    "letmein",
    "welcome",
    "bienvenido",
    "minga",
    "iloveyou",
    "teamo",
];

/// Judges a new password; `around` are the texts that others see of the account.
///
/// # Errors
/// [`PhraseError`].
pub fn judge_phrase(phrase: &str, around: &[&str]) -> Result<(), PhraseError> {
    let count = phrase.chars().count();
    if count < SHORTEST {
        return Err(PhraseError::Short);
    }
    if count > LONGEST {
        return Err(PhraseError::Long);
    }
    let lower = phrase.to_lowercase();
    // What is left when the words that are tried first are taken out must still be something to guess.
    let mut rest = lower.clone();
    for word in TRIED.iter().copied().chain(around.iter().copied()) {
        let word = word.to_lowercase();
        if word.chars().count() > 3 {
            rest = rest.replace(&word, "");
        }
    }
    let mut signs: Vec<char> = rest.chars().filter(|c| !c.is_ascii_digit()).collect();
    signs.sort_unstable();
    signs.dedup();
    let mut all: Vec<char> = lower.chars().collect();
    all.sort_unstable();
    all.dedup();
    if all.len() < 5 || signs.len() < 3 {
        return Err(PhraseError::Guessed);
    }
    Ok(())
}

/// Source: OWASP's cheat sheet on the storage of passwords: argon2id with 19 MiB, 2 passes, 1 lane.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password for keeping. Takes some 20 ms on purpose.
///
/// # Errors
/// [`StoreError::Key`] when the system gives no randomness.
pub fn hash_phrase(phrase: &str) -> Result<String, StoreError> {
    let salt: [u8; 16] = random()?;
    let hash = hasher().hash_password_with_salt(phrase.as_bytes(), &salt);
    hash.map(|hash| hash.to_string())
        .map_err(|error| no_chance(&error.to_string()))
}

/// Returns whether a password is the one that was kept. An empty hash takes as long as any, and is none.
#[must_use]
pub fn is_phrase(phrase: &str, kept: &str) -> bool {
    // Of a password that nobody has: whoever asks cannot tell by the time whether an account is there.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let hash = if kept.is_empty() { NOBODY } else { kept };
    let short = phrase.get(..LONGEST * 4).unwrap_or(phrase);
    let matches = PasswordHash::new(hash)
        .is_ok_and(|hash| hasher().verify_password(short.as_bytes(), &hash).is_ok());
    matches && !kept.is_empty()
}

/// Returns random bytes.
///
/// # Errors
/// [`StoreError::Key`] when the system gives none.
pub fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| no_chance(&error.to_string()))?;
    Ok(bytes)
}

fn no_chance(reason: &str) -> StoreError {
    StoreError::Key {
        place: "the system's randomness".to_owned(),
        reason: reason.to_owned(),
    }
}

/// Signs that are hard to take for one another.
const SIGNS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Makes a secret of `N` signs, nearly five bits each.
///
/// # Errors
/// [`StoreError::Key`] when the system gives no randomness.
fn letters<const N: usize>() -> Result<String, StoreError> {
    let bytes: [u8; N] = random()?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(SIGNS[usize::from(*byte) % SIGNS.len()]))
        .collect())
}

/// Makes a token of a session or of a program: 52 signs, some 257 bits.
///
/// # Errors
/// [`StoreError::Key`] when the system gives no randomness.
pub fn token() -> Result<String, StoreError> {
    letters::<52>()
}

/// Makes the code of an invitation: 26 signs, some 128 bits.
///
/// # Errors
/// [`StoreError::Key`] when the system gives no randomness.
pub fn invitation() -> Result<String, StoreError> {
    letters::<26>()
}

/// Makes ten recovery codes of 12 signs, some 59 bits each, in groups of four.
///
/// # Errors
/// [`StoreError::Key`] when the system gives no randomness.
pub fn recovery_codes() -> Result<Vec<String>, StoreError> {
    (0..10)
        .map(|_| {
            let text = letters::<12>()?;
            Ok(format!("{}-{}-{}", &text[..4], &text[4..8], &text[8..]))
        })
        .collect()
}

/// Returns what is kept of a token or code: SHA-256 would do as well; what it is of is chance enough.
#[must_use]
pub fn kept(secret: &str) -> [u8; 32] {
    let plain: String = secret
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    blake3::derive_key(
        "minga 2026-11 secrets that were given out",
        plain.as_bytes(),
    )
}

#[cfg(test)]
mod tests {
    use super::{PhraseError, hash_phrase, is_phrase, judge_phrase, kept, recovery_codes, token};

    #[test]
    fn a_password_is_long_and_not_one_of_those_that_are_tried_first() {
        assert_eq!(judge_phrase("corto", &[]), Err(PhraseError::Short));
        for guessed in [
            "password123",
            "1234567890",
            "aaaaaaaaaaaa",
            "saywa-k1234",
            "contraseña2026",
        ] {
            assert_eq!(
                judge_phrase(guessed, &["saywa-k"]),
                Err(PhraseError::Guessed),
                "{guessed}"
            );
        }
        assert_eq!(judge_phrase("cuatro caballos comen", &["saywa-k"]), Ok(()));
        assert_eq!(
            judge_phrase(&"x y z ".repeat(200), &[]),
            Err(PhraseError::Long)
        );
    }

    #[test]
    fn a_password_is_known_again_and_no_password_is_none() {
        let hash = hash_phrase("cuatro caballos comen").expect("hashed");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(is_phrase("cuatro caballos comen", &hash));
        assert!(!is_phrase("cuatro caballos", &hash));
        assert!(!is_phrase("", ""));
    }

    #[test]
    fn codes_are_read_however_they_are_typed() {
        let codes = recovery_codes().expect("chance");
        assert_eq!(codes.len(), 10);
        let typed = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(kept(&typed), kept(&codes[0]));
        assert_ne!(kept(&codes[0]), kept(&codes[1]));
        assert_eq!(token().expect("chance").len(), 52);
    }
}
