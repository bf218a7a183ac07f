use super::*;
use crate::value::{Item, Number, Value};
use std::collections::BTreeMap;

fn text(value: &str) -> Value {
    Value::S(value.into())
}

fn number(value: &str) -> Value {
    Value::N(Number::parse(value).unwrap())
}

fn item() -> Item {
    [
        ("pk".to_owned(), text("a")),
        ("n".into(), number("5")),
        ("s".into(), text("hello world")),
        ("tags".into(), Value::Ss(["x".to_owned(), "y".into()].into())),
        ("arr".into(), Value::L(vec![number("1"), text("two"), number("3")])),
        ("doc".into(), Value::M(Item::from([("core".into(), text("deep")), ("qty".into(), number("7"))]))),
        ("flag".into(), Value::Bool(true)),
        ("nothing".into(), Value::Null),
    ]
    .into()
}

fn placeholders() -> Placeholders {
    Placeholders {
        names: BTreeMap::from([("#n".to_owned(), "n".to_owned()), ("#dotted".into(), "a.b".into())]),
        values: [
            (":five".to_owned(), number("5")),
            (":nine".into(), number("9")),
            (":two".into(), text("two")),
            (":hello".into(), text("hello")),
            (":x".into(), text("x")),
            (":str".into(), text("S")),
            (":bad".into(), text("STRING")),
            (":xs".into(), Value::Ss(["x".to_owned(), "z".into()].into())),
            (":both".into(), Value::Ss(["x".to_owned(), "y".into()].into())),
            (":list".into(), Value::L(vec![text("new")])),
            (":map".into(), Value::M(Item::new())),
            (":true".into(), Value::Bool(true)),
        ]
        .into(),
        ..Placeholders::default()
    }
}

fn holds(expression: &str) -> bool {
    placeholders().condition("ConditionExpression", expression).unwrap().holds(&item())
}

#[test]
fn conditions_hold_or_do_not() {
    for expression in [
        "n = :five",
        "#n = :five AND s <> :two",
        "n BETWEEN :five AND :nine",
        "n IN (:nine, :five)",
        "attribute_exists(doc.core) and attribute_not_exists(doc.rim)",
        "attribute_type(s, :str)",
        "begins_with(s, :hello)",
        "contains(tags, :x)",
        "contains(arr, :two)",
        "size(arr) < :five",
        "size(s) > :nine",
        "arr[1] = :two",
        "NOT n > :five",
        "not (n > :five or flag <> :true)",
        "absent <> :five",
        "n < :nine OR absent = :five AND absent = :nine",
        "doc.qty > n",
    ] {
        assert!(holds(expression), "{expression}");
    }
    for expression in [
        "n > :five",
        "n = :two",
        "absent = :five",
        "absent < :five",
        "size(n) = :five",
        "s > :five",
        "contains(s, :five)",
        "begins_with(n, :hello)",
        "arr[7] = :two",
        "n.core = :five",
        "NOT (NOT n > :five)",
    ] {
        assert!(!holds(expression), "{expression}");
    }
}

fn refused(expression: &str) -> String {
    placeholders().condition("ConditionExpression", expression).unwrap_err()
}

