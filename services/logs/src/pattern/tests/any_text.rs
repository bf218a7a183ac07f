use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed_or_refused(text in any::<String>(), message in any::<String>()) {
        if let Ok(pattern) = Pattern::parse(&text) {
            prop_assert_eq!(pattern.matches(&message), pattern.extract(&message).is_some());
        }
    }

    #[test]
    fn texts_of_the_grammars_characters_too(text in r#"[\[{]?[$.a*\[\]{}()0-9'"%=!<>&|,? \-\\xISNULOTEX]{0,60}[\]}]?"#, message in r#"[\[\]"{}:a0-9 .]{0,40}"#) {
        if let Ok(pattern) = Pattern::parse(&text) {
            prop_assert_eq!(pattern.matches(&message), pattern.extract(&message).is_some());
        }
    }

    #[test]
    fn a_quoted_phrase_selects_what_contains_it(before in any::<String>(), phrase in ".{2,40}", after in any::<String>()) {
        let quoted = phrase.replace('\\', r"\\").replace('"', "\\\"");
        let pattern = Pattern::parse(&format!("\"{quoted}\"")).unwrap();
        let message = format!("{before}{phrase}{after}");
        prop_assert!(pattern.matches(&message));
    }

    #[test]
    fn an_equal_json_text_is_selected(value in "[^*]{1,40}") {
        let quoted = value.replace('\\', r"\\").replace('"', "\\\"");
        let message = wire::document!({ "a": [{ "b": (value.as_str()) }] }).to_string();
        let equal = Pattern::parse(&format!("{{ $.a[0].b = \"{quoted}\" }}")).unwrap();
        let unequal = Pattern::parse(&format!("{{ $.a[*].b != \"{quoted}\" }}")).unwrap();
        prop_assert!(equal.matches(&message));
        prop_assert!(!unequal.matches(&message));
    }

    #[test]
    fn numbers_are_compared_by_value(wanted in any::<i32>(), found in any::<i32>()) {
        let message = format!("{{\"n\": {found}}}");
        for (operator, expected) in [
            ("=", found == wanted), ("!=", found != wanted), ("<", found < wanted),
            (">", found > wanted), ("<=", found <= wanted), (">=", found >= wanted),
        ] {
            let pattern = Pattern::parse(&format!("{{ $.n {operator} {wanted} }}")).unwrap();
            prop_assert_eq!(pattern.matches(&message), expected);
        }
    }
}
