//! From a typed query to a page of results.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::excerpt::Highlighter;
use crate::matching::{self, Form, Found, Group, Key, Phrase, Plan, STEM_WEIGHT, frequency};
use crate::query::{Parsed, Part, QueryWord, Wanted, parse};
use crate::reader::{CATEGORY, Dictionary, KIND, LANGUAGE, Reader};
use crate::spelling::{Correction, Doubt, corrections, doubt};
use crate::words::{Stemmed, folded_words};
use crate::{Facets, Hit, Query, Results, SearchError, Texts};

/// Hits of one page, whatever was asked for.
const MOST_HITS: usize = 1_000;
/// Categories listed; [`Facets::more_categories`] counts the rest.
const MOST_CATEGORIES: usize = 30;

pub(crate) fn search(
    readers: &[Arc<Reader>],
    query: &Query,
    texts: &dyn Texts,
) -> Result<Results, SearchError> {
    let mark = mark(query);
    let after = match &query.after {
        None => None,
        Some(text) => Some(Key::read(text, mark).ok_or_else(|| SearchError::Page {
            after: text.clone(),
        })?),
    };
    let limit = query.limit.min(MOST_HITS);
    let parsed = parse(&query.text);
    let mut planner = Planner::new(readers, &parsed);
    planner.plan(&parsed)?;
    let Planner {
        mut plan,
        mut highlighter,
        corrected,
        asked,
        ..
    } = planner;
    plan.filters[LANGUAGE].clone_from(&query.language);
    plan.filters[CATEGORY].clone_from(&query.category);
    plan.filters[KIND].clone_from(&query.kind);
    if !corrected.is_empty() && !plan.title_key.is_empty() {
        let words: Vec<String> = folded_words(&query.text)
            .into_iter()
            .map(|word| corrected.get(&word).cloned().unwrap_or(word))
            .collect();
        plan.title_key = words.join(" ");
    }
    let mut found = matching::run(readers, &plan, limit, after)?;
    let mut relaxed = false;
    if found.total == 0 && plan.groups.len() > 1 {
        plan.any = true;
        plan.phrases.clear();
        found = matching::run(readers, &plan, limit, after)?;
        relaxed = found.total > 0;
    }
    let mut next = None;
    if found.best.len() > limit {
        found.best.truncate(limit);
        next = found.best.last().map(|key| key.write(mark));
    }
    for word in corrected.values() {
        highlighter.watch(word);
    }
    let mut hits = Vec::with_capacity(found.best.len());
    for key in &found.best {
        let (reader, segment, doc) = key.address();
        let document = readers[reader].document(segment, doc, texts)?;
        highlighter.look_at(&document.title);
        hits.push(Hit {
            excerpt_html: highlighter.excerpt(&document.body, &document.language),
            id: document.id.clone(),
            kind: document.kind.clone(),
            title: document.title.clone(),
            url: document.url.clone(),
            language: document.language.clone(),
            categories: document.categories.clone(),
            score: key.score(),
        });
    }
    let answered = !corrected.is_empty() && asked.is_empty();
    let mut meant = asked;
    meant.extend(corrected);
    let did_you_mean = (!meant.is_empty()).then(|| respell(&query.text, &meant, &highlighter));
    Ok(Results {
        total: found.total,
        hits,
        facets: facets(readers, &found),
        did_you_mean,
        corrected: answered,
        relaxed,
        ignored_words: parsed.ignored,
        next,
    })
}

/// A mark by which the pages of one query's results are told from those of another.
fn mark(query: &Query) -> u16 {
    let filters = [&query.kind, &query.language, &query.category];
    let parts = filters.into_iter().flat_map(|filter| match filter {
        Some(value) => [b"\x01".as_slice(), value.as_bytes()],
        None => [b"\0".as_slice(), b""],
    });
    // FNV-1a, folded.
    let hash = parts
        .chain([query.text.as_bytes()])
        .flatten()
        .fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        });
    (hash ^ (hash >> 16)) as u16
}

/// The query with its errors corrected, everything else as it was typed.
fn respell(text: &str, corrected: &HashMap<String, String>, highlighter: &Highlighter) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in crate::words::Words::of(text) {
        if let Some(word) = corrected.get(&crate::words::fold(&text[start..end])) {
            out.push_str(&text[done..start]);
            out.push_str(&highlighter.spelling(word));
            done = end;
        }
    }
    out.push_str(&text[done..]);
    out.trim().to_owned()
}