#[test]
fn conditions_are_refused_in_aws_s_words() {
    for (expression, sentence) in [
        ("", "The expression can not be empty;"),
        ("n = ", "Syntax error; token: \"<EOF>\", near: \"=\""),
        ("n = = :five", "Syntax error; token: \"=\", near: \"= = :five\""),
        ("n = $x", "Syntax error; token: \"$\", near: \"= $\""),
        ("n :five", "Syntax error; token: \":five\", near: \"n :five\""),
        ("name = :five", "Attribute name is a reserved keyword; reserved keyword: name"),
        (
            "#gone = :five",
            "An expression attribute name used in the document path is not defined; attribute name: #gone",
        ),
        (
            "n = :gone",
            "An expression attribute value used in expression is not defined; attribute value: :gone",
        ),
        ("frobnicate(n)", "Invalid function name; function: frobnicate"),
        (
            "if_not_exists(n, :five)",
            "The function is not allowed in a condition expression; function: if_not_exists",
        ),
        ("attribute_exists(n) = :five", "Syntax error; token: \"=\", near: \") = :five\""),
        (
            "n = contains(s, :x)",
            "The function is not allowed to be used this way in an expression; function: contains",
        ),
        (
            "attribute_exists(n, s)",
            "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
        ),
        (
            "attribute_exists(:five)",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        (
            "begins_with(s, :five)",
            "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
        ),
        (
            "n < :true",
            "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
        ),
        (
            "n = n",
            "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]",
        ),
        (
            "n BETWEEN :nine AND :five",
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: {N:5}",
        ),
        (
            "n BETWEEN :five AND :two",
            "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:two}",
        ),
        (
            "attribute_type(n, :bad)",
            "Invalid attribute type name found; type: STRING, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
        ),
        ("((n = :five))", "The expression has redundant parentheses;"),
    ] {
        assert_eq!(refused(expression), format!("Invalid ConditionExpression: {sentence}"), "{expression}");
    }
    let many = vec!["n = :five"; 200].join(" OR ");
    assert!(refused(&many).ends_with("too many operators; operator count: 301"), "{}", refused(&many));
    let deep = format!("{}n = :five{}", "(n = :five AND ".repeat(140), ")".repeat(140));
    assert!(refused(&deep).contains("too many operators"));
    let long = format!("n = :five{}", " ".repeat(5000));
    assert!(refused(&long).ends_with("expression size: 5009"));
}

#[test]
fn placeholders_must_be_used_and_well_formed() {
    let names = |key: &str| Some(BTreeMap::from([(key.to_owned(), "n".to_owned())]));
    let value = api_dynamodb::AttributeValue { n: Some("1".into()), ..Default::default() };
    let values = |key: &str| Some(BTreeMap::from([(key.to_owned(), value.clone())]));
    let given = [("ConditionExpression", true)];
    let mut unused = Placeholders::new(names("#a"), values(":b"), &given, 1).unwrap();
    unused.condition("ConditionExpression", "n = :b").unwrap();
    assert_eq!(
        unused.finish().unwrap_err(),
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"
    );
    let mut unused = Placeholders::new(names("#a"), values(":b"), &given, 1).unwrap();
    unused.condition("ConditionExpression", "attribute_exists(#a)").unwrap();
    assert_eq!(
        unused.finish().unwrap_err(),
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}"
    );
    let refused = |names, values, given: &[(&str, bool)]| {
        Placeholders::new(names, values, given, given.len()).unwrap_err()
    };
    let none = [("UpdateExpression", false), ("ConditionExpression", false)];
    assert_eq!(
        refused(names("#a"), None, &none),
        "ExpressionAttributeNames can only be specified when using expressions"
    );
    assert_eq!(
        refused(None, values(":b"), &none),
        "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and ConditionExpression are null"
    );
    assert_eq!(
        refused(names("a"), None, &given),
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\""
    );
    assert_eq!(
        refused(None, values(":b-c"), &given),
        "ExpressionAttributeValues contains invalid key: Syntax error; key: \":b-c\""
    );
    assert_eq!(refused(Some(BTreeMap::new()), None, &given), "ExpressionAttributeNames must not be empty");
    let empty = Some(BTreeMap::from([(":e".to_owned(), api_dynamodb::AttributeValue::default())]));
    assert_eq!(
        refused(None, empty, &given),
        "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :e"
    );
}

fn updated(expression: &str) -> Result<Item, String> {
    placeholders().update(expression).unwrap().apply(&item())
}

#[test]
fn updates_change_what_they_name() {
    let at = |expression: &str, attribute: &str| updated(expression).unwrap().get(attribute).cloned();
    assert_eq!(at("SET n = n + :five", "n"), Some(number("10")));
    assert_eq!(at("set n = :nine - n", "n"), Some(number("4")));
    assert_eq!(at("SET fresh = if_not_exists(fresh, :five)", "fresh"), Some(number("5")));
    assert_eq!(at("SET n = if_not_exists(n, :nine) + :five", "n"), Some(number("10")));
    assert_eq!(
        at("SET arr = list_append(arr, :list)", "arr"),
        Some(Value::L(vec![number("1"), text("two"), number("3"), text("new")]))
    );
    assert_eq!(
        at("SET arr[9] = :nine, arr[5] = :five, arr[0] = :two", "arr"),
        Some(Value::L(vec![text("two"), text("two"), number("3"), number("5"), number("9")]))
    );
    assert_eq!(at("REMOVE arr[0], arr[1]", "arr"), Some(Value::L(vec![number("3")])));
    assert_eq!(
        at("SET doc.core = :x REMOVE doc.#n, doc.qty", "doc"),
        Some(Value::M(Item::from([("core".into(), text("x"))])))
    );
    assert_eq!(at("ADD n :five, fresh :nine", "fresh"), Some(number("9")));
    assert_eq!(at("ADD tags :xs", "tags"), Some(Value::Ss(["x".to_owned(), "y".into(), "z".into()].into())));
    assert_eq!(at("DELETE tags :xs", "tags"), Some(Value::Ss(["y".to_owned()].into())));
    assert_eq!(at("DELETE tags :both", "tags"), None, "an empty set is none");
    assert_eq!(at("DELETE absent :xs", "absent"), None);
    assert_eq!(at("SET #dotted = :x", "a.b"), Some(text("x")));
    let swapped = updated("SET n = s, s = n").unwrap();
    assert_eq!((&swapped["n"], &swapped["s"]), (&text("hello world"), &number("5")), "all reads come first");
}

