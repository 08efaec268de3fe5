//! The words of the interface that a drawn page needs, in the reader's language.

use std::borrow::Cow;

/// One of [`Words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Above the list of headings.
    Contents,
    /// Above or for the list of notes.
    Notes,
    /// Before the number of a note, for those who listen.
    Note,
    /// The link from a note to its place in the text.
    Back,
    /// The same, said in full, before the number.
    BackToText,
    /// For a note whose text is nowhere.
    EmptyNote,
    /// Before the name of a file that is not there.
    MissingImage,
    /// Before the name of a file that is no picture and is not there.
    MissingFile,
    /// Before the name of an extension or element that is not shown.
    LeftOut,
    /// Before the name of a template that is not known.
    Template,
    /// The name of a table without caption, for those who listen.
    Table,
    /// The name of a picture without description.
    Figure,
    /// A link to a longer page.
    MoreAbout,
    /// A link to the page before.
    Previous,
    /// A link to the page after.
    Next,
    /// Before a link that stands for a part of another page.
    See,
    /// For `Stub`.
    Stub,
    /// For `Delete`, before the reason.
    Deletion,
    /// Before the name of a licence.
    Licence,
    /// For `PD`.
    PublicDomain,
    /// For `OwnWork`.
    OwnWork,
    /// For `ThirdParty`.
    ThirdParty,
    /// For `Unknown`.
    UnknownLicence,
    /// For `MC`.
    MoveCommons,
    /// The name of a box of facts.
    InBrief,
    /// A fact.
    Name,
    /// A fact.
    Address,
    /// A fact.
    Summary,
    /// A fact.
    City,
    /// A fact.
    Country,
    /// A fact.
    Place,
    /// A fact.
    Contact,
    /// A fact.
    Mail,
    /// A fact.
    Participants,
    /// A fact.
    Start,
    /// A fact.
    Language,
    /// A fact.
    Topics,
    /// A fact.
    Kinds,
    /// A fact.
    Formats,
    /// A fact.
    Keywords,
    /// A fact.
    Focus,
    /// A fact.
    Methods,
    /// A fact.
    Founders,
    /// A fact.
    Area,
    /// A fact.
    Partner,
    /// A fact.
    Related,
    /// A heading.
    Details,
    /// A heading.
    Quotes,
    /// A heading.
    Links,
}

/// Words of the interface. [`Words::english`] is the default; a site fills in its own catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Above the list of headings.
    pub contents: Cow<'static, str>,
    /// Above or for the list of notes.
    pub notes: Cow<'static, str>,
    /// Before the number of a note, for those who listen.
    pub note: Cow<'static, str>,
    /// The link from a note to its place in the text.
    pub back: Cow<'static, str>,
    /// The same, said in full, before the number.
    pub back_to_text: Cow<'static, str>,
    /// For a note whose text is nowhere.
    pub empty_note: Cow<'static, str>,
    /// Before the name of a file that is not there.
    pub missing_image: Cow<'static, str>,
    /// Before the name of a file that is no picture and is not there.
    pub missing_file: Cow<'static, str>,
    /// Before the name of an extension or element that is not shown.
    pub left_out: Cow<'static, str>,
    /// Before the name of a template that is not known.
    pub template: Cow<'static, str>,
    /// The name of a table without caption, for those who listen.
    pub table: Cow<'static, str>,
    /// The name of a picture without description.
    pub figure: Cow<'static, str>,
    /// A link to a longer page.
    pub more_about: Cow<'static, str>,
    /// A link to the page before.
    pub previous: Cow<'static, str>,
    /// A link to the page after.
    pub next: Cow<'static, str>,
    /// Before a link that stands for a part of another page.
    pub see: Cow<'static, str>,
    /// For `Stub`.
    pub stub: Cow<'static, str>,
    /// For `Delete`, before the reason.
    pub deletion: Cow<'static, str>,
    /// Before the name of a licence.
    pub licence: Cow<'static, str>,
    /// For `PD`.
    pub public_domain: Cow<'static, str>,
    /// For `OwnWork`.
    pub own_work: Cow<'static, str>,
    /// For `ThirdParty`.
    pub third_party: Cow<'static, str>,
    /// For `Unknown`.
    pub unknown_licence: Cow<'static, str>,
    /// For `MC`.
    pub move_commons: Cow<'static, str>,
    /// The name of a box of facts.
    pub in_brief: Cow<'static, str>,
    /// A fact.
    pub name: Cow<'static, str>,
    /// A fact.
    pub address: Cow<'static, str>,
    /// A fact.
    pub summary: Cow<'static, str>,
    /// A fact.
    pub city: Cow<'static, str>,
    /// A fact.
    pub country: Cow<'static, str>,
    /// A fact.
    pub place: Cow<'static, str>,
    /// A fact.
    pub contact: Cow<'static, str>,
    /// A fact.
    pub mail: Cow<'static, str>,
    /// A fact.
    pub participants: Cow<'static, str>,
    /// A fact.
    pub start: Cow<'static, str>,
    /// A fact.
    pub language: Cow<'static, str>,
    /// A fact.
    pub topics: Cow<'static, str>,
    /// A fact.
    pub kinds: Cow<'static, str>,
    /// A fact.
    pub formats: Cow<'static, str>,
    /// A fact.
    pub keywords: Cow<'static, str>,
    /// A fact.
    pub focus: Cow<'static, str>,
    /// A fact.
    pub methods: Cow<'static, str>,
    /// A fact.
    pub founders: Cow<'static, str>,
    /// A fact.
    pub area: Cow<'static, str>,
    /// A fact.
    pub partner: Cow<'static, str>,
    /// A fact.
    pub related: Cow<'static, str>,
    /// A heading.
    pub details: Cow<'static, str>,
    /// A heading.
    pub quotes: Cow<'static, str>,
    /// A heading.
    pub links: Cow<'static, str>,
}

