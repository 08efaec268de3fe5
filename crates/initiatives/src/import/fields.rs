//! What a row of a list says, under whatever names, as an initiative.

use super::Options;
use crate::kinds;
use crate::model::{Initiative, Origin, Whereabouts};
use atlas::{activities, basemap, countries};
use people::LegalForm;
use record::Place;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Something of a row that was not taken as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// One of a few words.
    pub code: &'static str,
    /// What was found, and what was made of it.
    pub what: String,
}

/// The fields that a list can have, each with the names by which lists call it.
pub const FIELDS: &[(&str, &[&str])] = &[
    ("id", &["id", "identifier", "identificador", "guid", "@id"]),
    (
        "name",
        &[
            "name",
            "nombre",
            "title",
            "titulo",
            "nom",
            "initiative",
            "iniciativa",
        ],
    ),
    ("kind", &["kind", "tipo", "type", "category", "categoria"]),
    ("latitude", &["latitude", "lat", "latitud", "y"]),
    (
        "longitude",
        &["longitude", "lon", "lng", "long", "longitud", "x"],
    ),
    (
        "coordinates",
        &[
            "coordinates",
            "coordenadas",
            "lat lon",
            "latlon",
            "gps",
            "location",
        ],
    ),
    (
        "country",
        &[
            "country",
            "pais",
            "country name",
            "countryname",
            "country iso 3166",
            "addresscountry",
        ],
    ),
    (
        "region",
        &[
            "region",
            "province",
            "provincia",
            "state",
            "estado",
            "departamento",
            "addressregion",
        ],
    ),
    (
        "locality",
        &[
            "locality",
            "localidad",
            "city",
            "ciudad",
            "town",
            "canton",
            "municipio",
            "addresslocality",
        ],
    ),
    (
        "address",
        &[
            "address",
            "direccion",
            "street",
            "calle",
            "streetaddress",
            "full address",
        ],
    ),
    (
        "postcode",
        &[
            "postcode",
            "codigo postal",
            "zip",
            "postalcode",
            "postal code",
        ],
    ),
    (
        "website",
        &[
            "website",
            "url",
            "web",
            "link",
            "enlace",
            "sitio web",
            "primary url",
            "homepage",
            "pagina web",
        ],
    ),
    (
        "description",
        &[
            "description",
            "descripcion",
            "about",
            "mission",
            "que hace",
            "summary",
        ],
    ),
    ("language", &["language", "lang", "idioma", "lengua"]),
    (
        "themes",
        &["themes", "temas", "tags", "etiquetas", "keywords"],
    ),
    (
        "activity",
        &["activity", "actividad", "sic", "isic", "nace"],
    ),
    (
        "form",
        &["legal form", "legalform", "forma juridica", "form"],
    ),
    (
        "hours",
        &["opening hours", "openinghours", "horario", "hours"],
    ),
    (
        "since",
        &[
            "since",
            "founded",
            "foundingdate",
            "desde",
            "start date",
            "starts at",
        ],
    ),
    ("offering", &["offering", "offers", "ofrece"]),
    ("seeking", &["seeking", "needs", "busca", "necesita"]),
    ("licence", &["licence", "license", "licencia"]),
];

/// Names under which lists keep how to reach persons: those are left out.
const CONTACT: &[&str] = &[
    "email",
    "e-mail",
    "mail",
    "correo",
    "correo electronico",
    "phone",
    "telephone",
    "tel",
    "telefono",
    "mobile",
    "fax",
    "contact",
    "contacto",
    "contactpoint",
    "contact person",
    "contact name",
    "persona de contacto",
    "whatsapp",
    "owner name",
];

/// Parts of names that say how to reach persons, whatever stands beside them: `E-mail (2)`, `Tel. movil`.
const CONTACT_PARTS: &[&str] = &[
    "mail", "correo", "phone", "telefono", "movil", "celular", "whatsapp", "contact",
];

/// Returns whether a word is an address of mail.
fn is_mail(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.split_once('@').is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !host.starts_with('.') && !host.contains('@')
    })
}

/// Parts of words, folded, beside which digits are a telephone's.
const PHONES: [&str; 8] = [
    "tel", "fono", "fone", "phone", "movil", "celular", "whatsapp", "fax",
];

