//! Places on the Earth.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why numbers or a text are not a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// Not two decimal numbers with a comma between.
    #[error("a place is written as latitude,longitude in decimal degrees")]
    Shape,
    /// Not within −90 to 90.
    #[error("the latitude is not between -90 and 90 degrees")]
    Latitude,
    /// Not within −180 to 180.
    #[error("the longitude is not between -180 and 180 degrees")]
    Longitude,
}

/// A point in WGS 84, in millionths of a degree (11 cm at the equator).
///
/// In JSON an object with the numbers `latitude` and `longitude` in degrees, as a `Place` of
/// ActivityStreams has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Degrees", into = "Degrees")]
pub struct Place {
    latitude_microdegrees: i32,
    longitude_microdegrees: i32,
}

/// The JSON form.
#[derive(Serialize, Deserialize)]
struct Degrees {
    latitude: f64,
    longitude: f64,
}

impl TryFrom<Degrees> for Place {
    type Error = PlaceError;
    fn try_from(degrees: Degrees) -> Result<Self, PlaceError> {
        Self::from_degrees(degrees.latitude, degrees.longitude)
    }
}

impl From<Place> for Degrees {
    fn from(place: Place) -> Self {
        Self {
            latitude: place.latitude(),
            longitude: place.longitude(),
        }
    }
}

impl Place {
    /// Makes a place from millionths of a degree.
    ///
    /// # Errors
    /// [`PlaceError::Latitude`] or [`PlaceError::Longitude`] beyond the range.
    pub const fn from_microdegrees(latitude: i32, longitude: i32) -> Result<Self, PlaceError> {
        if latitude.unsigned_abs() > 90_000_000 {
            return Err(PlaceError::Latitude);
        }
        if longitude.unsigned_abs() > 180_000_000 {
            return Err(PlaceError::Longitude);
        }
        Ok(Self {
            latitude_microdegrees: latitude,
            longitude_microdegrees: longitude,
        })
    }

    /// Makes a place from degrees, rounded to the nearest millionth: the one place where it
    /// happens.
    ///
    /// # Errors
    /// [`PlaceError`] beyond the range, and for what is not a number.
    pub fn from_degrees(latitude: f64, longitude: f64) -> Result<Self, PlaceError> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(PlaceError::Latitude);
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(PlaceError::Longitude);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "within ±180,000,000 by the checks"
        )]
        let micro = |degrees: f64| (degrees * 1e6).round() as i32;
        Self::from_microdegrees(micro(latitude), micro(longitude))
    }

    /// Reads `latitude,longitude` in decimal degrees, as maps and forms give it.
    ///
    /// # Errors
    /// [`PlaceError`].
    pub fn parse(text: &str) -> Result<Self, PlaceError> {
        let number = |part: &str| {
            let part = part.trim();
            let digits = part.strip_prefix('-').unwrap_or(part);
            let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            if plain {
                part.parse::<f64>().ok()
            } else {
                None
            }
        };
        let (latitude, longitude) = text.split_once(',').ok_or(PlaceError::Shape)?;
        match (number(latitude), number(longitude)) {
            (Some(latitude), Some(longitude)) => Self::from_degrees(latitude, longitude),
            _ => Err(PlaceError::Shape),
        }
    }

    /// Returns the latitude in millionths of a degree, north positive.
    #[must_use]
    pub const fn latitude_microdegrees(self) -> i32 {
        self.latitude_microdegrees
    }

    /// Returns the longitude in millionths of a degree, east positive.
    #[must_use]
    pub const fn longitude_microdegrees(self) -> i32 {
        self.longitude_microdegrees
    }

    /// Returns the latitude in degrees.
    #[must_use]
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude_microdegrees) / 1e6
    }

    /// Returns the longitude in degrees.
    #[must_use]
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude_microdegrees) / 1e6
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.latitude(), self.longitude())
    }
}

impl std::str::FromStr for Place {
    type Err = PlaceError;
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_keeps_six_decimals() {
        let quito = Place::parse("-0.2201641, -78.5123274").unwrap();
        assert_eq!(quito.to_string(), "-0.220164,-78.512327");
        assert_eq!(Place::parse(&quito.to_string()), Ok(quito));
        let json = serde_json::to_value(quito).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"latitude": -0.220_164, "longitude": -78.512_327})
        );
        assert_eq!(serde_json::from_value::<Place>(json).unwrap(), quito);
    }

    #[test]
    fn beyond_the_poles_is_refused() {
        assert_eq!(Place::parse("90.0000001,0"), Err(PlaceError::Latitude));
        assert_eq!(Place::parse("0,180.5"), Err(PlaceError::Longitude));
        assert_eq!(
            Place::from_degrees(f64::NAN, 0.0),
            Err(PlaceError::Latitude)
        );
        assert_eq!(
            Place::from_microdegrees(i32::MIN, 0),
            Err(PlaceError::Latitude)
        );
        for text in ["", "1", "1;2", "x,1", "inf,1", "1e1,2", "--1,2", "1,2,3"] {
            assert_eq!(Place::parse(text), Err(PlaceError::Shape), "{text}");
        }
    }
}
