//! Whatever people say, decide, vouch for and withdraw, in whatever order, the tables are what a replay of the log gives,
//! and what a node makes of it that takes it in from a bundle.

use crate::world::{Database, World, plain, tables};
use knowledge::{Article, Kind, Original};
use people::{
    Act, Attestation, Claim, Decision, Handle, LegalForm, Membership, Organization, PersonName,
    Profile, Remark, Revocation,
};
use proptest::prelude::*;
use record::{Draft, Hash, Record, RecordId, SecretKey, Space, Tombstone};
use store::{Node, Outcome};

const NAMES: [&str; 4] = ["Ana Paz", "Bo Lee", "Cy Ross", "Dee Fox"];
const HANDLES: [&str; 5] = ["ana-paz", "bo-lee", "cy-ross", "dee-fox", "tejido"];
const ELSEWHERE: [&str; 2] = ["Ana (wiki)", "WikiBo"];
const FORMS: [LegalForm; 3] = [
    LegalForm::WorkerCooperative,
    LegalForm::Nonprofit,
    LegalForm::Company,
];
const TITLES: [&str; 3] = ["Loom", "Mill", "Telar"];

/// What somebody does; `who` 0 is the commons, 1 its first steward, 2 and 3 are members.
#[derive(Clone, Debug)]
enum Step {
    Describe {
        who: usize,
        handle: usize,
        again: usize,
        elsewhere: usize,
    },
    Found {
        who: usize,
        handle: usize,
        form: usize,
        again: usize,
    },
    Say {
        who: usize,
        organization: usize,
        member: usize,
        coordinates: bool,
        ends: bool,
    },
    AttestForm {
        who: usize,
        about: usize,
        behalf: usize,
        form: usize,
    },
    AttestName {
        who: usize,
        about: usize,
        name: usize,
    },
    Write {
        who: usize,
        title: usize,
        text: usize,
        page: usize,
        translates: usize,
    },
    Remark {
        who: usize,
        about: usize,
        answers: usize,
    },
    Decide {
        who: usize,
        act: usize,
        about: usize,
    },
    Revoke {
        who: usize,
        key: usize,
    },
    Withdraw {
        who: usize,
        record: usize,
        whole: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || prop_oneof![1 => Just(0_usize), 3 => Just(1_usize), 3 => Just(2_usize), 2 => Just(3_usize)];
    let few = || 0..4_usize;
    let step = prop_oneof![
        3 => (who(), 0..5_usize, few(), 0..3_usize)
            .prop_map(|(who, handle, again, elsewhere)| Step::Describe { who, handle, again, elsewhere }),
        3 => (who(), 0..5_usize, 0..3_usize, few())
            .prop_map(|(who, handle, form, again)| Step::Found { who, handle, form, again }),
        5 => (who(), few(), 1..4_usize, any::<bool>(), proptest::bool::weighted(0.2))
            .prop_map(|(who, organization, member, coordinates, ends)| Step::Say { who, organization, member, coordinates, ends }),
        3 => (who(), few(), few(), 0..3_usize)
            .prop_map(|(who, about, behalf, form)| Step::AttestForm { who, about, behalf, form }),
        2 => (who(), few(), 0..2_usize).prop_map(|(who, about, name)| Step::AttestName { who, about, name }),
        4 => (who(), 0..3_usize, 0..4_usize, few(), few())
            .prop_map(|(who, title, text, page, translates)| Step::Write { who, title, text, page, translates }),
        2 => (who(), few(), few()).prop_map(|(who, about, answers)| Step::Remark { who, about, answers }),
        2 => (who(), 0..Act::ALL.len(), 0..4_usize).prop_map(|(who, act, about)| Step::Decide { who, act, about }),
        1 => (who(), 1..4_usize).prop_map(|(who, key)| Step::Revoke { who, key }),
        5 => (who(), 0..40_usize, proptest::bool::weighted(0.3))
            .prop_map(|(who, record, whole)| Step::Withdraw { who, record, whole }),
    ];
    proptest::collection::vec(step, 4..50)
}

/// The members, who keep their keys themselves, and all that was accepted.
struct Told<'w> {
    node: &'w Node,
    keys: Vec<SecretKey>,
    accepted: Vec<Record>,
}

