use super::{Condition, Operand, Operator};
use crate::{Context, Effect};

fn condition(operator: &str, key: &str, values: &[&str]) -> Condition {
    let parsed = Operator::new(operator).unwrap_or_else(|| panic!("{operator}"));
    Condition {
        operator: parsed,
        name: operator.into(),
        key: key.into(),
        lowercase: key.to_lowercase().into(),
        written: values.iter().map(ToString::to_string).collect(),
        operands: values
            .iter()
            .map(|value| {
                Operand::new(parsed.test, value, true).unwrap_or_else(|| panic!("{operator} {value}"))
            })
            .collect(),
    }
}

fn met_for(effect: Effect, operator: &str, values: &[&str], actual: Option<&[&str]>) -> bool {
    let mut context = Context::new();
    context.insert("aws:username", "ann");
    if let Some(actual) = actual {
        context.insert_all("test:Key", actual.iter().copied());
    }
    condition(operator, "TEST:key", values).met(&context, effect)
}

fn met(operator: &str, values: &[&str], actual: &str) -> bool {
    met_for(Effect::Allow, operator, values, Some(&[actual]))
}

#[test]
fn every_operator_on_one_value() {
    for (operator, values, yes, no) in [
        ("StringEquals", &["a*", "b"][..], &["a*", "b"][..], &["ab", "A*", "", "c"][..]),
        ("StringNotEquals", &["a", "b"], &["c", "A", ""], &["a", "b"]),
        ("StringEqualsIgnoreCase", &["Ä", "b"], &["ä", "B"], &["a", ""]),
        ("StringNotEqualsIgnoreCase", &["A", "b"], &["c"], &["a", "B"]),
        ("StringLike", &["a*", "?"], &["a", "abc", "x"], &["xy", "", "Ab"]),
        ("StringNotLike", &["a*", "?"], &["xy", ""], &["abc", "x"]),
        ("NumericEquals", &["10"], &["10", "10.0"], &["11", "ten", ""]),
        ("NumericNotEquals", &["10", "11"], &["12", "-10"], &["10", "11.0", "ten"]),
        ("NumericLessThan", &["10"], &["9", "-11", "9.99"], &["10", "11", "x"]),
        ("NumericLessThanEquals", &["10"], &["9", "10"], &["10.1", "x"]),
        ("NumericGreaterThan", &["10"], &["10.1", "100"], &["10", "9", "x"]),
        ("NumericGreaterThanEquals", &["10"], &["10", "11"], &["9.9", "x"]),
        (
            "DateEquals",
            &["2026-11-21T09:30:00Z"],
            &["1795253400", "2026-11-21T10:30:00+01:00"],
            &["2026-11-21", "x"],
        ),
        ("DateNotEquals", &["2026-11-21"], &["2026-11-22"], &["2026-11-21T00:00:00Z", "x"]),
        ("DateLessThan", &["2026-11-21"], &["2026-11-20T23:59:59Z"], &["2026-11-21", "2026-11-22", "x"]),
        ("DateLessThanEquals", &["2026-11-21"], &["2026-11-21"], &["2026-11-22"]),
        ("DateGreaterThan", &["2026-11-21"], &["2026-11-22"], &["2026-11-21", "2026-11-20"]),
        ("DateGreaterThanEquals", &["2026-11-21"], &["2026-11-21", "2026-11-22"], &["2026-11-20"]),
        ("Bool", &["true"], &["true", "TRUE"], &["false", "", "1"]),
        ("Bool", &["False"], &["false"], &["true", "no"]),
        ("BinaryEquals", &["QUI="], &["QUI="], &["QUM=", "AB", "!"]),
        ("IpAddress", &["203.0.113.0/24", "::1"], &["203.0.113.4", "::1"], &["203.0.114.4", "::2", "x"]),
        ("NotIpAddress", &["203.0.113.0/24", "::1"], &["203.0.114.4", "::2"], &["203.0.113.4", "::1", "x"]),
        (
            "ArnEquals",
            &["arn:aws:s3:::b*"],
            &["arn:aws:s3:::bucket"],
            &["arn:aws:s3:::a", "bucket", "arn:aws:s3:eu::b"],
        ),
        ("ArnLike", &["arn:aws:sns:*:1:t"], &["arn:aws:sns:eu-west-1:1:t"], &["arn:aws:sns:eu-west-1:2:t"]),
        ("ArnNotEquals", &["arn:aws:s3:::b"], &["arn:aws:s3:::c"], &["arn:aws:s3:::b", "b"]),
        ("ArnNotLike", &["arn:aws:s3:::b*"], &["arn:aws:s3:::c"], &["arn:aws:s3:::bc"]),
        ("Null", &["false"], &["x", ""], &[]),
        ("Null", &["true"], &[], &["x"]),
    ] {
        for value in yes {
            assert!(met(operator, values, value), "{operator} {values:?} should hold for {value:?}");
        }
        for value in no {
            assert!(!met(operator, values, value), "{operator} {values:?} should not hold for {value:?}");
        }
    }
}

