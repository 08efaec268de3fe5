//! The map that is part of the program.

use atlas::basemap::{View, built_in};
use atlas::bounds::Bounds;

#[test]
fn every_capital_of_ecuador_lies_in_its_province() {
    let map = built_in();
    if map.is_empty() {
        println!("skipped: built without the map");
        return;
    }
    // Source: coordinates of the capitals as GeoNames has them; codes of ISO 3166-2.
    for (capital, latitude, longitude, code) in [
        ("Quito", -0.2299, -78.5249, "EC-P"),
        ("Guayaquil", -2.1962, -79.8862, "EC-G"),
        ("Cuenca", -2.9005, -79.0045, "EC-A"),
        ("Ambato", -1.2491, -78.6167, "EC-T"),
        ("Tena", -0.9938, -77.8129, "EC-N"),
        ("Ibarra", 0.3517, -78.1223, "EC-I"),
        ("Loja", -3.9931, -79.2042, "EC-L"),
        ("Santa Elena", -2.2267, -80.8587, "EC-SE"),
        ("Santo Domingo", -0.2542, -79.1719, "EC-SD"),
        ("Puerto Baquerizo Moreno", -0.9017, -89.6103, "EC-W"),
    ] {
        let found = map.area_at(latitude, longitude).map(|area| &*area.code);
        assert_eq!(found, Some(code), "{capital}");
    }
    let provinces = map.areas_of("EC");
    assert_eq!(provinces.len(), 24);
    assert!(provinces.iter().any(|area| area.spanish == "Cañar"));
    assert!(map.area_at(0.0, -30.0).is_none(), "the Atlantic");
    assert_eq!(
        map.area_at(48.8566, 2.3522).map(|area| &*area.country),
        Some("FR")
    );
}

#[test]
fn a_view_is_drawn_small_and_whole() {
    let map = built_in();
    if map.is_empty() {
        println!("skipped: built without the map");
        return;
    }
    let ecuador = Bounds::parse("-81.2,-5.1,-75.1,1.6").expect("a box");
    let view = View::of(&ecuador, 680.0, 730.0, 10.0);
    let drawn = map.draw(&view, Some("EC-P"));
    assert!(!drawn.chosen.is_empty() && drawn.land.len() > 2_000);
    assert!(drawn.land.len() < 60_000, "{} bytes", drawn.land.len());
    assert!(drawn.towns.iter().any(|(_, _, name)| name == "Quito"));
    assert!(drawn.towns.len() <= 15);
    for path in [&drawn.land, &drawn.chosen] {
        assert!(
            path.bytes()
                .all(|b| b"Mlz -".contains(&b) || b.is_ascii_digit())
        );
    }
    // Around the date line and of the whole globe, too.
    for text in ["170,-25,-170,-10", "-180,-60,180,80"] {
        let view = View::of(&Bounds::parse(text).expect("a box"), 680.0, 400.0, 0.0);
        let drawn = map.draw(&view, None);
        assert!(
            !drawn.land.is_empty() && drawn.land.len() < 120_000,
            "{text}: {}",
            drawn.land.len()
        );
    }
    let moved = view.moved(0.5, 0.0, 2.0);
    assert!(moved.degrees()[0] > view.degrees()[0]);
}
