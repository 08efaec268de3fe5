//! Boxes on the globe, and where a point lies on the map's square.

use record::Place;

/// What is wrong with a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoundsError {
    /// Not four decimal numbers with commas between.
    #[error("a box is written as west,south,east,north in decimal degrees")]
    Shape,
    /// A latitude beyond a pole.
    #[error("south and north lie between -90 and 90 degrees")]
    Latitude,
    /// A longitude more than once around the globe.
    #[error("west and east lie between -540 and 540 degrees")]
    Longitude,
    /// South lies north of north.
    #[error("south lies north of north: the order is west,south,east,north")]
    Reversed,
}

/// A box on the globe, its edges included, in millionths of a degree.
///
/// Where `west` is greater than `east` the box goes across the date line, as in RFC 7946, section 5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    west: i32,
    south: i32,
    east: i32,
    north: i32,
}

/// Millionths of a degree once around the globe.
const AROUND: f64 = 360e6;

impl Bounds {
    /// The whole globe.
    pub const WORLD: Self = Self {
        west: -180_000_000,
        south: -90_000_000,
        east: 180_000_000,
        north: 90_000_000,
    };

    /// Makes a box from degrees. A map that was moved around the globe names longitudes beyond ±180: they
    /// are brought back; a box of 360 degrees or more is the whole girth.
    ///
    /// # Errors
    /// [`BoundsError`].
    pub fn from_degrees(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BoundsError> {
        if ![south, north]
            .iter()
            .all(|edge| (-90.0..=90.0).contains(edge))
        {
            return Err(BoundsError::Latitude);
        }
        if ![west, east]
            .iter()
            .all(|edge| (-540.0..=540.0).contains(edge))
        {
            return Err(BoundsError::Longitude);
        }
        if south > north {
            return Err(BoundsError::Reversed);
        }
        // The points are whole millionths: the box holds those from the first within to the last within.
        let (low, high) = (
            |edge: f64| near(edge).ceil(),
            |edge: f64| near(edge).floor(),
        );
        let (from, to) = (low(west), high(east));
        let (west, east) = if to - from >= AROUND {
            (-180_000_000, 180_000_000)
        } else {
            (around(from), around(to))
        };
        Ok(Self {
            west,
            south: low(south) as i32,
            east,
            north: high(north) as i32,
        })
    }

    /// Reads `west,south,east,north` in decimal degrees.
    ///
    /// # Errors
    /// [`BoundsError`].
    pub fn parse(text: &str) -> Result<Self, BoundsError> {
        let numbers: Option<Vec<f64>> = text
            .split(',')
            .map(|part| {
                let part = part.trim();
                let plain = part
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
                part.parse().ok().filter(|n: &f64| plain && n.is_finite())
            })
            .collect();
        match numbers.as_deref() {
            Some(&[west, south, east, north]) => Self::from_degrees(west, south, east, north),
            _ => Err(BoundsError::Shape),
        }
    }

    /// Returns whether a point, in millionths of a degree, lies within. 180 degrees west and east are one line.
    #[must_use]
    pub const fn holds(&self, latitude: i32, longitude: i32) -> bool {
        latitude >= self.south
            && latitude <= self.north
            && (self.spans(longitude)
                || longitude.unsigned_abs() == 180_000_000 && self.spans(-longitude))
    }

    const fn spans(&self, longitude: i32) -> bool {
        if self.west <= self.east {
            longitude >= self.west && longitude <= self.east
        } else {
            longitude >= self.west || longitude <= self.east
        }
    }

    /// Returns the edges in degrees: west, south, east, north; `east` is beyond 180 where the box goes across
    /// the date line.
    #[must_use]
    pub fn degrees(&self) -> [f64; 4] {
        let degrees = |edge: i32| f64::from(edge) / 1e6;
        let east = degrees(self.east) + if self.west > self.east { 360.0 } else { 0.0 };
        [
            degrees(self.west),
            degrees(self.south),
            east,
            degrees(self.north),
        ]
    }

    /// Returns the box as it stands in an address: `west,south,east,north`, each within ±180.
    #[must_use]
    pub fn text(&self) -> String {
        let edge = |edge: i32| f64::from(edge) / 1e6;
        format!(
            "{},{},{},{}",
            edge(self.west),
            edge(self.south),
            edge(self.east),
            edge(self.north)
        )
    }
}

/// Millionths of a degree; what is a whole number but for the last bits of the product counts as one.
fn near(degrees: f64) -> f64 {
    let micro = degrees * 1e6;
    let whole = micro.round();
    if (micro - whole).abs() < 1e-6 {
        whole
    } else {
        micro
    }
}

/// Brings a longitude back to −180 to 180 degrees.
fn around(micro: f64) -> i32 {
    let mut micro = micro;
    while micro > 180e6 {
        micro -= AROUND;
    }
    while micro < -180e6 {
        micro += AROUND;
    }
    micro as i32
}

/// The latitude, in degrees, at which the map's square ends.
///
/// Source: the Web Mercator projection (EPSG:3857): atan(sinh π).
pub const EDGE: f64 = 85.051_128_779_806_6;

/// Returns where a latitude and a longitude in degrees lie on the map's square: x from 0 in the west to 1 in the
/// east, y from 0 in the north to 1 in the south.
///
/// Source: the Web Mercator projection (EPSG:3857).
#[must_use]
pub fn project(latitude: f64, longitude: f64) -> (f64, f64) {
    let latitude = latitude.clamp(-EDGE, EDGE).to_radians();
    let y = (1.0 - (latitude.tan() + 1.0 / latitude.cos()).ln() / std::f64::consts::PI) / 2.0;
    (longitude / 360.0 + 0.5, y)
}

/// Returns the latitude and longitude, in degrees, of a point of the map's square.
#[must_use]
pub fn unproject(x: f64, y: f64) -> (f64, f64) {
    let latitude = (std::f64::consts::PI * (1.0 - 2.0 * y))
        .sinh()
        .atan()
        .to_degrees();
    (latitude, (x - 0.5) * 360.0)
}

/// Returns where a latitude and a longitude in degrees lie on the map's square, 2³² wide: column and row.
#[must_use]
pub fn on_square(latitude: f64, longitude: f64) -> (u32, u32) {
    let (x, y) = project(latitude, longitude);
    let at = |part: f64| (part * 4_294_967_296.0).clamp(0.0, 4_294_967_295.0) as u32;
    (at(x), at(y))
}

/// Returns where a place lies on the map's square, 2³² wide: column and row.
#[must_use]
pub fn cell(place: Place) -> (u32, u32) {
    on_square(place.latitude(), place.longitude())
}

/// Returns the distance between two places in metres, on a sphere.
///
/// Source: the haversine formula, with the mean radius of the Earth (IUGG), 6,371,008.8 m.
#[must_use]
pub fn metres(one: Place, other: Place) -> f64 {
    let (a, b) = (one.latitude().to_radians(), other.latitude().to_radians());
    let half = |angle: f64| (angle / 2.0).sin().powi(2);
    let along = (other.longitude() - one.longitude()).to_radians();
    let h = half(b - a) + a.cos() * b.cos() * half(along);
    2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_read_or_refused_with_its_reason() {
        let quito = Bounds::parse("-78.6,-0.4,-78.3,0.1").unwrap();
        assert!(quito.holds(-220_164, -78_512_327));
        assert!(!quito.holds(200_000, -78_512_327));
        assert_eq!(quito.text(), "-78.6,-0.4,-78.3,0.1");
        assert_eq!(Bounds::parse("-180,-90,180,90"), Ok(Bounds::WORLD));
        for (text, error) in [
            ("", BoundsError::Shape),
            ("1,2,3", BoundsError::Shape),
            ("1,2,3,4,5", BoundsError::Shape),
            ("NaN,0,1,1", BoundsError::Shape),
            ("inf,0,1,1", BoundsError::Shape),
            ("0,-91,1,1", BoundsError::Latitude),
            ("0,0,1,90.1", BoundsError::Latitude),
            ("0,10,1,5", BoundsError::Reversed),
            ("-900,0,1,1", BoundsError::Longitude),
        ] {
            assert_eq!(Bounds::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn edges_belong_to_the_box() {
        let line = Bounds::parse("-0.1,0.1,0.3,0.3").unwrap();
        for (latitude, longitude) in [(100_000, -100_000), (300_000, 300_000)] {
            assert!(line.holds(latitude, longitude));
        }
        assert!(!line.holds(100_000, 300_001));
        assert!(!line.holds(99_999, 0));
    }

    #[test]
    fn a_box_goes_across_the_date_line() {
        let fiji = Bounds::parse("170,-20,-170,-10").unwrap();
        assert!(fiji.holds(-15_000_000, 179_000_000));
        assert!(fiji.holds(-15_000_000, -179_000_000));
        assert!(!fiji.holds(-15_000_000, 0));
        assert_eq!(Bounds::parse("170,-20,190,-10"), Ok(fiji));
        assert_eq!(Bounds::parse("-190,-20,-170,-10"), Ok(fiji));
        assert_eq!(fiji.degrees(), [170.0, -20.0, 190.0, -10.0]);
        let east = Bounds::parse("0,-1,180,1").unwrap();
        assert!(east.holds(0, 180_000_000) && east.holds(0, -180_000_000));
        assert!(!east.holds(0, -179_999_999));
        let girth = Bounds::parse("-300,-90,100,90").unwrap();
        assert_eq!(girth, Bounds::WORLD);
    }

    #[test]
    fn the_square_comes_back() {
        assert_eq!(project(0.0, 0.0), (0.5, 0.5));
        for (latitude, longitude) in [(-0.22, -78.51), (64.1, -21.9), (-54.8, -68.3)] {
            let (x, y) = project(latitude, longitude);
            let (back, along) = unproject(x, y);
            assert!((back - latitude).abs() < 1e-9 && (along - longitude).abs() < 1e-9);
        }
    }

    #[test]
    fn a_degree_of_the_equator_is_111_kilometres() {
        let at = |longitude| Place::from_degrees(0.0, longitude).unwrap();
        assert!((metres(at(0.0), at(1.0)) - 111_195.08).abs() < 0.1);
        assert!(metres(at(-179.9), at(179.9)) < 23_000.0);
    }
}