#[test]
fn a_missing_key_fails_positive_tests_and_passes_negated_ones() {
    for effect in [Effect::Allow, Effect::Deny] {
        for (operator, value, expected) in [
            ("StringEquals", "a", false),
            ("StringNotEquals", "a", true),
            ("StringEqualsIgnoreCase", "a", false),
            ("StringNotEqualsIgnoreCase", "a", true),
            ("StringLike", "*", false),
            ("StringNotLike", "*", true),
            ("NumericEquals", "1", false),
            ("NumericNotEquals", "1", true),
            ("NumericLessThan", "1", false),
            ("DateNotEquals", "2026", true),
            ("DateGreaterThan", "2026", false),
            ("Bool", "true", false),
            ("Bool", "false", false),
            ("BinaryEquals", "QUI=", false),
            ("IpAddress", "0.0.0.0/0", false),
            ("NotIpAddress", "0.0.0.0/0", true),
            ("ArnLike", "*", false),
            ("ArnNotLike", "*", true),
            ("ArnNotEquals", "*", true),
            ("Null", "true", true),
            ("Null", "false", false),
        ] {
            assert_eq!(met_for(effect, operator, &[value], None), expected, "{operator} {effect:?}");
            assert_eq!(
                met_for(effect, operator, &[value], Some(&[])),
                expected,
                "{operator} {effect:?}, an empty list"
            );
            if !operator.starts_with("Null") {
                assert!(
                    met_for(effect, &format!("{operator}IfExists"), &[value], None),
                    "{operator}IfExists"
                );
                assert!(
                    met_for(effect, &format!("ForAllValues:{operator}"), &[value], None),
                    "ForAllValues:{operator}"
                );
                assert!(
                    !met_for(effect, &format!("ForAnyValue:{operator}"), &[value], None),
                    "ForAnyValue:{operator}"
                );
                assert!(met_for(effect, &format!("ForAnyValue:{operator}IfExists"), &[value], None));
            }
        }
    }
}

#[test]
fn if_exists_tests_a_key_that_is_there() {
    assert!(met("StringEqualsIfExists", &["a"], "a"));
    assert!(!met("StringEqualsIfExists", &["a"], "b"));
    assert!(!met("BoolIfExists", &["true"], "false"));
    assert!(!met("StringNotEqualsIfExists", &["a"], "a"));
}

#[test]
fn quantifiers() {
    let all = |operator: &str, values: &[&str], actual: &[&str]| {
        met_for(Effect::Allow, &format!("ForAllValues:{operator}"), values, Some(actual))
    };
    let any = |operator: &str, values: &[&str], actual: &[&str]| {
        met_for(Effect::Allow, &format!("ForAnyValue:{operator}"), values, Some(actual))
    };
    assert!(all("StringEquals", &["a", "b"], &["a", "b"]));
    assert!(all("StringEquals", &["a", "b"], &["a"]));
    assert!(!all("StringEquals", &["a", "b"], &["a", "c"]));
    assert!(all("StringNotEquals", &["a", "b"], &["c", "d"]));
    assert!(!all("StringNotEquals", &["a", "b"], &["c", "a"]));
    assert!(all("StringEquals", &["a"], &[""]), "an empty string is a null dataset");
    assert!(any("StringEquals", &["a", "b"], &["c", "a"]));
    assert!(!any("StringEquals", &["a", "b"], &["c", "d"]));
    assert!(any("StringNotEquals", &["a"], &["a", "c"]), "c is not a");
    assert!(!any("StringNotEquals", &["a"], &["a"]));
    assert!(any("StringLike", &["Created*"], &["CreatedBy", "x"]));
    assert!(all("StringLike", &["Created*"], &["CreatedBy", "CreatedAt"]));
}