impl Default for Words {
    fn default() -> Self {
        Self::english()
    }
}

impl Words {
    /// The words in English.
    pub const fn english() -> Self {
        Self {
            contents: Cow::Borrowed("Contents"),
            notes: Cow::Borrowed("Notes"),
            note: Cow::Borrowed("Note"),
            back: Cow::Borrowed("Back"),
            back_to_text: Cow::Borrowed("Back to the text, note"),
            empty_note: Cow::Borrowed("This note has no text."),
            missing_image: Cow::Borrowed("Missing picture"),
            missing_file: Cow::Borrowed("Missing file"),
            left_out: Cow::Borrowed("Left out: embedded content"),
            template: Cow::Borrowed("Template"),
            table: Cow::Borrowed("Table"),
            figure: Cow::Borrowed("Picture"),
            more_about: Cow::Borrowed("More about this"),
            previous: Cow::Borrowed("Previous"),
            next: Cow::Borrowed("Next"),
            see: Cow::Borrowed("See"),
            stub: Cow::Borrowed("This article is only a beginning."),
            deletion: Cow::Borrowed("Proposed for deletion"),
            licence: Cow::Borrowed("Licence"),
            public_domain: Cow::Borrowed("Public domain"),
            own_work: Cow::Borrowed("Work of the person who uploaded it"),
            third_party: Cow::Borrowed("Work of a third party"),
            unknown_licence: Cow::Borrowed("Not known"),
            move_commons: Cow::Borrowed("Move Commons"),
            in_brief: Cow::Borrowed("In brief"),
            name: Cow::Borrowed("Name"),
            address: Cow::Borrowed("Web address"),
            summary: Cow::Borrowed("Summary"),
            city: Cow::Borrowed("City"),
            country: Cow::Borrowed("Country"),
            place: Cow::Borrowed("Coordinates"),
            contact: Cow::Borrowed("Contact"),
            mail: Cow::Borrowed("E-mail"),
            participants: Cow::Borrowed("Participants"),
            start: Cow::Borrowed("Since"),
            language: Cow::Borrowed("Language"),
            topics: Cow::Borrowed("Topics"),
            kinds: Cow::Borrowed("Kind"),
            formats: Cow::Borrowed("Formats"),
            keywords: Cow::Borrowed("Keywords"),
            focus: Cow::Borrowed("Focus"),
            methods: Cow::Borrowed("Methods"),
            founders: Cow::Borrowed("Founded by"),
            area: Cow::Borrowed("Area served"),
            partner: Cow::Borrowed("Partner"),
            related: Cow::Borrowed("Related projects"),
            details: Cow::Borrowed("Details"),
            quotes: Cow::Borrowed("Quotes and mentions"),
            links: Cow::Borrowed("External links"),
        }
    }

