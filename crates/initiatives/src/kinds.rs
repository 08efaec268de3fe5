//! What initiatives can be: one closed table, so that they can be counted.

/// A kind of initiative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its word in records, addresses and tables.
    pub key: &'static str,
    /// Its name in Spanish.
    pub spanish: &'static str,
    /// Its name in English.
    pub english: &'static str,
}

const fn of(key: &'static str, spanish: &'static str, english: &'static str) -> Kind {
    Kind {
        key,
        spanish,
        english,
    }
}

/// By key.
const KINDS: &[Kind] = &[
    of("association", "Asociación", "Association"),
    of("collective", "Colectivo", "Collective"),
    of("community-garden", "Huerto comunitario", "Community garden"),
    of("community-space", "Espacio comunitario", "Community space"),
    of("cooperative", "Cooperativa", "Cooperative"),
    of("culture", "Cultura", "Culture"),
    of("ecovillage", "Ecoaldea", "Ecovillage"),
    of("education", "Educación", "Education"),
    of("energy", "Energía", "Energy"),
    of("event", "Encuentro", "Event"),
    of("farmers-market", "Feria campesina", "Farmers’ market"),
    of("finance", "Finanzas y monedas", "Finance and currencies"),
    of("food", "Alimentación", "Food"),
    of("green-map", "Lugar verde", "Green place"),
    of("hackerspace", "Hackerspace", "Hackerspace"),
    of("health", "Salud y cuidados", "Health and care"),
    of("housing", "Vivienda", "Housing"),
    of("knowledge", "Saberes", "Knowledge"),
    of("makerspace", "Taller abierto", "Makerspace"),
    of("media", "Medio de comunicación", "Media"),
    of("mobility", "Movilidad", "Mobility"),
    of("network", "Red", "Network"),
    of("osm-community", "Comunidad de mapas", "Mapping community"),
    of("other", "Otra", "Other"),
    of("public-body", "Institución pública", "Public body"),
    of("public-library", "Biblioteca pública", "Public library"),
    of("repair", "Reparación", "Repair"),
    of("research", "Investigación", "Research"),
    of("reuse", "Reúso e intercambio", "Reuse and exchange"),
    of("software", "Programas libres", "Free software"),
    of(
        "solidarity-economy",
        "Economía solidaria",
        "Solidarity economy",
    ),
    of("transition", "Transición", "Transition"),
    of("water", "Agua", "Water"),
];

/// Returns every kind, by key.
#[must_use]
pub fn kinds() -> &'static [Kind] {
    KINDS
}

/// Returns the kind with a key.
#[must_use]
pub fn kind(key: &str) -> Option<&'static Kind> {
    let at = KINDS.binary_search_by_key(&key, |kind| kind.key).ok()?;
    KINDS.get(at)
}

#[cfg(test)]
mod tests {
    use super::{KINDS, kind};

    #[test]
    fn every_kind_is_found_by_its_key() {
        for one in KINDS {
            assert_eq!(kind(one.key), Some(one));
        }
        assert_eq!(kind("cooperatives"), None);
    }
}