#[test]
fn several_values_without_a_quantifier_take_the_stricter_reading() {
    let values = Some(&["a", "c"][..]);
    assert!(!met_for(Effect::Allow, "StringEquals", &["a"], values));
    assert!(met_for(Effect::Deny, "StringEquals", &["a"], values));
    assert!(!met_for(Effect::Allow, "StringNotEquals", &["a"], values));
    assert!(met_for(Effect::Deny, "StringNotEquals", &["a"], values));
}

#[test]
fn no_values_in_the_policy() {
    assert!(!met("StringEquals", &[], "a"));
    assert!(met("StringNotEquals", &[], "a"));
}

#[test]
fn variables_in_values() {
    assert!(met("StringEquals", &["${aws:username}"], "ann"));
    assert!(met("StringEqualsIgnoreCase", &["${aws:username}"], "ANN"));
    assert!(met("StringLike", &["home/${aws:username}/*"], "home/ann/x"));
    assert!(!met("StringEquals", &["${aws:username}"], "bob"));
    assert!(!met("StringNotEquals", &["${aws:username}"], "ann"));
}

#[test]
fn a_variable_without_value_never_grants() {
    for effect in [Effect::Allow, Effect::Deny] {
        let positive = met_for(effect, "StringEquals", &["${aws:userid}"], Some(&["x"]));
        assert!(!positive, "{effect:?}");
        assert!(
            met_for(effect, "StringEquals", &["${aws:userid}", "x"], Some(&["x"])),
            "another value matches"
        );
    }
    assert!(!met_for(Effect::Allow, "StringNotEquals", &["${aws:userid}"], Some(&["x"])));
    assert!(met_for(Effect::Deny, "StringNotEquals", &["${aws:userid}"], Some(&["x"])));
    assert!(!met_for(Effect::Allow, "StringNotLike", &["${aws:userid}*", "y"], Some(&["x"])));
}

#[test]
fn a_value_of_the_wrong_type_never_grants() {
    assert!(!met_for(Effect::Allow, "NumericNotEquals", &["1"], Some(&["x"])));
    assert!(met_for(Effect::Deny, "NumericNotEquals", &["1"], Some(&["x"])));
    assert!(!met_for(Effect::Allow, "NotIpAddress", &["10.0.0.0/8"], Some(&["config.amazonaws.com"])));
    assert!(met_for(Effect::Deny, "NotIpAddress", &["10.0.0.0/8"], Some(&["config.amazonaws.com"])));
}

#[test]
fn names_of_operators() {
    for good in
        ["stringequals", "IPAddress", "ForAnyValue:StringEqualsIfExists", "ForAllValues:Null", "BoolIfExists"]
    {
        assert!(Operator::new(good).is_some(), "{good}");
    }
    for bad in [
        "",
        "x",
        "IfExists",
        "NullIfExists",
        "ForAnyValue::StringEquals",
        "ForSomeValues:StringEquals",
        "StringEqualsé",
        "Bools",
    ] {
        assert!(Operator::new(bad).is_none(), "{bad}");
    }
}

#[test]
fn values_that_no_operator_of_the_kind_takes() {
    for (operator, bad) in [
        ("NumericEquals", "ten"),
        ("NumericEquals", "${aws:username}"),
        ("DateEquals", "soon"),
        ("Bool", "yes"),
        ("Null", "maybe"),
        ("BinaryEquals", "???"),
        ("IpAddress", "203.0.113.0/99"),
        ("IpAddress", "${aws:SourceIp}"),
    ] {
        let test = Operator::new(operator).unwrap().test;
        assert!(Operand::new(test, bad, true).is_none(), "{operator} {bad}");
    }
}
