//! What the strict reader of JSON refuses, and where it says it is.

use record::{VerifyCode, canonical, parse_strict};

fn told(bytes: &[u8]) -> String {
    match parse_strict(bytes) {
        Ok(value) => String::from_utf8(canonical(&value)).unwrap(),
        Err(error) => format!("{} {} {}", error.code, error.at, error.path),
    }
}

#[test]
fn every_refusal_has_a_code_a_byte_and_a_path() {
    let rows: &[(&[u8], &str)] = &[
        (b"", "json_syntax 0 "),
        (b" ", "json_syntax 1 "),
        (
            b"{\"a\":1,\"b\":{\"c\":2,\"c\":3}}",
            "duplicate_key 18 /b/c",
        ),
        (b"{\"a\":1,\"\\u0061\":2}", "duplicate_key 7 /a"),
        (
            b"[{\"a~b/c\":[1,9007199254740993]}]",
            "integer_out_of_range 13 /0/a~0b~1c/1",
        ),
        (b"-9007199254740993", "integer_out_of_range 0 "),
        (b"9007199254740993", "integer_out_of_range 0 "),
        (b"99999999999999999999999999", "integer_out_of_range 0 "),
        (b"9007199254740994.0", "integer_out_of_range 0 "),
        (b"1e17", "integer_out_of_range 0 "),
        (b"1e400", "number_not_finite 0 "),
        (b"-1e400", "number_not_finite 0 "),
        (b"[5e-324]", "number_denormal 1 /0"),
        (b"2.2250738585072009e-308", "number_denormal 0 "),
        (b"1e-400", "number_denormal 0 "),
        (b"\"\xff\"", "invalid_utf8 1 "),
        (b"\"\xed\xa0\x80\"", "invalid_utf8 1 "),
        (b"\"\\ud800\"", "lone_surrogate 1 "),
        (b"\"\\udc00\"", "lone_surrogate 1 "),
        (b"\"\\ud800\\u0041\"", "lone_surrogate 1 "),
        (b"\"ab\\u0000\"", "nul_character 3 "),
        (b"\"a\0\"", "json_syntax 2 "),
        (b"\"a\nb\"", "json_syntax 2 "),
        (b"\"abcdefghijk\nb\"", "json_syntax 12 "),
        (b"\"a", "json_syntax 2 "),
        (b"\"\\x\"", "json_syntax 1 "),
        (b"\"\\u12g4\"", "json_syntax 1 "),
        (b"\"\\u+123\"", "json_syntax 1 "),
        (b"{} {}", "trailing_bytes 3 "),
        (b"1 2", "trailing_bytes 2 "),
        (b"\xef\xbb\xbf{}", "json_syntax 0 "),
        (b"[1,]", "json_syntax 3 /1"),
        (b"[1 2]", "json_syntax 3 "),
        (b"{\"a\":}", "json_syntax 5 /a"),
        (b"{\"a\" 1}", "json_syntax 5 "),
        (b"{a:1}", "json_syntax 1 "),
        (b"{\"a\":1,}", "json_syntax 7 "),
        (b"{\"a\":1 \"b\":2}", "json_syntax 7 "),
        (b"01", "json_syntax 2 "),
        (b"-", "json_syntax 1 "),
        (b"+1", "json_syntax 0 "),
        (b".5", "json_syntax 0 "),
        (b"1.", "json_syntax 2 "),
        (b"1e", "json_syntax 2 "),
        (b"1e+", "json_syntax 3 "),
        (b"NaN", "json_syntax 0 "),
        (b"Infinity", "json_syntax 0 "),
        (b"tru", "json_syntax 0 "),
        (b"'a'", "json_syntax 0 "),
        (b"/**/1", "json_syntax 0 "),
        (b"\x0c1", "json_syntax 0 "),
    ];
    for (bytes, answer) in rows {
        assert_eq!(told(bytes), *answer, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_is_json_has_one_canonical_form() {
    for (given, form) in [
        (
            " \t\r\n{ \"b\" : [ ] , \"a\" : { } } ",
            "{\"a\":{},\"b\":[]}",
        ),
        ("9007199254740992", "9007199254740992"),
        ("-9007199254740992", "-9007199254740992"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("0e99999", "0"),
        ("1.0", "1"),
        ("1E2", "100"),
        ("1e-2", "0.01"),
        ("123.4e1", "1234"),
        ("1e21", "1e+21"),
        ("2.2250738585072014e-308", "2.2250738585072014e-308"),
        (
            "\"\\u00e9\\/\\u001F\\ud83c\\udf1e\u{7f}\"",
            "\"é/\\u001f🌞\u{7f}\"",
        ),
        ("\"\\b\\f\\n\\r\\t\\\"\\\\\"", "\"\\b\\f\\n\\r\\t\\\"\\\\\""),
        // UTF-16 sorts the sun (D83C DF1E) before U+FB33; code points would not.
        (
            "{\"\u{fb33}\":1,\"🌞\":2,\"é\":3,\"z\":4}",
            "{\"z\":4,\"é\":3,\"🌞\":2,\"\u{fb33}\":1}",
        ),
    ] {
        assert_eq!(told(given.as_bytes()), form);
        assert_eq!(
            parse_strict(form.as_bytes()).unwrap(),
            parse_strict(given.as_bytes()).unwrap(),
            "what is canonical reads alike: {given}"
        );
    }
}

#[test]
fn sixty_four_levels_and_no_more() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse_strict(nested(64).as_bytes()).is_ok());
    assert_eq!(
        parse_strict(nested(65).as_bytes()).unwrap_err().code,
        VerifyCode::TooDeep
    );
    let objects = format!("{}1{}", "{\"a\":".repeat(65), "}".repeat(65));
    let error = parse_strict(objects.as_bytes()).unwrap_err();
    assert_eq!((error.code, error.at), (VerifyCode::TooDeep, 64 * 5));
    assert_eq!(
        parse_strict("[".repeat(1_000_000).as_bytes())
            .unwrap_err()
            .code,
        VerifyCode::TooDeep
    );
}
