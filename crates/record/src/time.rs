//! Moments, to the millisecond.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::{DateTime, datetime};

use crate::text::written_as_text;

/// Why a text is not a moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not a moment as RFC 3339 writes it, such as 2026-11-22T10:00:00Z")]
pub struct TimestampError {
    /// What was given, at most 40 characters of it.
    pub text: String,
}

/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z, from the year 1 to 9999.
///
/// Written as RFC 3339 has it, with `Z`, and with a fraction only if it is not zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// Returns the moment `millis` milliseconds after 1970 began; what lies beyond the years
    /// 1 to 9999 becomes the nearest moment within.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Returns the milliseconds since 1970 began.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Returns the moment `millis` later (earlier, if negative), within the years 1 to 9999.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Reads a moment of RFC 3339: date, `T`, time to the second, an optional fraction of up to
    /// nine digits (cut to milliseconds), and `Z` or an offset. No leap second.
    ///
    /// # Errors
    /// [`TimestampError`] for everything else, dates without a time too.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        read(text).ok_or_else(|| TimestampError {
            text: text.chars().take(40).collect(),
        })
    }

    /// Reads a moment written exactly as [`Timestamp`]s are displayed, so that one moment has one
    /// text.
    ///
    /// # Errors
    /// [`TimestampError`] for every other way to write it.
    pub fn parse_canonical(text: &str) -> Result<Self, TimestampError> {
        let canonical = match text.len() {
            20 => text.ends_with('Z'),
            // A fraction ends with Z and no needless zero.
            22..=24 => text.ends_with('Z') && !text.ends_with("0Z"),
            _ => false,
        };
        let read = if canonical { read(text) } else { None };
        read.ok_or_else(|| TimestampError {
            text: text.chars().take(40).collect(),
        })
    }
}

/// Calendar reckoning in UTC, which has no gaps; jiff's own timestamps end a day before MAX.
const EPOCH: DateTime = datetime(1970, 1, 1, 0, 0, 0, 0);

/// Reads RFC 3339 §5.6 by hand, since general parsers take far more than it allows.
fn read(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let number = |from: usize, digits: usize| {
        bytes
            .get(from..from + digits)?
            .iter()
            .try_fold(0_i64, |sum, b| {
                b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0'))
            })
    };
    let mark = |at: usize, mark: u8| (bytes.get(at) == Some(&mark)).then_some(());
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    mark(4, b'-').and(mark(7, b'-')).and(mark(10, b'T'))?;
    mark(13, b':').and(mark(16, b':'))?;
    let mut end = 19;
    let mut millis = 0;
    if mark(19, b'.').is_some() {
        let digits = bytes
            .get(20..)?
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        let kept = digits.min(3);
        millis = number(20, kept)? * [100, 10, 1].get(kept - 1)?;
        end = 20 + digits;
    }
    let offset_minutes = match bytes.get(end)? {
        b'Z' if bytes.len() == end + 1 => 0,
        sign @ (b'+' | b'-') if bytes.len() == end + 6 => {
            let (hours, minutes) = (number(end + 1, 2)?, number(end + 4, 2)?);
            mark(end + 3, b':')?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    let small = |n: i64| i8::try_from(n).ok();
    let civil = DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    )
    .ok()?;
    let seconds = civil.duration_since(EPOCH).as_secs();
    let moment = seconds * 1000 + millis - offset_minutes * 60_000;
    (Timestamp::MIN.0..=Timestamp::MAX.0)
        .contains(&moment)
        .then_some(Timestamp(moment))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every moment from MIN to MAX is a date of jiff's calendar.
        let at = EPOCH.saturating_add(SignedDuration::from_millis(self.0));
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )?;
        match at.millisecond() {
            0 => {}
            n if n % 100 == 0 => write!(f, ".{}", n / 100)?,
            n if n % 10 == 0 => write!(f, ".{:02}", n / 10)?,
            n => write!(f, ".{n:03}")?,
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

written_as_text!(Timestamp, TimestampError);

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &str) -> String {
        Timestamp::parse(text).map_or_else(|e| e.to_string(), |t| t.to_string())
    }

    #[test]
    fn a_moment_is_written_as_short_as_it_can_be() {
        assert_eq!(again("2026-11-22T10:00:00Z"), "2026-11-22T10:00:00Z");
        assert_eq!(again("2026-11-22T10:00:00.000Z"), "2026-11-22T10:00:00Z");
        assert_eq!(again("2026-11-22T10:00:00.5Z"), "2026-11-22T10:00:00.5Z");
        assert_eq!(
            again("2026-11-22T10:00:00.050999999Z"),
            "2026-11-22T10:00:00.05Z"
        );
        assert_eq!(again("2026-11-22T10:00:00-05:00"), "2026-11-22T15:00:00Z");
        assert_eq!(
            again("1969-12-31T23:59:59.999Z"),
            "1969-12-31T23:59:59.999Z"
        );
        assert_eq!(again("0001-01-01T00:00:00Z"), Timestamp::MIN.to_string());
        assert_eq!(
            again("9999-12-31T23:59:59.999Z"),
            Timestamp::MAX.to_string()
        );
    }

    #[test]
    fn what_is_not_rfc_3339_is_refused() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22 10:00:00Z",
            "2026-11-22t10:00:00z",
            "2026-11-22T10:00Z",
            "2026-02-29T10:00:00Z",
            "2026-13-01T10:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T10:00:60Z",
            "2026-11-22T10:00:00",
            "2026-11-22T10:00:00.Z",
            "2026-11-22T10:00:00.1234567890Z",
            "2026-11-22T10:00:00Zz",
            "2026-11-22T10:00:00+5:00",
            "2026-11-22T10:00:00+24:00",
            "0000-01-01T00:00:00Z",
            "+026-11-22T10:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "２026-11-22T10:00:00Z",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn one_moment_has_one_canonical_text() {
        assert!(Timestamp::parse_canonical("2026-11-22T10:00:00Z").is_ok());
        assert!(Timestamp::parse_canonical("2026-11-22T10:00:00.25Z").is_ok());
        for text in [
            "2026-11-22T10:00:00.0Z",
            "2026-11-22T10:00:00.50Z",
            "2026-11-22T10:00:00+00:00",
            "2026-11-22T10:00:00.1234Z",
            "2026-11-22T10:00:00.",
        ] {
            assert!(Timestamp::parse_canonical(text).is_err(), "{text}");
        }
    }
}
