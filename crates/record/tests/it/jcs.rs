//! The input and output pairs of RFC 8785.

use record::{canonical, parse_strict};

use crate::corpus;

#[test]
fn the_pairs_of_rfc_8785_come_out_byte_for_byte() {
    for name in ["arrays", "french", "structures", "values"] {
        let Some(input) = corpus::read(&format!("jcs/input/{name}.json")) else {
            return;
        };
        let output = corpus::read(&format!("jcs/output/{name}.json")).unwrap();
        let value = parse_strict(input.as_bytes()).unwrap();
        assert_eq!(
            String::from_utf8(canonical(&value)).unwrap(),
            output.trim_end(),
            "{name}"
        );
        assert_eq!(
            parse_strict(output.trim_end().as_bytes()).unwrap(),
            value,
            "{name}"
        );
    }
}

#[test]
fn numbers_are_written_as_ecmascript_writes_them() {
    // RFC 8785, appendix B, by the bits of the number; integers beyond 2^53 belong to it, though
    // the strict reader gives none.
    for (bits, text) in [
        (0x0000_0000_0000_0000_u64, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        let value = serde_json::Value::from(f64::from_bits(bits));
        assert_eq!(String::from_utf8(canonical(&value)).unwrap(), text);
    }
}