#[test]
fn updates_are_refused_in_aws_s_words() {
    for (expression, sentence) in [
        ("SET n = :five SET s = :x", "The \"SET\" section can only be used once in an update expression;"),
        (
            "SET doc = :map, doc.core = :x",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc], path two: [doc, core]",
        ),
        (
            "SET doc.core = :x REMOVE doc[1]",
            "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [doc, core], path two: [doc, [1]]",
        ),
        (
            "ADD n :two",
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
        ),
        (
            "DELETE n :five",
            "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
        ),
        (
            "SET n = n + :two",
            "Incorrect operand type for operator or function; operator or function: +, operand type: S",
        ),
        ("SET n = size(s)", "The function is not allowed in an update expression; function: size"),
        ("n = :five", "Syntax error; token: \"n\", near: \"n =\""),
        ("SET", "Syntax error; token: \"<EOF>\", near: \"SET\""),
    ] {
        let refused = placeholders().update(expression).unwrap_err();
        assert_eq!(refused, format!("Invalid UpdateExpression: {sentence}"), "{expression}");
    }
    for (expression, sentence) in [
        ("SET n = s + :five", "An operand in the update expression has an incorrect data type"),
        ("ADD s :five", "An operand in the update expression has an incorrect data type"),
        ("SET n = absent", "The provided expression refers to an attribute that does not exist in the item"),
        (
            "SET absent.core = :five",
            "The document path provided in the update expression is invalid for update",
        ),
        ("REMOVE n.core", "The document path provided in the update expression is invalid for update"),
    ] {
        assert_eq!(updated(expression).unwrap_err(), sentence, "{expression}");
    }
}

#[test]
fn projections_take_parts() {
    let project = |expression: &str| placeholders().projection(expression).unwrap().apply(&item());
    assert_eq!(project("pk, n").len(), 2);
    assert_eq!(
        project("doc.core, arr[2], arr[0], absent.x"),
        Item::from([
            ("doc".into(), Value::M(Item::from([("core".into(), text("deep"))]))),
            ("arr".into(), Value::L(vec![number("1"), number("3")])),
        ])
    );
    assert_eq!(
        placeholders().projection("doc, doc.core").unwrap_err(),
        "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc], path two: [doc, core]"
    );
}

#[test]
fn key_conditions_are_equality_and_one_range() {
    let read = |expression: &str| placeholders().key_condition(expression);
    let found = read("pk = :x AND begins_with(n, :hello)").unwrap().conditions;
    assert_eq!(found[0], ("pk".into(), RangeCondition::Compare(Comparator::Equal, text("x"))));
    assert_eq!(found[1], ("n".into(), RangeCondition::BeginsWith(text("hello"))));
    let turned = read(":five < n AND :x = pk").unwrap().conditions;
    assert_eq!(turned[0].1, RangeCondition::Compare(Comparator::Greater, number("5")));
    for (expression, sentence) in [
        ("pk = :x OR n = :five", "Invalid operator used in KeyConditionExpression: OR"),
        ("pk <> :x", "Invalid operator used in KeyConditionExpression: <>"),
        (
            "pk = :x AND attribute_exists(n)",
            "Invalid operator used in KeyConditionExpression: attribute_exists",
        ),
        ("pk IN (:x)", "Invalid operator used in KeyConditionExpression: IN"),
    ] {
        assert_eq!(read(expression).unwrap_err(), format!("Invalid KeyConditionExpression: {sentence}"));
    }
    assert_eq!(
        read("pk = :x AND n > :five AND n < :nine").unwrap_err(),
        "KeyConditionExpressions must only contain one condition per key"
    );
}

/// A list of many small values takes much more room in memory than it counts for.
#[test]
fn an_update_does_not_copy_what_is_too_large_in_the_end() {
    let mut item = item();
    item.insert("big".into(), Value::L(vec![Value::Null; 150_000]));
    let apply = |expression: &str| placeholders().update(expression).unwrap().apply(&item);
    assert!(apply("SET a = big").is_ok());
    let copies: Vec<String> = (0..200).map(|number| format!("a{number} = big")).collect();
    for expression in [format!("SET {}", copies.join(", ")), "SET a = list_append(big, big)".into()] {
        assert_eq!(apply(&expression).unwrap_err(), crate::checks::UPDATE_TOO_LARGE);
    }
}
