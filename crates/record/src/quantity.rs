//! Exact decimal amounts, money and quantities.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::written_as_text;

/// Why a text or number is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Exponent, plus sign, needless zeros, or no number at all.
    #[error("an amount is digits, perhaps with a point: no exponent, no needless zeros")]
    Shape,
    /// More than nine decimals.
    #[error("an amount has at most 9 decimals")]
    Scale,
    /// Does not fit 64 bits at its scale, or at the scale asked for.
    #[error("the amount does not fit")]
    TooLarge,
    /// More decimals than the scale asked for.
    #[error("the amount has more than {scale} decimals")]
    TooFine {
        /// The decimals that there is room for.
        scale: u8,
    },
    /// Not a currency code.
    #[error("a currency is 3–12 of A-Z and 0-9, beginning with a letter")]
    Currency,
    /// Not a unit.
    #[error("a unit is 1–20 characters without white space or control characters")]
    Unit,
}

/// An exact decimal number: `minor` × 10^−`scale`, with up to nine decimals.
///
/// In JSON a string, `"12.5"`: never an exponent, a plus sign or a needless zero, so that one
/// amount has one text. Ordered by value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    minor: i64,
    scale: u8,
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self { minor: 0, scale: 0 };
    /// The most decimals that an amount may have.
    pub const MAX_SCALE: u8 = 9;

    /// Returns `minor` × 10^−`scale`: `new(1250, 2)` is 12.5.
    ///
    /// # Errors
    /// [`AmountError::Scale`] for more than nine decimals.
    pub fn new(minor: i64, scale: u8) -> Result<Self, AmountError> {
        if scale > Self::MAX_SCALE {
            return Err(AmountError::Scale);
        }
        let mut shortest = Self { minor, scale };
        while shortest.scale > 0 && shortest.minor % 10 == 0 {
            shortest = Self {
                minor: shortest.minor / 10,
                scale: shortest.scale - 1,
            };
        }
        Ok(shortest)
    }

    /// Reads an amount in its one form: `-0.5`, `12`, `0`; not `12.50`, `.5`, `+1`, `-0`, `1e3`.
    ///
    /// # Errors
    /// [`AmountError`]: its shape, more than nine decimals, or more than 64 bits.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((_, "")) => return Err(AmountError::Shape),
            Some((whole, decimals)) => (whole, decimals),
            None => (digits, ""),
        };
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let needless = whole.is_empty()
            || (whole.len() > 1 && whole.starts_with('0'))
            || decimals.ends_with('0')
            || text == "-0";
        if needless || !plain(whole) || !plain(decimals) {
            return Err(AmountError::Shape);
        }
        let scale = u8::try_from(decimals.len()).map_err(|_| AmountError::Scale)?;
        if scale > Self::MAX_SCALE {
            return Err(AmountError::Scale);
        }
        let mut minor: i64 = 0;
        for digit in whole.bytes().chain(decimals.bytes()) {
            let digit = i64::from(digit - b'0') * if negative { -1 } else { 1 };
            minor = minor
                .checked_mul(10)
                .and_then(|n| n.checked_add(digit))
                .ok_or(AmountError::TooLarge)?;
        }
        Ok(Self { minor, scale })
    }

    /// Returns the number without its point: 125 for 12.5.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// Returns how many decimals it has, as few as it needs.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Returns the number in units of 10^−`scale`, as a table at a registered scale keeps it.
    ///
    /// # Errors
    /// [`AmountError::TooFine`] if decimals would be lost, [`AmountError::TooLarge`] if it does not
    /// fit. Nothing is ever rounded here.
    pub fn at_scale(self, scale: u8) -> Result<i64, AmountError> {
        let more = scale
            .checked_sub(self.scale)
            .ok_or(AmountError::TooFine { scale })?;
        10_i64
            .checked_pow(u32::from(more))
            .and_then(|factor| self.minor.checked_mul(factor))
            .ok_or(AmountError::TooLarge)
    }

    /// Returns the sum, if it fits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let sum = self
            .at_scale(scale)
            .ok()?
            .checked_add(other.at_scale(scale).ok()?)?;
        Self::new(sum, scale).ok()
    }

    /// Returns the same amount with the other sign, if it fits.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        self.minor.checked_neg().map(|minor| Self { minor, ..self })
    }

    /// The value in billionths: what any two amounts can be compared in.
    fn billionths(self) -> i128 {
        i128::from(self.minor) * 10_i128.pow(u32::from(Self::MAX_SCALE - self.scale))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.billionths().cmp(&other.billionths())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Decimal {
    fn from(minor: i64) -> Self {
        Self { minor, scale: 0 }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let magnitude = self.minor.unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{magnitude}");
        }
        let unit = 10_u64.pow(u32::from(self.scale));
        let width = usize::from(self.scale);
        write!(f, "{sign}{}.{:0width$}", magnitude / unit, magnitude % unit)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

written_as_text!(Decimal, AmountError);

/// A currency: a code of ISO 4217 such as `USD`, or a community's own such as `MINGA`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(Box<str>);

impl Currency {
    /// Reads a code: 3–12 of `A-Z` and `0-9`, beginning with a letter.
    ///
    /// # Errors
    /// [`AmountError::Currency`].
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let fits = (3..=12).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(AmountError::Currency)
        }
    }

    /// Returns the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A unit of measure, as it is written: `kg`, `h`, `m²`, `pieza`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit(Box<str>);

impl Unit {
    /// Reads a unit: 1–20 characters without white space or control characters.
    ///
    /// # Errors
    /// [`AmountError::Unit`].
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        let fits = plain && (1..=20).contains(&text.chars().take(21).count());
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(AmountError::Unit)
        }
    }

    /// Returns the unit.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! shown_as_written {
    ($($type:ty),*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        written_as_text!($type, AmountError);
    )*};
}
shown_as_written!(Currency, Unit);