impl<'w> Told<'w> {
    fn begin(world: &'w World) -> Self {
        let node = world.node();
        let keys: Vec<SecretKey> = (1..4).map(|one| SecretKey::from_bytes([one; 32])).collect();
        for (key, (name, handle)) in keys.iter().zip(NAMES.iter().zip(HANDLES)) {
            let name = PersonName::parse(name).expect("a name");
            let handle = Handle::parse(handle).expect("an address");
            people::accounts::let_join_with_key(node, handle, &name, key.did()).expect("joined");
        }
        let mut told = Self {
            node,
            keys,
            accepted: Vec::new(),
        };
        let steward = Decision {
            act: Act::Appoint,
            about: told.keys[0].did().to_string(),
            value: String::new(),
            reason: String::new(),
        };
        told.say(0, |commons| steward.draft(commons, Node::now()));
        told
    }

    /// Publishes what somebody says; a refusal is an answer too.
    fn say(&mut self, who: usize, draft: impl FnOnce(record::Did) -> Draft) {
        let draft = draft(self.node.keys().commons_did());
        let key = match who {
            0 => self.node.keys().commons(),
            _ => &self.keys[who - 1],
        };
        let record: Record = self.node.sign(draft, key).expect("signed");
        let outcome = self
            .node
            .publish_all(vec![record.clone()])
            .expect("published");
        if let Some(Outcome::Accepted(_)) = outcome.first() {
            self.accepted.push(record);
        }
    }

    /// Returns the things of a kind, in the order in which they were begun, each with its last hash.
    fn things(&self, kind: &str) -> Vec<(RecordId, Hash)> {
        let mut found: Vec<(RecordId, Hash)> = Vec::new();
        for record in self.accepted.iter().filter(|record| record.kind() == kind) {
            match found.iter_mut().find(|(id, _)| id == record.thing()) {
                Some(one) => one.1 = record.hash(),
                None => found.push((record.thing().clone(), record.hash())),
            }
        }
        found
    }