fn facets(readers: &[Arc<Reader>], found: &Found) -> Facets {
    let counts = |which: usize, most: usize| -> (Vec<(String, u64)>, u64) {
        let mut sums: HashMap<&str, u64> = HashMap::new();
        for (reader, counts) in readers.iter().zip(&found.counts) {
            for (name, count) in reader.names[which].iter().zip(&counts[which]) {
                if *count > 0 {
                    *sums.entry(name).or_default() += count;
                }
            }
        }
        let order = |a: &(&str, u64), b: &(&str, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
        let mut sums: Vec<(&str, u64)> = sums.into_iter().collect();
        let mut more = 0;
        if sums.len() > most {
            sums.select_nth_unstable_by(most, order);
            more = (sums.len() - most) as u64;
            sums.truncate(most);
        }
        sums.sort_unstable_by(order);
        (
            sums.into_iter()
                .map(|(name, count)| (name.to_owned(), count))
                .collect(),
            more,
        )
    };
    let (category, more_categories) = counts(CATEGORY, MOST_CATEGORIES);
    Facets {
        language: counts(LANGUAGE, usize::MAX).0,
        category,
        kind: counts(KIND, usize::MAX).0,
        more_categories,
    }
}

struct Planner<'a> {
    readers: &'a [Arc<Reader>],
    plan: Plan,
    highlighter: Highlighter,
    /// From a word as typed, folded, to the best of what it was taken for.
    corrected: HashMap<String, String>,
    /// The same for words that are looked for as they are.
    asked: HashMap<String, String>,
}

impl<'a> Planner<'a> {
    fn new(readers: &'a [Arc<Reader>], parsed: &Parsed) -> Self {
        let adjacent = parsed
            .parts
            .iter()
            .any(|part| !part.excluded && matches!(part.wanted, Wanted::Phrase(_)));
        Self {
            readers,
            plan: Plan {
                title_key: parsed.title_key.clone(),
                ..Plan::default()
            },
            highlighter: Highlighter::new(adjacent),
            corrected: HashMap::new(),
            asked: HashMap::new(),
        }
    }

    fn plan(&mut self, parsed: &Parsed) -> Result<(), SearchError> {
        for part in &parsed.parts {
            if part.excluded {
                self.exclude(part)
            } else {
                self.require(part)?
            }
        }
        Ok(())
    }

    fn exclude(&mut self, part: &Part) {
        let dictionary = if part.in_title {
            Dictionary::TitleWords
        } else {
            Dictionary::Words
        };
        match &part.wanted {
            Wanted::Word(word) => self.plan.excluded.push(Group {
                forms: vec![Form {
                    dictionary,
                    term: word.folded.clone(),
                    weight: 0.0,
                }],
                ..Group::default()
            }),
            Wanted::Prefix(start) => self.plan.excluded.push(Group {
                prefix: Some((dictionary, start.clone())),
                ..Group::default()
            }),
            Wanted::Phrase(words) => self.plan.excluded_phrases.push(Phrase {
                dictionary,
                places: words.iter().map(|word| vec![word.folded.clone()]).collect(),
            }),
        }
    }

    fn require(&mut self, part: &Part) -> Result<(), SearchError> {
        let dictionary = if part.in_title {
            Dictionary::TitleWords
        } else {
            Dictionary::Words
        };
        match &part.wanted {
            Wanted::Prefix(start) => {
                self.highlighter.next_word();
                self.highlighter.prefix(start);
                self.plan.groups.push(Group {
                    prefix: Some((dictionary, start.clone())),
                    ..Group::default()
                });
            }
            Wanted::Word(word) => {
                self.highlighter.next_word();
                let group = self.word(word, part.in_title)?;
                self.plan.groups.push(group);
            }
            Wanted::Phrase(words) => {
                let mut places = Vec::new();
                for word in words {
                    self.highlighter.next_word();
                    let terms = self.exactly(word)?;
                    let forms = |dictionary| {
                        terms
                            .iter()
                            .map(|term| Form {
                                dictionary,
                                term: term.clone(),
                                weight: 1.0,
                            })
                            .collect()
                    };
                    self.plan.groups.push(Group {
                        forms: forms(dictionary),
                        title_forms: forms(Dictionary::TitleWords),
                        prefix: None,
                    });
                    places.push(terms);
                }
                if places.len() > 1 {
                    self.plan.phrases.push(Phrase { dictionary, places });
                }
            }
        }
        Ok(())
    }