/// An amount of money. In JSON `{"amount": "12.5", "currency": "USD"}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// Reads `12.5 USD`.
    ///
    /// # Errors
    /// [`AmountError`].
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let (amount, currency) = text.split_once(' ').ok_or(AmountError::Shape)?;
        Ok(Self {
            amount: Decimal::parse(amount)?,
            currency: Currency::parse(currency)?,
        })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// A measured amount. In JSON `{"value": "2.5", "unit": "kg"}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// How much.
    pub value: Decimal,
    /// In what unit.
    pub unit: Unit,
}

impl Quantity {
    /// Reads `2.5 kg`.
    ///
    /// # Errors
    /// [`AmountError`].
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let (value, unit) = text.split_once(' ').ok_or(AmountError::Shape)?;
        Ok(Self {
            value: Decimal::parse(value)?,
            unit: Unit::parse(unit)?,
        })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_one_text() {
        for text in [
            "0",
            "-1",
            "12.5",
            "-0.000000001",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036.854775807",
        ] {
            assert_eq!(
                Decimal::parse(text).map(|d| d.to_string()).as_deref(),
                Ok(text)
            );
        }
        for text in [
            "", "-", ".", "1.", ".5", "+1", "01", "-0", "-0.0", "1.50", "1.0", "1e3", "1E3", " 1",
            "1 ", "1,5", "--1", "1.-5", "٣", "0x1", "NaN",
        ] {
            assert_eq!(Decimal::parse(text), Err(AmountError::Shape), "{text}");
        }
        assert_eq!(Decimal::parse("0.0000000001"), Err(AmountError::Scale));
        assert_eq!(
            Decimal::parse("9223372036854775808"),
            Err(AmountError::TooLarge)
        );
        assert_eq!(
            Decimal::parse("9223372036.8547758071"),
            Err(AmountError::Scale)
        );
    }

    #[test]
    fn a_table_takes_only_what_fits_its_scale() {
        let amount = Decimal::parse("12.5").unwrap();
        assert_eq!(amount.at_scale(2), Ok(1250));
        assert_eq!(amount.at_scale(0), Err(AmountError::TooFine { scale: 0 }));
        assert_eq!(
            Decimal::from(i64::MAX).at_scale(1),
            Err(AmountError::TooLarge)
        );
        assert_eq!(amount.at_scale(255), Err(AmountError::TooLarge));
        assert_eq!(Decimal::new(1250, 2), Ok(amount));
        assert_eq!(Decimal::new(1, 10), Err(AmountError::Scale));
    }

    #[test]
    fn amounts_are_ordered_by_value() {
        let d = |text| Decimal::parse(text).unwrap();
        assert!(d("1.5") < d("1.51") && d("-2") < d("-1.999999999") && d("10") > d("9.9"));
        assert_eq!(d("0.1").checked_add(d("0.9")), Some(d("1")));
        assert_eq!(Decimal::from(i64::MAX).checked_add(d("1")), None);
        assert_eq!(Decimal::from(i64::MIN).checked_neg(), None);
    }

    #[test]
    fn money_and_quantities_are_read_as_they_are_shown() {
        let price = Money::parse("12.5 USD").unwrap();
        assert_eq!(
            serde_json::to_string(&price).unwrap(),
            r#"{"amount":"12.5","currency":"USD"}"#
        );
        assert_eq!(Quantity::parse("2.5 m²").unwrap().to_string(), "2.5 m²");
        assert_eq!(Money::parse("12.5 usd"), Err(AmountError::Currency));
        assert_eq!(Quantity::parse("1 a b"), Err(AmountError::Unit));
    }
}
