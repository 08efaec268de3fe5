//! Canonical JSON of any value.

use proptest::prelude::*;
use record::{canonical, parse_strict};
use serde_json::{Map, Number, Value};

/// Numbers that strict JSON has.
fn number() -> impl Strategy<Value = Number> {
    let float = any::<f64>().prop_filter_map("strict", |float| {
        let beyond = float.abs() >= 9_007_199_254_740_992.0 && float.abs() < 1e21;
        if (float.is_normal() || float == 0.0) && !beyond {
            Number::from_f64(float)
        } else {
            None
        }
    });
    prop_oneof![
        (-(1_i64 << 53)..=1 << 53).prop_map(Number::from),
        (-1000_i64..1000).prop_map(Number::from),
        float,
    ]
}

/// Any text but U+0000.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,8}",
        prop::collection::vec(any::<char>().prop_filter("no NUL", |c| *c != '\0'), 0..20)
            .prop_map(|chars| chars.into_iter().collect::<String>()),
    ]
}

/// Any value that strict JSON has, a few levels deep.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number().prop_map(Value::Number),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_json_is_what_the_fields_own_crate_writes(value in value()) {
        let ours = canonical(&value);
        prop_assert_eq!(&ours, &serde_json_canonicalizer::to_vec(&value).unwrap());
        // Idempotent: read and written again it stays, and pretty-printed it is the same value.
        let read = parse_strict(&ours).unwrap();
        prop_assert_eq!(&canonical(&read), &ours);
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        prop_assert_eq!(parse_strict(&pretty).unwrap(), read);
    }

    #[test]
    fn any_float_is_written_as_the_fields_own_crate_does(bits in any::<u64>()) {
        let float = f64::from_bits(bits);
        prop_assume!(float.is_finite());
        let value = Value::from(float);
        prop_assert_eq!(canonical(&value), serde_json_canonicalizer::to_vec(&value).unwrap());
    }

    #[test]
    fn any_integer_is_written_as_the_fields_own_crate_does(integer in any::<u64>()) {
        let value = Value::from(integer);
        prop_assert_eq!(canonical(&value), serde_json_canonicalizer::to_vec(&value).unwrap());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_strict(&bytes);
    }
}