    fn step(&mut self, step: Step) {
        let now = Node::now();
        match step {
            Step::Describe {
                who,
                handle,
                again,
                elsewhere,
            } => {
                let own = self.keys.get(who.wrapping_sub(1)).map(SecretKey::did);
                let mut mine = self
                    .things(Profile::KIND)
                    .into_iter()
                    .filter(|(id, _)| Some(id.author()) == own);
                let before = mine.next_back().filter(|_| again > 0);
                let profile = Profile {
                    handle: HANDLES[handle].to_owned(),
                    name: NAMES[who].to_owned(),
                    themes: vec![TITLES[again % 3].to_owned()],
                    author_names: ELSEWHERE
                        .iter()
                        .take(elsewhere)
                        .map(|name| (*name).to_owned())
                        .collect(),
                    ..Profile::default()
                };
                let (thing, replaces) =
                    before.map_or((None, Vec::new()), |(id, hash)| (Some(id), vec![hash]));
                self.say(who, |commons| profile.draft(commons, now, thing, replaces));
            }
            Step::Found {
                who,
                handle,
                form,
                again,
            } => {
                let before = self.things(Organization::KIND).get(again).cloned();
                let organization = Organization {
                    profile: Profile {
                        handle: HANDLES[handle].to_owned(),
                        name: format!("Org {handle}"),
                        ..Profile::default()
                    },
                    form: FORMS[form],
                };
                let (thing, replaces) =
                    before.map_or((None, Vec::new()), |(id, hash)| (Some(id), vec![hash]));
                self.say(who, |commons| {
                    organization.draft(commons, now, thing, replaces)
                });
            }
            Step::Say {
                who,
                organization,
                member,
                coordinates,
                ends,
            } => {
                let Some((id, _)) = self.things(Organization::KIND).get(organization).cloned()
                else {
                    return;
                };
                let said = Membership {
                    organization: id,
                    member: self.keys[member - 1].did(),
                    role: if coordinates {
                        "weaver".to_owned()
                    } else {
                        String::new()
                    },
                    coordinates,
                    ends,
                };
                self.say(who, |commons| said.draft(commons, now));
            }
            Step::AttestForm {
                who,
                about,
                behalf,
                form,
            } => {
                let all = self.things(Organization::KIND);
                let Some((about, _)) = all.get(about).cloned() else {
                    return;
                };
                let said = Attestation {
                    about,
                    claim: Claim::Form(FORMS[form]),
                    behalf: all.get(behalf).map(|(id, _)| id.clone()),
                    reason: "seen".to_owned(),
                };
                self.say(who, |commons| said.draft(commons, now));
            }
            Step::AttestName { who, about, name } => {
                let Some((about, _)) = self.things(Profile::KIND).get(about).cloned() else {
                    return;
                };
                let said = Attestation {
                    about,
                    claim: Claim::AuthorName(ELSEWHERE[name].to_owned()),
                    behalf: None,
                    reason: "seen".to_owned(),
                };
                self.say(who, |commons| said.draft(commons, now));
            }
            Step::Write {
                who,
                title,
                text,
                page,
                translates,
            } => {
                let pages = self.things("article");
                let before = pages.get(page).cloned();
                let original = pages.get(translates).map(|(thing, revision)| Original {
                    thing: thing.clone(),
                    revision: *revision,
                });
                let texts = [
                    "[[Mill]] [[Category:Food]]",
                    "Plain.",
                    "#REDIRECT [[Loom]]",
                    "",
                ];
                let article = Article {
                    original: original.filter(|_| text == 1),
                    language: if text == 1 { "es" } else { "en" }.to_owned(),
                    ..plain(Kind::Article, TITLES[title], texts[text])
                };
                let (thing, replaces) =
                    before.map_or((None, Vec::new()), |(id, hash)| (Some(id), vec![hash]));
                self.say(who, |commons| {
                    article.draft(commons, Space::public(), now, thing, replaces)
                });
            }
            Step::Remark {
                who,
                about,
                answers,
            } => {
                let mut things = self.things("article");
                things.extend(self.things(Organization::KIND));
                let Some((about, _)) = things.get(about).cloned() else {
                    return;
                };
                let remark = Remark {
                    about,
                    answers: self
                        .things(Remark::KIND)
                        .get(answers)
                        .map(|(id, _)| id.clone()),
                    text: "So it is.".to_owned(),
                    language: "en".to_owned(),
                    quote: None,
                };
                self.say(who, |commons| remark.draft(commons, now));
            }
            Step::Decide { who, act, about } => {
                let act = Act::ALL[act];
                let about = match act {
                    Act::Protect | Act::Unprotect => {
                        let Some((id, _)) = self.things("article").get(about).cloned() else {
                            return;
                        };
                        id.to_string()
                    }
                    Act::Hide => {
                        let Some((_, hash)) = self.things("article").get(about).cloned() else {
                            return;
                        };
                        hash.to_string()
                    }
                    Act::Set => "commons_about".to_owned(),
                    _ => self.keys[about.clamp(1, 3) - 1].did().to_string(),
                };
                let decision = Decision {
                    act,
                    about,
                    value: "An orchard.".to_owned(),
                    reason: "a wish".to_owned(),
                };
                self.say(who, |commons| decision.draft(commons, now));
            }
            Step::Revoke { who, key } => {
                let revocation = Revocation {
                    // Mostly keys of nobody: where the members' went, they would say nothing more.
                    key: if who == 3 && key == 3 {
                        self.keys[2].did()
                    } else {
                        SecretKey::from_bytes([40 + key as u8; 32]).did()
                    },
                    reason: "stolen".to_owned(),
                };
                self.say(who, |commons| revocation.draft(commons, now));
            }
            Step::Withdraw { who, record, whole } => {
                let Some(target) = self.accepted.get(record) else {
                    return;
                };
                let tombstone = if whole {
                    Tombstone::of_thing(target.thing().clone(), "a wish")
                } else {
                    Tombstone::of_record(target.hash(), target.thing().clone(), "a wish")
                };
                self.say(who, |commons| {
                    tombstone.draft(commons, Space::public(), now)
                });
            }
        }
    }
}

/// Takes the steps on one node, compares its tables with a replay, and with those of a node that takes its bundle in.
fn agrees(world: &World, steps: Vec<Step>) {
    let mut told = Told::begin(world);
    for (index, step) in steps.into_iter().enumerate() {
        told.step(step);
        if index % 16 == 15 {
            world.assert_rebuilt();
        }
    }
    let checked = world.node().check(tables).expect("checked");
    assert!(checked.differences.is_empty(), "{:?}", checked.differences);
    let file = world.folder().join("all.bundle");
    world
        .node()
        .export(&[Space::public()], &file)
        .expect("exported");
    let other = World::new();
    let taken = other.node().import_bundle(&file, |_| ()).expect("taken in");
    assert!(taken.refused.is_empty(), "{taken:?}");
    other.assert_rebuilt();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn tables_of_people_are_what_the_log_says(steps in steps()) {
        agrees(&World::new(), steps);
    }
}

#[test]
fn tables_of_people_are_what_the_log_says_on_postgresql() {
    let Some(_) = std::env::var_os("MINGA_TEST_POSTGRES") else {
        println!("skipped: MINGA_TEST_POSTGRES is not set");
        return;
    };
    let config = ProptestConfig {
        cases: 3,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in steps())| {
        agrees(&World::on(Database::make()), steps);
    });
}