    /// What to look for besides a word found in so many documents, noting what to ask.
    fn meant(&mut self, word: &str, documents: u64) -> Result<Arc<Vec<Correction>>, SearchError> {
        let doubt = doubt(self.readers, documents);
        if doubt == Doubt::None {
            return Ok(Arc::default());
        }
        let near = corrections(self.readers, word, documents)?;
        let Some(best) = near.first() else {
            return Ok(near);
        };
        let noted = if doubt == Doubt::Strong {
            &mut self.corrected
        } else {
            &mut self.asked
        };
        noted.insert(word.to_owned(), best.word.clone());
        Ok(if doubt == Doubt::Strong {
            near
        } else {
            Arc::default()
        })
    }

    /// The very word, or what it was taken for.
    fn exactly(&mut self, word: &QueryWord) -> Result<Vec<String>, SearchError> {
        let documents = frequency(self.readers, Dictionary::Words, &word.folded)?;
        let near = self.meant(&word.folded, documents)?;
        let mut terms: Vec<String> = near.iter().map(|near| near.word.clone()).collect();
        if documents > 0 || terms.is_empty() {
            terms.push(word.folded.clone());
        }
        for term in &terms {
            self.highlighter.exact(term);
        }
        Ok(terms)
    }

    /// The word and its stems in all languages, and what it was taken for.
    fn word(&mut self, word: &QueryWord, in_title: bool) -> Result<Group, SearchError> {
        let mut forms = Forms::default();
        forms.add(&word.typed, &word.folded, 1.0);
        let mut present = self.present(&forms, false)?;
        let documents = present
            .iter()
            .map(|(_, documents)| *documents)
            .max()
            .unwrap_or(0);
        let near = self.meant(&word.folded, documents)?;
        if !near.is_empty() {
            for near in near.iter() {
                forms.add(&near.word, &near.word, 0.9);
            }
            present = self.present(&forms, false)?;
        }
        for (form, _) in &present {
            // A stem that is a word in its own right is found as that word, too.
            match form.dictionary {
                Dictionary::Words | Dictionary::TitleWords => self.highlighter.exact(&form.term),
                Dictionary::Stems | Dictionary::TitleStems => self.highlighter.stem(&form.term),
            }
        }
        let title_forms: Vec<Form> = self
            .present(&forms, true)?
            .into_iter()
            .map(|(form, _)| form)
            .collect();
        let in_text = present.into_iter().map(|(form, _)| form).collect();
        Ok(Group {
            forms: if in_title {
                title_forms.clone()
            } else {
                in_text
            },
            title_forms,
            prefix: None,
        })
    }

    /// The forms that some document has, with how many.
    fn present(&self, forms: &Forms, titles: bool) -> Result<Vec<(Form, u64)>, SearchError> {
        let mut present = Vec::new();
        for (stem, term, weight) in &forms.all {
            let dictionary = match (titles, stem) {
                (false, false) => Dictionary::Words,
                (false, true) => Dictionary::Stems,
                (true, false) => Dictionary::TitleWords,
                (true, true) => Dictionary::TitleStems,
            };
            let documents = frequency(self.readers, dictionary, term)?;
            if documents > 0 {
                let term = term.clone();
                present.push((
                    Form {
                        dictionary,
                        term,
                        weight: *weight,
                    },
                    documents,
                ));
            }
        }
        Ok(present)
    }
}

/// Spellings of one word without doubles: whether it is a stem, the term, its weight.
#[derive(Default)]
struct Forms {
    all: Vec<(bool, String, f32)>,
    known: HashSet<(bool, String)>,
}

impl Forms {
    fn put(&mut self, stem: bool, term: &str, weight: f32) {
        if self.known.insert((stem, term.to_owned())) {
            self.all.push((stem, term.to_owned(), weight));
        }
    }

    fn add(&mut self, typed: &str, folded: &str, weight: f32) {
        self.put(false, folded, weight);
        // Words that have this one as their stem.
        self.put(true, folded, weight * STEM_WEIGHT);
        for language in Stemmed::ALL {
            for stem in language.stems(typed, folded) {
                self.put(true, &stem, weight * STEM_WEIGHT);
                self.put(false, &stem, weight * STEM_WEIGHT);
            }
        }
    }
}
