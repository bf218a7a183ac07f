use super::*;

fn wire(text: &str) -> api_dynamodb::AttributeValue {
    api_dynamodb::AttributeValue { s: Some(text.into()), ..Default::default() }
}

#[test]
fn items_are_stored_and_read_back() {
    let number = |text: &str| Number::parse(text).unwrap();
    let item: Item = [
        ("text".to_owned(), Value::S("grüße".into())),
        ("number".into(), Value::N(number("-1.5e-100"))),
        ("binary".into(), Value::B(Bytes::from_static(&[0, 255, 1]))),
        ("yes".into(), Value::Bool(true)),
        ("no".into(), Value::Bool(false)),
        ("null".into(), Value::Null),
        ("texts".into(), Value::Ss(["a".to_owned(), "b".into()].into())),
        ("numbers".into(), Value::Ns([number("1"), number("2e50"), Number::ZERO].into())),
        ("binaries".into(), Value::Bs([Bytes::from_static(b"x")].into())),
        (
            "list".into(),
            Value::L(vec![Value::Null, Value::M(Item::from([("k".into(), Value::S("v".repeat(300)))]))]),
        ),
    ]
    .into();
    let bytes = encode_item(&item);
    assert_eq!(decode_item(&bytes), Some(item));
    for cut in 0..bytes.len() {
        assert_eq!(decode_item(&bytes[..cut]), None, "cut at {cut}");
    }
}

#[test]
fn sizes_are_as_aws_counts_them() {
    assert_eq!(Value::S("grüße".into()).size(), 7);
    assert_eq!(Value::N(Number::parse("12345").unwrap()).size(), 4);
    assert_eq!(Value::N(Number::parse("-12345").unwrap()).size(), 5);
    assert_eq!(Value::M(Item::from([("ab".into(), Value::Null)])).size(), 3 + 2 + 1 + 1);
    assert_eq!(Value::L(Vec::new()).size(), 3);
    assert_eq!(item_size(&Item::from([("pk".into(), Value::S("abc".into()))])), 5);
}

#[test]
fn what_no_value_is_is_refused_in_aws_s_words() {
    use api_dynamodb::AttributeValue;
    let refused = |value: AttributeValue| convert(value).unwrap_err();
    assert_eq!(
        refused(AttributeValue::default()),
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
    );
    assert_eq!(
        refused(AttributeValue { n: Some("1".into()), ..wire("a") }),
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
    );
    assert_eq!(
        refused(AttributeValue { null: Some(false), ..Default::default() }),
        "One or more parameter values were invalid: Null attribute value types must have the value of true"
    );
    let texts = |texts: &[&str]| AttributeValue {
        ss: Some(texts.iter().map(|text| (*text).to_owned()).collect()),
        ..Default::default()
    };
    assert_eq!(
        refused(texts(&[])),
        "One or more parameter values were invalid: An string set  may not be empty"
    );
    assert_eq!(
        refused(texts(&["a", "b", "a"])),
        "One or more parameter values were invalid: Input collection [a, b, a] contains duplicates."
    );
    assert_eq!(
        refused(AttributeValue { ns: Some(vec!["1".into(), "1.0".into()]), ..Default::default() }),
        "Input collection contains duplicates"
    );
    let mut deep = wire("x");
    for _ in 0..32 {
        deep = AttributeValue { l: Some(vec![deep]), ..Default::default() };
    }
    assert!(convert(deep.clone()).is_ok(), "32 levels are allowed");
    let deeper = AttributeValue { l: Some(vec![deep]), ..Default::default() };
    assert_eq!(refused(deeper), "Nesting Levels have exceeded supported limits");
}

#[test]
fn keys_sort_as_values_do() {
    let number = |text: &str| Value::N(Number::parse(text).unwrap());
    let sorted = ["-100", "-99.5", "-1", "-0.1", "0", "0.001", "1", "2", "10", "1e20"];
    for pair in sorted.windows(2) {
        let bytes = |text: &str| KeyBytes::new(&Value::S("p".into()), Some(&number(text)));
        assert!(bytes(pair[0]) < bytes(pair[1]), "{pair:?}");
    }
}