/// Takes telephone numbers out of a text, and counts them: runs of digits that begin with `+`, and those on lines that
/// name a telephone.
fn without_phones(text: &str, left_out: &mut u64) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.bytes().filter(u8::is_ascii_digit).take(8).count() < 8 {
            kept.push_str(line);
            continue;
        }
        let folded = countries::fold(line);
        let named = PHONES.iter().any(|part| folded.contains(part));
        let mut rest = line;
        while let Some(at) = rest.find(|c: char| c == '+' || c.is_ascii_digit()) {
            let run = &rest[at..];
            let end = run
                .find(|c: char| !(c.is_ascii_digit() || "+ ().-/".contains(c)))
                .unwrap_or(run.len());
            let run = run[..end].trim_end_matches([' ', '(', '.', '-', '/', '+']);
            let digits = run.bytes().filter(u8::is_ascii_digit).count();
            // An address holds digits too.
            let in_word = rest[..at]
                .chars()
                .next_back()
                .is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '=' | '_' | '.' | '-'));
            let phone = !in_word && (8..=20).contains(&digits) && (run.starts_with('+') || named);
            kept.push_str(&rest[..at]);
            if phone {
                *left_out += 1;
                kept.push('…');
            } else {
                kept.push_str(run);
            }
            rest = &rest[at + run.len().max(1)..];
            if run.is_empty() {
                kept.push('+');
            }
        }
        kept.push_str(rest);
    }
    kept
}

/// Takes out signs that steer how others are shown without being seen.
fn without_unseen(text: &str) -> String {
    if text.chars().any(people::turns) {
        text.chars().filter(|sign| !people::turns(*sign)).collect()
    } else {
        text.to_owned()
    }
}

/// Takes addresses of mail and telephone numbers out of a text, and counts them.
fn without_mails(text: &str, left_out: &mut u64) -> String {
    let text = &without_phones(text, left_out);
    if !text.contains('@') {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if is_mail(bare.trim_start_matches("mailto:")) {
            *left_out += 1;
            kept.push('…');
            kept.push_str(&word[bare.len()..]);
        } else {
            kept.push_str(word);
        }
    }
    kept
}

/// A row: names and values as the list has them, nested objects opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    pub(crate) fields: Map<String, Value>,
}

/// What a row became.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) initiative: Initiative,
    pub(crate) notes: Vec<Note>,
    pub(crate) left_out: u64,
}

/// Returns a name of a field in the form in which names are compared.
pub(crate) fn fold(name: &str) -> String {
    let spaced: String = name
        .chars()
        .map(|c| {
            if matches!(c, '_' | '-' | '.' | ':') {
                ' '
            } else {
                c
            }
        })
        .collect();
    let at = if name.starts_with('@') { "@" } else { "" };
    format!("{at}{}", countries::fold(&spaced))
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Field(&'static str),
    Contact,
}

/// Returns what a name of a field stands for.
fn named(name: &str) -> Option<Named> {
    static NAMES: OnceLock<HashMap<String, Named>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let contacts = CONTACT.iter().map(|name| (fold(name), Named::Contact));
        let fields = FIELDS
            .iter()
            .flat_map(|(field, names)| names.iter().map(|name| (fold(name), Named::Field(field))));
        contacts.chain(fields).collect()
    });
    let folded = fold(name);
    let known = names.get(&folded).copied();
    let reaches = || CONTACT_PARTS.iter().any(|part| folded.contains(part));
    known.or_else(|| reaches().then_some(Named::Contact))
}

/// Returns a value as text; lists are joined by commas.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(on) => on.to_string(),
        Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Object(_) => String::new(),
    }
}

