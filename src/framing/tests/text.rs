//! Strategies as text, and their parameters.

use super::*;

proptest! {
    #[test]
    fn a_spec_comes_back_from_its_text(
        spec in prop_oneof![
            flawed(),
            specs(),
            vec(any::<u8>(), 1..=MAX_DELIMITER).prop_map(|delimiter| FramingSpec::Delimiter { delimiter }),
            vec(any::<u8>(), 1..=MAX_DELIMITER).prop_map(|mark| FramingSpec::EndMark { mark }),
            (1..=MAX_FIXED_SIZE, any::<u8>()).prop_map(|(size, pad)| FramingSpec::Fixed { size, pad }),
        ],
    ) {
        let text = spec.to_string();
        prop_assert!(text.bytes().all(|b| b.is_ascii_graphic()));
        prop_assert_eq!(text.parse::<FramingSpec>(), Ok(spec.clone()));
        let json = serde_json::to_string(&spec).unwrap();
        prop_assert_eq!(serde_json::from_str::<FramingSpec>(&json).unwrap(), spec);
    }

    #[test]
    fn no_text_makes_parsing_panic(text in r"(raw|pacing:|fixed:|delimiter:|escaped:|end-mark:|length:|struct:|varint|ack:|json|cobs)?[\\xnrt0u8:big十 +a-f!<>I]{0,8}") {
        let _ = text.parse::<FramingSpec>();
    }

    /// Every setting can be read, and written back as it was; nothing makes it panic.
    #[test]
    fn parameters_are_read_and_written(
        spec in prop_oneof![flawed(), specs()], other in specs(), value in ".{0,6}",
    ) {
        for parameter in spec.parameters() {
            let text = spec.parameter(parameter.name).unwrap();
            prop_assert_eq!(spec.with_parameter(parameter.name, &text), Ok(spec.clone()));
            match parameter.kind {
                ParameterKind::Int { min, max } => {
                    let number: u32 = text.parse().unwrap();
                    prop_assert!((min..=max).contains(&number));
                    for bound in [min, max] {
                        let changed = spec.with_parameter(parameter.name, &bound.to_string()).unwrap();
                        prop_assert_eq!(changed.parameter(parameter.name), Some(bound.to_string()));
                    }
                    let beyond = (u64::from(max) + 1).to_string();
                    prop_assert!(spec.with_parameter(parameter.name, &beyond).is_err());
                }
                ParameterKind::Choice(words) => {
                    prop_assert!(words.contains(&text.as_str()));
                    for word in words {
                        let changed = spec.with_parameter(parameter.name, word).unwrap();
                        let changed = changed.parameter(parameter.name);
                        prop_assert_eq!(changed.as_deref(), Some(*word));
                    }
                }
                ParameterKind::Bytes { min, max } => {
                    let bytes = unescape(&text).unwrap();
                    prop_assert!((min..=max).contains(&bytes.len()));
                    let most = "x".repeat(max);
                    prop_assert!(spec.with_parameter(parameter.name, &most).is_ok());
                    prop_assert!(spec.with_parameter(parameter.name, &(most + "x")).is_err());
                }
            }
            let _ = spec.with_parameter(parameter.name, &value);
        }
        for parameter in other.parameters() {
            let known = spec.parameters().contains(parameter);
            prop_assert_eq!(spec.parameter(parameter.name).is_some(), known);
            prop_assert!(known || spec.with_parameter(parameter.name, "1").is_err());
        }
    }
}

#[test]
fn a_refusal_names_what_is_accepted() {
    fn refusal(text: &str) -> String {
        text.parse::<FramingSpec>().unwrap_err().to_string()
    }
    assert!(
        refusal("line").contains(r"delimiter:TEXT (such as delimiter:\n), escaped:TEXT, length:")
    );
    assert!(refusal("length:u24:big").contains("u8, u16, u32, i32 or u64"));
    assert!(refusal("length:u32:middle").contains("big or little"));
    assert!(refusal("delimiter:").contains("1 to 64 bytes, not 0"));
    assert!(refusal(&format!("delimiter:{}", "x".repeat(65))).contains("not 65"));
    assert!(refusal(r"delimiter:\q").contains(r"\n, \r, \t, \0, \\ and \xHH"));
    assert!(refusal(r"delimiter:\x+1").contains(r"\x+1"));
    assert!(refusal(r"delimiter:\x1").contains(r"\xHH"));
    assert!(refusal(r"delimiter:a\").contains("backslash at the end"));
    assert_eq!("length:u8".parse(), "length:u8:big".parse::<FramingSpec>());
}

#[test]
fn a_struct_format_names_a_header() {
    fn of(format: &str) -> Option<String> {
        let spec = format!("struct:{format}").parse::<FramingSpec>().ok()?;
        Some(spec.to_string())
    }
    for (format, length) in [
        ("!I", "length:u32:big"),
        (">H", "length:u16:big"),
        ("<i", "length:i32:little"),
        ("i", "length:i32:little"),
        ("@Q", "length:u64:little"),
        ("!Q", "length:u64:big"),
        ("B", "length:u8:little"),
        ("=L", "length:u32:little"),
        ("!l", "length:i32:big"),
    ] {
        assert_eq!(of(format).as_deref(), Some(length), "{format}");
    }
    // Native sizes, signed numbers that make no length, more than one number, and nothing.
    for format in [
        "L", "@l", "!h", "<q", "!b", "II", "!4s", "", "!", "i!", " I",
    ] {
        assert_eq!(of(format), None, "{format}");
    }
    for spec in FramingSpec::choices() {
        if let (FramingSpec::Length { .. }, Some(format)) = (&spec, spec.struct_format()) {
            assert_eq!(format!("struct:{format}").parse(), Ok(spec));
        }
    }
}

#[test]
fn every_strategy_is_among_the_choices_once() {
    let strategies = FramingSpec::strategies();
    let mut keywords: Vec<_> = strategies.iter().map(FramingSpec::keyword).collect();
    let mut of_choices: Vec<_> = FramingSpec::choices()
        .iter()
        .map(FramingSpec::keyword)
        .collect();
    of_choices.dedup();
    assert_eq!(keywords, of_choices, "the same, in the same order");
    keywords.sort_unstable();
    keywords.dedup();
    assert_eq!(keywords.len(), strategies.len());
}