    /// The words in Spanish.
    pub const fn spanish() -> Self {
        Self {
            contents: Cow::Borrowed("Contenido"),
            notes: Cow::Borrowed("Notas"),
            note: Cow::Borrowed("Nota"),
            back: Cow::Borrowed("Volver"),
            back_to_text: Cow::Borrowed("Volver al texto, nota"),
            empty_note: Cow::Borrowed("Esta nota no tiene texto."),
            missing_image: Cow::Borrowed("Falta la imagen"),
            missing_file: Cow::Borrowed("Falta el archivo"),
            left_out: Cow::Borrowed("Se dejó fuera: contenido incrustado"),
            template: Cow::Borrowed("Plantilla"),
            table: Cow::Borrowed("Tabla"),
            figure: Cow::Borrowed("Imagen"),
            more_about: Cow::Borrowed("Más sobre esto"),
            previous: Cow::Borrowed("Anterior"),
            next: Cow::Borrowed("Siguiente"),
            see: Cow::Borrowed("Véase"),
            stub: Cow::Borrowed("Este artículo es apenas un comienzo."),
            deletion: Cow::Borrowed("Propuesto para borrar"),
            licence: Cow::Borrowed("Licencia"),
            public_domain: Cow::Borrowed("Dominio público"),
            own_work: Cow::Borrowed("Obra de quien la subió"),
            third_party: Cow::Borrowed("Obra de terceros"),
            unknown_licence: Cow::Borrowed("No se sabe"),
            move_commons: Cow::Borrowed("Move Commons"),
            in_brief: Cow::Borrowed("En breve"),
            name: Cow::Borrowed("Nombre"),
            address: Cow::Borrowed("Dirección web"),
            summary: Cow::Borrowed("Resumen"),
            city: Cow::Borrowed("Ciudad"),
            country: Cow::Borrowed("País"),
            place: Cow::Borrowed("Coordenadas"),
            contact: Cow::Borrowed("Contacto"),
            mail: Cow::Borrowed("Correo"),
            participants: Cow::Borrowed("Participantes"),
            start: Cow::Borrowed("Desde"),
            language: Cow::Borrowed("Lengua"),
            topics: Cow::Borrowed("Temas"),
            kinds: Cow::Borrowed("Tipo"),
            formats: Cow::Borrowed("Formatos"),
            keywords: Cow::Borrowed("Palabras clave"),
            focus: Cow::Borrowed("Enfoque"),
            methods: Cow::Borrowed("Métodos"),
            founders: Cow::Borrowed("Fundado por"),
            area: Cow::Borrowed("Área atendida"),
            partner: Cow::Borrowed("Contraparte"),
            related: Cow::Borrowed("Proyectos relacionados"),
            details: Cow::Borrowed("Detalles"),
            quotes: Cow::Borrowed("Citas y menciones"),
            links: Cow::Borrowed("Enlaces externos"),
        }
    }

    /// Returns one word.
    pub fn of(&self, word: Word) -> &str {
        match word {
            Word::Contents => &self.contents,
            Word::Notes => &self.notes,
            Word::Note => &self.note,
            Word::Back => &self.back,
            Word::BackToText => &self.back_to_text,
            Word::EmptyNote => &self.empty_note,
            Word::MissingImage => &self.missing_image,
            Word::MissingFile => &self.missing_file,
            Word::LeftOut => &self.left_out,
            Word::Template => &self.template,
            Word::Table => &self.table,
            Word::Figure => &self.figure,
            Word::MoreAbout => &self.more_about,
            Word::Previous => &self.previous,
            Word::Next => &self.next,
            Word::See => &self.see,
            Word::Stub => &self.stub,
            Word::Deletion => &self.deletion,
            Word::Licence => &self.licence,
            Word::PublicDomain => &self.public_domain,
            Word::OwnWork => &self.own_work,
            Word::ThirdParty => &self.third_party,
            Word::UnknownLicence => &self.unknown_licence,
            Word::MoveCommons => &self.move_commons,
            Word::InBrief => &self.in_brief,
            Word::Name => &self.name,
            Word::Address => &self.address,
            Word::Summary => &self.summary,
            Word::City => &self.city,
            Word::Country => &self.country,
            Word::Place => &self.place,
            Word::Contact => &self.contact,
            Word::Mail => &self.mail,
            Word::Participants => &self.participants,
            Word::Start => &self.start,
            Word::Language => &self.language,
            Word::Topics => &self.topics,
            Word::Kinds => &self.kinds,
            Word::Formats => &self.formats,
            Word::Keywords => &self.keywords,
            Word::Focus => &self.focus,
            Word::Methods => &self.methods,
            Word::Founders => &self.founders,
            Word::Area => &self.area,
            Word::Partner => &self.partner,
            Word::Related => &self.related,
            Word::Details => &self.details,
            Word::Quotes => &self.quotes,
            Word::Links => &self.links,
        }
    }
}
