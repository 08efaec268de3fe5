use crate::world::{World, tables};
use proptest::prelude::*;
use record::{Record, Tombstone};

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever is published, revised, withdrawn and sent twice: the tables are those of a replay.
    #[test]
    fn any_sequence_replays_to_the_same_tables(steps in prop::collection::vec((0_u8..4, 0_usize..8, "[a-z]{0,6}"), 1..25)) {
        let world = World::sqlite();
        let mut notes: Vec<Record> = Vec::new();
        for (step, at, text) in steps {
            let record = match (step, notes.get(at)) {
                (1, Some(note)) => world.revision(&text, note),
                (2, Some(note)) => world.tombstone(&Tombstone::of_record(note.hash(), note.thing().clone(), &text)),
                (3, Some(note)) => world.tombstone(&Tombstone::of_thing(note.thing().clone(), &text)),
                _ => world.note(&text),
            };
            world.node.publish_all(vec![record.clone(), record.clone()]).expect("published");
            if record.type_name() == "Note" {
                notes.push(record);
            }
        }
        let before = world.node.check(tables).expect("checked");
        prop_assert!(before.differences.is_empty(), "{:?}", before.differences);
        world.node.rebuild().expect("rebuilt");
        prop_assert_eq!(world.node.check(tables).expect("checked").digests, before.digests);
    }
}
