//! The names of languages.

use maud::{Markup, html};

/// Codes and names, each name in its own language.
/// Source: ISO 639-1 with the names of Unicode's CLDR and of Wikimedia's projects; from ISO 639-3 the
/// languages of the Andes and those in which free wikis are written.
const LANGUAGES: &[(&str, &str)] = &[
    ("aa", "Qafar af"),
    ("ab", "Аԥсуа"),
    ("ae", "Avesta"),
    ("af", "Afrikaans"),
    ("ak", "Akan"),
    ("am", "አማርኛ"),
    ("an", "Aragonés"),
    ("ar", "العربية"),
    ("as", "অসমীয়া"),
    ("ast", "Asturianu"),
    ("av", "Авар"),
    ("ay", "Aymar aru"),
    ("az", "Azərbaycanca"),
    ("ba", "Башҡортса"),
    ("be", "Беларуская"),
    ("bg", "Български"),
    ("bh", "भोजपुरी"),
    ("bi", "Bislama"),
    ("bm", "Bamanankan"),
    ("bn", "বাংলা"),
    ("bo", "བོད་ཡིག"),
    ("br", "Brezhoneg"),
    ("bs", "Bosanski"),
    ("ca", "Català"),
    ("ce", "Нохчийн"),
    ("ch", "Chamoru"),
    ("co", "Corsu"),
    ("cr", "ᓀᐦᐃᔭᐍᐏᐣ"),
    ("cs", "Čeština"),
    ("cu", "Словѣньскъ"),
    ("cv", "Чӑвашла"),
    ("cy", "Cymraeg"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("dv", "ދިވެހި"),
    ("dz", "རྫོང་ཁ"),
    ("ee", "Eʋegbe"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("ff", "Fulfulde"),
    ("fi", "Suomi"),
    ("fj", "Na vosa Vakaviti"),
    ("fo", "Føroyskt"),
    ("fr", "Français"),
    ("fy", "Frysk"),
    ("ga", "Gaeilge"),
    ("gd", "Gàidhlig"),
    ("gl", "Galego"),
    ("gn", "Avañe’ẽ"),
    ("gu", "ગુજરાતી"),
    ("gv", "Gaelg"),
    ("ha", "Hausa"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("ho", "Hiri Motu"),
    ("hr", "Hrvatski"),
    ("ht", "Kreyòl ayisyen"),
    ("hu", "Magyar"),
    ("hy", "Հայերեն"),
    ("hz", "Otjiherero"),
    ("ia", "Interlingua"),
    ("id", "Bahasa Indonesia"),
    ("ie", "Interlingue"),
    ("ig", "Igbo"),
    ("ii", "ꆇꉙ"),
    ("ik", "Iñupiatun"),
    ("io", "Ido"),
    ("is", "Íslenska"),
    ("it", "Italiano"),
    ("iu", "ᐃᓄᒃᑎᑐᑦ"),
    ("ja", "日本語"),
    ("jv", "Basa Jawa"),
    ("ka", "ქართული"),
    ("kg", "Kikongo"),
    ("ki", "Gĩkũyũ"),
    ("kj", "Kwanyama"),
    ("kk", "Қазақша"),
    ("kl", "Kalaallisut"),
    ("km", "ភាសាខ្មែរ"),
    ("kn", "ಕನ್ನಡ"),
    ("ko", "한국어"),
    ("kr", "Kanuri"),
    ("ks", "کٲشُر"),
    ("ku", "Kurdî"),
    ("kv", "Коми"),
    ("kw", "Kernowek"),
    ("ky", "Кыргызча"),
    ("la", "Latina"),
    ("lb", "Lëtzebuergesch"),
    ("lg", "Luganda"),
    ("li", "Limburgs"),
    ("ln", "Lingála"),
    ("lo", "ລາວ"),
    ("lt", "Lietuvių"),
    ("lu", "Kiluba"),
    ("lv", "Latviešu"),
    ("mg", "Malagasy"),
    ("mh", "Kajin M̧ajeļ"),
    ("mi", "Māori"),
    ("mk", "Македонски"),
    ("ml", "മലയാളം"),
    ("mn", "Монгол"),
    ("mr", "मराठी"),
    ("ms", "Bahasa Melayu"),
    ("mt", "Malti"),
    ("my", "မြန်မာဘာသာ"),
    ("na", "Dorerin Naoero"),
    ("nah", "Nāhuatl"),
    ("nb", "Norsk bokmål"),
    ("nd", "isiNdebele"),
    ("ne", "नेपाली"),
    ("ng", "Oshindonga"),
    ("nl", "Nederlands"),
    ("nn", "Norsk nynorsk"),
    ("no", "Norsk"),
    ("nr", "isiNdebele seSewula"),
    ("nv", "Diné bizaad"),
    ("ny", "Chichewa"),
    ("oc", "Occitan"),
    ("oj", "Anishinaabemowin"),
    ("om", "Afaan Oromoo"),
    ("or", "ଓଡ଼ିଆ"),
    ("os", "Ирон"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pi", "पालि"),
    ("pl", "Polski"),
    ("ps", "پښتو"),
    ("pt", "Português"),
    ("pt-br", "Português do Brasil"),
    ("qu", "Kichwa"),
    ("quc", "K’iche’"),
    ("rm", "Rumantsch"),
    ("rn", "Ikirundi"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("rw", "Ikinyarwanda"),
    ("sa", "संस्कृतम्"),
    ("sc", "Sardu"),
    ("sd", "سنڌي"),
    ("se", "Davvisámegiella"),
    ("sg", "Sängö"),
    ("sh", "Srpskohrvatski"),
    ("shu", "Shuar chicham"),
    ("si", "සිංහල"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sm", "Gagana Sāmoa"),
    ("sn", "chiShona"),
    ("so", "Soomaali"),
    ("sq", "Shqip"),
    ("sr", "Српски"),
    ("ss", "siSwati"),
    ("st", "Sesotho"),
    ("su", "Basa Sunda"),
    ("sv", "Svenska"),
    ("sw", "Kiswahili"),
    ("ta", "தமிழ்"),
    ("te", "తెలుగు"),
    ("tg", "Тоҷикӣ"),
    ("th", "ไทย"),
    ("ti", "ትግርኛ"),
    ("tk", "Türkmençe"),
    ("tl", "Tagalog"),
    ("tn", "Setswana"),
    ("to", "Lea faka-Tonga"),
    ("tr", "Türkçe"),
    ("ts", "Xitsonga"),
    ("tt", "Татарча"),
    ("tw", "Twi"),
    ("ty", "Reo Tahiti"),
    ("ug", "ئۇيغۇرچە"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("uz", "Oʻzbekcha"),
    ("ve", "Tshivenḓa"),
    ("vi", "Tiếng Việt"),
    ("vo", "Volapük"),
    ("wa", "Walon"),
    ("wo", "Wolof"),
    ("xh", "isiXhosa"),
    ("yi", "ייִדיש"),
    ("yo", "Yorùbá"),
    ("za", "Vahcuengh"),
    ("zh", "中文"),
    ("zu", "isiZulu"),
];

/// Returns a language's name in itself; for a variety that has no name here, the language's; else the code.
#[must_use]
pub fn language_name(code: &str) -> &str {
    let known = |code: &str| {
        LANGUAGES
            .binary_search_by_key(&code, |(known, _)| known)
            .ok()
            .and_then(|at| LANGUAGES.get(at))
            .map(|(_, name)| *name)
    };
    let lower = code.to_ascii_lowercase();
    let language = lower.split('-').next().unwrap_or_default();
    known(&lower).or_else(|| known(language)).unwrap_or(code)
}

/// Codes, and names in Spanish and English in lower case, of languages that people here would name so.
/// Source: Unicode's CLDR.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("ay", &["aymara", "aimara"]),
    ("de", &["alemán", "aleman", "german"]),
    ("en", &["inglés", "ingles"]),
    ("es", &["castellano", "spanish"]),
    ("fr", &["francés", "frances", "french"]),
    ("gn", &["guaraní", "guarani"]),
    ("it", &["italian"]),
    ("nah", &["náhuatl", "nahuatl"]),
    ("pt", &["portugués", "portugues", "portuguese"]),
    ("qu", &["quechua", "quichua", "runa simi", "runasimi"]),
    ("shu", &["shuar"]),
];

/// Returns the code of the language that somebody names by its code or its name; else the text itself, trimmed.
#[must_use]
pub fn language_code(text: &str) -> String {
    let text = text.trim();
    let folded = text.to_lowercase();
    let own = LANGUAGES
        .iter()
        .find(|(code, name)| *code == folded || name.to_lowercase() == folded);
    let other = || {
        let found = OTHER_NAMES
            .iter()
            .find(|(_, names)| names.contains(&&*folded));
        found.map(|(code, _)| *code)
    };
    own.map(|(code, _)| *code)
        .or_else(other)
        .unwrap_or(text)
        .to_owned()
}

/// Returns how a field says a language so that [`language_code`] reads it again: by its name, or else its code.
#[must_use]
pub fn language_said(code: &str) -> &str {
    let name = language_name(code);
    if language_code(name) == code {
        name
    } else {
        code
    }
}

/// Draws the languages from which a field that names its list `languages` proposes.
#[must_use]
pub fn language_list() -> Markup {
    html! { datalist #languages { @for (code, name) in LANGUAGES { option value=(code) label=(name) {} } } }
}

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, language_code, language_name, language_said};

    #[test]
    fn a_language_is_named_by_its_code_or_its_name() {
        for (text, code) in [
            (" Español ", "es"),
            ("ES", "es"),
            ("Inglés", "en"),
            ("kichwa", "qu"),
            ("Quechua", "qu"),
            ("es-EC", "es-EC"),
            ("Klingon", "Klingon"),
        ] {
            assert_eq!(language_code(text), code);
            assert_eq!(language_code(language_said(code)), code);
        }
    }

    #[test]
    fn every_language_is_named_in_itself() {
        assert!(LANGUAGES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(language_name("eu"), "Euskara");
        assert_eq!(language_name("pt-BR"), "Português do Brasil");
        assert_eq!(language_name("es-EC"), "Español");
        assert_eq!(language_name("tlh"), "tlh");
    }
}