/// Cuts a text to so many characters.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Returns the SHA-256 of what a row says, whatever the order of its fields.
fn digest(fields: &Map<String, Value>) -> String {
    let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
    let mut hash = Sha256::new();
    for (name, value) in sorted {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(value.to_string().as_bytes());
        hash.update([0]);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Row {
    /// Reads the row as an initiative of a list.
    ///
    /// # Errors
    /// A sentence, where it has no name, or something in it is beyond all bounds.
    pub(crate) fn initiative(self, source: &str, options: &Options) -> Result<Read, String> {
        let sha256 = digest(&self.fields);
        let mut notes = Vec::new();
        let mut note = |code: &'static str, what: String| notes.push(Note { code, what });
        let mut left_out = 0;
        let mut found: BTreeMap<&'static str, Value> = BTreeMap::new();
        let mut original = BTreeMap::new();
        let mut initiative = Initiative {
            language: "und".to_owned(),
            provenance: "imported".to_owned(),
            licence: options.licence.clone(),
            attribution: options.attribution.clone(),
            ..Initiative::default()
        };
        let mut list = source.to_owned();
        let mut more: Vec<String> = Vec::new();
        for (name, value) in self.fields {
            let mapped = options.columns.get(&name).map(String::as_str);
            let what = match mapped {
                Some(mapped) => FIELDS
                    .iter()
                    .find(|(field, _)| *field == mapped)
                    .map(|(field, _)| Named::Field(field)),
                None => named(&name),
            };
            match what {
                Some(Named::Field(field)) if !text(&value).is_empty() => {
                    found.entry(field).or_insert(value);
                }
                Some(Named::Field(_)) => {}
                Some(Named::Contact) => left_out += u64::from(!text(&value).is_empty()),
                None if name == "source" => list = text(&value),
                // Of a Murmurations profile: what it is a profile of, and until when.
                None if name == "linked_schemas" || name == "expires" => {}
                None if name == "urls" => {
                    let all = value.as_array().into_iter().flatten();
                    more.extend(all.filter_map(|one| one.get("url")).map(text));
                }
                None if name == "descriptions" || name == "names" => {
                    languages(&name, &value, &mut initiative, &mut left_out);
                }
                None => {
                    let said = without_unseen(&without_mails(&text(&value), &mut left_out));
                    if !said.is_empty() && original.len() < 40 {
                        original.insert(cut(&name, 80), cut(&said, 2_000));
                    }
                }
            }
        }
        // No way to reach a person comes along, in whatever field it stands; addresses of the web hold signs of their own.
        let mut clean: BTreeMap<&'static str, String> = BTreeMap::new();
        for (field, value) in &found {
            let said = text(value);
            let said = match *field {
                "id" | "website" | "latitude" | "longitude" | "coordinates" | "since"
                | "themes" => said,
                _ => without_mails(&said, &mut left_out),
            };
            clean.insert(field, without_unseen(&said));
        }
        let taken = |field: &str| clean.get(field).cloned().unwrap_or_default();
        let name = taken("name");
        if !people::is_seen(&name) {
            return Err("it has no name".to_owned());
        }
        let said = taken("language");
        let language = site::language_code(&said.replace('_', "-"));
        if record::Language::parse(&language).is_ok() {
            if language != said {
                original.insert("language".to_owned(), cut(&said, 2_000));
            }
            initiative.language = language;
        } else if !said.is_empty() {
            original.insert("language".to_owned(), cut(&said, 2_000));
            note(
                "language",
                format!(
                    "“{}” is no language known here; kept beside it",
                    cut(&said, 80)
                ),
            );
        }
        initiative
            .name_map
            .insert(initiative.language.clone(), cut(&name, 200));
        let description = taken("description");
        if !description.is_empty() {
            initiative
                .content_map
                .entry(initiative.language.clone())
                .or_insert_with(|| cut(&description, 10_000));
        }
        let kind = taken("kind");
        let key = fold(&kind).replace(' ', "-");
        if kinds::kind(&key).is_some() {
            initiative.kind = key;
        } else {
            initiative.kind = "other".to_owned();
            if !kind.is_empty() {
                original.insert("kind".to_owned(), cut(&kind, 2_000));
                note(
                    "kind",
                    format!("“{}” is no kind known here; kept beside it", cut(&kind, 80)),
                );
            }
        }
        let mut place = Whereabouts {
            address: cut(&join(&[&taken("address"), &taken("postcode")]), 300),
            locality: cut(&taken("locality"), 300),
            region: cut(&taken("region"), 300),
            ..Whereabouts::default()
        };
        let country = taken("country");
        if let Some(known) = countries::named(&country) {
            place.country = known.code.to_owned();
            if country != known.code {
                original.insert("country".to_owned(), cut(&country, 2_000));
            }
        } else if !country.is_empty() {
            original.insert("country".to_owned(), cut(&country, 2_000));
            note(
                "country",
                format!(
                    "“{}” is no country known here; kept beside it",
                    cut(&country, 80)
                ),
            );
        }
        let (mut latitude, mut longitude) = (taken("latitude"), taken("longitude"));
        let both = taken("coordinates");
        if latitude.is_empty() && longitude.is_empty() && !both.is_empty() {
            match pair(&both) {
                Some((y, x)) => (latitude, longitude) = (y, x),
                // A place in words.
                None if place.locality.is_empty() => place.locality = cut(&both, 300),
                None => drop(original.insert("location".to_owned(), cut(&both, 2_000))),
            }
        }
        let turned;
        (place.point, turned) = point(&latitude, &longitude, &place.country, &mut note);
        if turned {
            let said = format!("{latitude}, {longitude}");
            original.insert("coordinates".to_owned(), cut(&said, 80));
        }
        if place.country.is_empty()
            && let Some(point) = place.point
            && let Some(area) = basemap::built_in().area_at(point.latitude(), point.longitude())
        {
            // Told by the map; a list that says none is not asked again.
            place.country.clone_from(&area.country);
        }
        if place != Whereabouts::default() {
            initiative.places.push(place);
        }
        let website = taken("website");
        let links = website
            .split([' ', ','])
            .chain(more.iter().map(String::as_str));
        for link in links.filter(|link| !link.is_empty()) {
            let whole = if link.contains("://") {
                link.to_owned()
            } else {
                format!("https://{link}")
            };
            if people::is_web_address(&whole) && whole.contains('.') {
                initiative.links.push(cut(&whole, 1_000));
            } else {
                note(
                    "website",
                    format!("“{}” is no web address; left out", cut(link, 80)),
                );
            }
        }
        initiative.links.truncate(30);
        if let Some(themes) = found.get("themes") {
            initiative.themes = themes_of(themes);
            initiative.themes.retain(|theme| {
                let mail = is_mail(theme);
                left_out += u64::from(mail);
                !mail
            });
        }
        let activity = taken("activity");
        if let Some(known) =
            activities::by_key(&activity).or_else(|| activities::by_national_code(&activity))
        {
            initiative.activities.push(known.key.to_owned());
        }
        if !activity.is_empty() && activities::by_key(&activity).is_none() {
            original.insert("activity".to_owned(), cut(&activity, 2_000));
        }
        initiative.form = form(&taken("form"), &initiative.kind, &original);
        if !taken("form").is_empty() && initiative.form != taken("form") {
            original.insert("legal form".to_owned(), cut(&taken("form"), 2_000));
        }
        for (field, to, most) in [
            ("hours", &mut initiative.hours, 500),
            ("since", &mut initiative.since, 20),
            ("offering", &mut initiative.offering, 4_000),
            ("seeking", &mut initiative.seeking, 4_000),
        ] {
            *to = cut(&taken(field), most);
        }
        // Seconds since 1970, as profiles have it.
        if let Ok(seconds) = initiative.since.parse::<i64>()
            && initiative.since.len() > 5
        {
            let day = record::Timestamp::from_millis(seconds.saturating_mul(1_000)).to_string();
            initiative.since = cut(&day, 10);
        }
        if !taken("licence").is_empty() {
            initiative.licence = cut(&taken("licence"), 200);
        }
        let mut id = taken("id");
        if id.is_empty() {
            // The same row has the same name in its list each time, whatever else it says.
            let at = format!("{name}\n{}\n{}", taken("latitude"), taken("longitude"));
            let digits = Sha256::digest(at.as_bytes());
            id = digits[..8]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
        }
        initiative.original = original;
        initiative.sources = vec![Origin {
            source: cut(&list, 200),
            id: cut(&id, 500),
            sha256,
        }];
        initiative.check()?;
        Ok(Read {
            initiative,
            notes,
            left_out,
        })
    }
}

fn join(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

/// Reads texts by language.
fn languages(name: &str, value: &Value, initiative: &mut Initiative, left_out: &mut u64) {
    let Value::Object(texts) = value else {
        return;
    };
    for (language, said) in texts {
        let said = without_unseen(&without_mails(&text(said), left_out));
        if record::Language::parse(language).is_err() || said.is_empty() {
            continue;
        }
        if name == "names" {
            initiative
                .name_map
                .insert(language.clone(), cut(&said, 200));
        } else {
            initiative
                .content_map
                .insert(language.clone(), cut(&said, 10_000));
        }
    }
}

fn themes_of(value: &Value) -> Vec<String> {
    let parts: Vec<String> = match value {
        Value::Array(list) => list.iter().map(text).collect(),
        other => text(other)
            .split([',', ';', '|'])
            .map(str::to_owned)
            .collect(),
    };
    let mut themes: Vec<String> = Vec::new();
    for part in parts {
        let part = part.replace('_', " ");
        let mut signs = part.trim().chars();
        let theme: String = signs
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(signs)
            .take(200)
            .collect();
        let fits = !theme.is_empty() && !theme.contains(['[', ']', '|', '#', '\n']);
        if fits && !themes.contains(&theme) {
            themes.push(theme);
        }
    }
    themes.truncate(60);
    themes
}

/// Returns the legal form that a list's word stands for, as far as that is certain.
fn form(word: &str, kind: &str, original: &BTreeMap<String, String>) -> String {
    if LegalForm::parse(word).is_some() {
        return word.to_owned();
    }
    let owners = original
        .get("ownership")
        .map(|text| text.to_lowercase())
        .unwrap_or_default();
    let form = match kind {
        "cooperative" if owners.contains("worker") => LegalForm::WorkerCooperative,
        "cooperative" => LegalForm::OtherCooperative,
        "public-library" | "public-body" => LegalForm::PublicBody,
        "association" => LegalForm::Nonprofit,
        _ => return String::new(),
    };
    form.as_str().to_owned()
}

/// Reads two numbers of one field, with a comma, a semicolon or a space between.
fn pair(text: &str) -> Option<(String, String)> {
    let between = [';', ',', ' ']
        .into_iter()
        .find(|sign| text.contains(*sign))?;
    let mut parts = text
        .split(between)
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let (one, other) = (parts.next()?, parts.next()?);
    let number = |text: &str| text.replace(',', ".").parse::<f64>().is_ok();
    let two = parts.next().is_none() && number(one) && number(other);
    two.then(|| (one.to_owned(), other.to_owned()))
}

/// Reads coordinates in degrees; those that lie in another country than the row says, and would lie in it the other way
/// round, are turned: that is the second answer.
fn point(
    latitude: &str,
    longitude: &str,
    country: &str,
    note: &mut impl FnMut(&'static str, String),
) -> (Option<Place>, bool) {
    if latitude.is_empty() && longitude.is_empty() {
        return (None, false);
    }
    let number = |text: &str| {
        text.replace(',', ".")
            .parse::<f64>()
            .ok()
            .filter(|n| n.is_finite())
    };
    let said = format!("{latitude}, {longitude}");
    let (Some(y), Some(x)) = (number(latitude), number(longitude)) else {
        note(
            "coordinates",
            format!("“{}” are no coordinates; it has no point", cut(&said, 80)),
        );
        return (None, false);
    };
    if x == 0.0 && y == 0.0 {
        note(
            "coordinates",
            "0, 0 lies in the sea off Ghana and mostly stands for nothing; it has no point"
                .to_owned(),
        );
        return (None, false);
    }
    let there = |y: f64, x: f64| {
        let inside = y.abs() <= 90.0 && x.abs() <= 180.0;
        inside.then(|| basemap::built_in().area_at(y, x)).flatten()
    };
    let is_in = |y: f64, x: f64| there(y, x).is_some_and(|area| area.country == country);
    if !country.is_empty() && !is_in(y, x) && is_in(x, y) {
        note(
            "coordinates",
            format!(
                "{said} lie elsewhere than in {country}, and the other way round in it; turned"
            ),
        );
        return (Place::from_degrees(x, y).ok(), true);
    }
    match Place::from_degrees(y, x) {
        Ok(point) => (Some(point), false),
        Err(error) => {
            note("coordinates", format!("{said}: {error}; it has no point"));
            (None, false)
        }
    }
}
