use super::{Rule, Violation, pattern, refusal};
use crate::formats::json::{Cursor, JsonReader};
use crate::{
    HttpBinding, Kind, Location, Member, OperationSchema, Protocol, Reader, Schema, ServiceSchema, Shape,
    ShapeError, Writer,
};

static NAME: Schema = Schema::text("Name").min(3).max(5).pattern("[a-z]*");
static SECRET: Schema = Schema::text("Secret").min(8).sensitive();
static COLOUR: Schema = Schema::choice("Colour", &["red", "green"]);
static COUNT: Schema = Schema::new("Count", Kind::Integer).min(1).max(10);
static KEY: Schema = Schema::text("Key").max(2);
static NAMES: Schema = Schema {
    kind: Kind::List { member: &Member::new("member", "member", &NAME), flattened: false },
    ..Schema::text("Names").max(2)
};
static LABELS: Schema = Schema {
    kind: Kind::Map {
        key: &Member::new("key", "key", &KEY),
        value: &Member::new("value", "value", &COLOUR),
        flattened: false,
    },
    ..Schema::text("Labels")
};
static SECRETS: Schema = Schema {
    kind: Kind::List { member: &Member::new("member", "member", &SECRET), flattened: false },
    ..Schema::text("Secrets").max(2)
};
static NODE: Schema = Schema {
    kind: Kind::Structure {
        members: &[Member::new("Self", "Self", &NODE), Member::new("Name", "Name", &KEY)],
        union: false,
    },
    ..Schema::text("Node")
};
static TAG: Schema = Schema {
    kind: Kind::Structure {
        members: &[Member::new("Key", "Key", &NAME).required(), Member::new("Value", "Value", &NAME)],
        union: false,
    },
    ..Schema::text("Tag")
};
static TAGS: Schema = Schema {
    kind: Kind::List { member: &Member::new("member", "member", &TAG), flattened: false },
    ..Schema::text("Tags")
};
static INPUT: Schema = Schema {
    kind: Kind::Structure {
        members: &[
            Member::new("UserName", "UserName", &NAME).required(),
            Member::new("Password", "Password", &SECRET),
            Member::new("Colour", "Colour", &COLOUR),
            Member::new("MaxResults", "MaxResults", &COUNT),
            Member::new("Names", "Names", &NAMES),
            Member::new("Labels", "Labels", &LABELS),
            Member::new("Tags", "Tags", &TAGS),
            Member::new("Token", "Token", &NAME).token().required(),
            Member::new("Secrets", "Secrets", &SECRETS),
            Member::new("Node", "Node", &NODE),
            Member::new("Acl", "x-amz-acl", &COLOUR).at(Location::Header),
        ],
        union: false,
    },
    ..Schema::text("CreateThing")
};
const UNNAMED: ServiceSchema = ServiceSchema {
    name: "test",
    endpoint_prefix: "test",
    signing_name: "test",
    action_prefix: "test",
    service_id: "Test",
    version: "2026-11-21",
    target_prefix: None,
    protocols: &[Protocol::Json11],
    xml_namespace: None,
    global: false,
    constraint_code: None,
    all_operations: &[],
};
static SERVICE: ServiceSchema = UNNAMED;
const UNNAMED_OPERATION: OperationSchema = OperationSchema {
    name: "CreateThing",
    service: &SERVICE,
    http: HttpBinding { method: "POST", uri: "/", status: 200 },
    input: &INPUT,
    output: &INPUT,
    result_wrapper: None,
    input_element: None,
    checksum_required: false,
    unsigned: false,
};
static OPERATION: OperationSchema = UNNAMED_OPERATION;

/// Goes over a value of any schema and keeps nothing of it.
struct Nothing;

impl Shape for Nothing {
    fn write(&self, _: &'static Schema, _: &mut dyn Writer) -> Result<(), ShapeError> {
        Ok(())
    }

    fn read(schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError> {
        match schema.kind {
            Kind::Structure { .. } => {
                reader.structure(schema, &mut |_, member, reader| Self::read(member.schema, reader).map(drop))
            }
            Kind::List { member, .. } => {
                reader.list(schema, &mut |reader| Self::read(member.schema, reader).map(drop))
            }
            Kind::Map { value, .. } => {
                reader.map(schema, &mut |_, reader| Self::read(value.schema, reader).map(drop))
            }
            Kind::Integer => reader.integer(schema).map(drop),
            _ => reader.string(schema).map(drop),
        }?;
        Ok(Self)
    }
}

fn violations(json: &str) -> Vec<Violation> {
    let mut findings = super::Findings::default();
    let mut cursor = Cursor::new(json.as_bytes());
    let mut reader = JsonReader::new(&mut cursor);
    let fresh = || "abc".to_owned();
    Nothing::read(&INPUT, &mut super::CheckedReader::root(&mut reader, &mut findings, &fresh)).unwrap();
    findings.violations
}

/// What is wrong with a good request that is changed so.
fn wrong(member: &str) -> String {
    refusal(Protocol::Json11, &OPERATION, &violations(&format!(r#"{{"UserName":"abcd",{member}}}"#))).message
}

#[test]
fn a_good_request_violates_nothing() {
    let json = r#"{"UserName":"abcd","Password":"longenough","Colour":"red","MaxResults":10,"Names":["abc","abcde"],
        "Labels":{"a":"red"},"Tags":[{"Key":"abc","Value":"abc"}],"Token":"abc"}"#;
    assert_eq!(violations(json), []);
    // The token was made where it was absent.
    assert_eq!(violations(r#"{"UserName":"abcd"}"#), []);
}

#[test]
fn sentences_are_awss() {
    assert_eq!(
        refusal(Protocol::Json11, &OPERATION, &violations("{}")).message,
        "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null"
    );
    let failed = "1 validation error detected: Value";
    assert_eq!(
        wrong(r#""Colour":"blue""#),
        format!(
            "{failed} 'blue' at 'colour' failed to satisfy constraint: Member must satisfy enum value set: [red, green]"
        )
    );
    assert_eq!(
        wrong(r#""MaxResults":11"#),
        format!(
            "{failed} '11' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10"
        )
    );
    assert_eq!(
        wrong(r#""MaxResults":0"#),
        format!(
            "{failed} '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"
        )
    );
    assert_eq!(
        wrong(r#""Password":"hunter2""#),
        format!(
            "{failed} at 'password' failed to satisfy constraint: Member must have length greater than or equal to 8"
        )
    );
    assert_eq!(
        wrong(r#""Tags":[{"Key":"abc"},{"Key":"ABC"},{}]"#),
        "2 validation errors detected: Value 'ABC' at 'tags.2.member.key' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: [a-z]*; \
         Value null at 'tags.3.member.key' failed to satisfy constraint: Member must not be null"
    );
    assert_eq!(
        wrong(r#""Names":["abc","abcdef","a"]"#),
        "2 validation errors detected: Value '[abc, abcdef, a]' at 'names' failed to satisfy constraint: \
         Member must satisfy constraint: [Member must have length less than or equal to 5, \
         Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [a-z]*]; \
         Value '[abc, abcdef, a]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 2"
    );
    assert_eq!(
        wrong(r#""Labels":{"abc":"red"}"#),
        format!(
            "{failed} '{{abc=red}}' at 'labels' failed to satisfy constraint: \
             Map keys must satisfy constraint: [Member must have length less than or equal to 2]"
        )
    );
    assert_eq!(
        wrong(r#""Labels":{"a":"blue","b":"red"}"#),
        format!(
            "{failed} '{{a=blue, b=red}}' at 'labels' failed to satisfy constraint: \
             Map value must satisfy constraint: [Member must satisfy enum value set: [red, green]]"
        )
    );
}

#[test]
fn secrets_are_not_repeated() {
    let text = wrong(r#""Secrets":["hunter2"],"Password":"hunter2""#);
    assert!(
        text.contains("Value at 'secrets'")
            && text.contains("Value at 'password'")
            && !text.contains("hunter2"),
        "{text}"
    );
    assert!(!wrong(r#""Secrets":["hunter2hunter2","hunter2hunter2","hunter2hunter2"]"#).contains("hunter2"));
}

#[test]
fn shapes_without_end_are_read_to_a_depth() {
    let nested =
        |depth: usize| format!("{{\"Node\":{}{{}}{}", "{\"Self\":".repeat(depth), "}".repeat(depth + 1));
    let mut findings = super::Findings::default();
    let mut read = |json: &str| {
        let mut cursor = Cursor::new(json.as_bytes());
        let mut reader = JsonReader::new(&mut cursor);
        Nothing::read(&INPUT, &mut super::CheckedReader::root(&mut reader, &mut findings, &String::new))
            .map(drop)
    };
    assert_eq!(read(&nested(120)), Ok(()));
    assert_eq!(read(&nested(10_000)).unwrap_err().code, "SerializationException");
}

#[test]
fn a_service_may_have_a_code_of_its_own_for_the_same_sentence() {
    static LOGS: ServiceSchema =
        ServiceSchema { name: "logs", constraint_code: Some("InvalidParameterException"), ..UNNAMED };
    static PUT: OperationSchema = OperationSchema { service: &LOGS, ..UNNAMED_OPERATION };
    let missing = violations("{}");
    for protocol in [Protocol::Json11, Protocol::RestJson, Protocol::Cbor, Protocol::Query] {
        let (own, family) = (refusal(protocol, &PUT, &missing), refusal(protocol, &OPERATION, &missing));
        assert_eq!((own.code.as_str(), own.status), ("InvalidParameterException", 400));
        assert_eq!(own.message, family.message);
    }
    assert_eq!(refusal(Protocol::Ec2, &PUT, &missing).code, "MissingParameter");
    assert_eq!(refusal(Protocol::RestXml, &PUT, &missing).code, "MissingRequestBodyError");
}

#[test]
fn each_family_has_its_code() {
    let missing = violations("{}");
    assert_eq!(refusal(Protocol::Json10, &OPERATION, &missing).code, "ValidationException");
    assert_eq!(refusal(Protocol::RestJson, &OPERATION, &missing).code, "ValidationException");
    assert_eq!(refusal(Protocol::Cbor, &OPERATION, &missing).code, "ValidationException");
    assert_eq!(refusal(Protocol::Query, &OPERATION, &missing).code, "ValidationError");
    let ec2 = refusal(Protocol::Ec2, &OPERATION, &missing);
    assert_eq!(
        (ec2.code.as_str(), ec2.message.as_str()),
        ("MissingParameter", "The request must contain the parameter userName")
    );
    let ec2 = refusal(Protocol::Ec2, &OPERATION, &violations(r#"{"UserName":"abcd","MaxResults":0}"#));
    assert_eq!(ec2.code, "InvalidParameterValue");
    assert_eq!(
        ec2.message,
        "Value ( 0 ) for parameter maxResults is invalid. Expecting a value greater than 1."
    );
    assert_eq!(refusal(Protocol::RestXml, &OPERATION, &missing).code, "MissingRequestBodyError");
    let body = violations(r#"{"UserName":"abcd","Colour":"blue"}"#);
    assert_eq!(refusal(Protocol::RestXml, &OPERATION, &body).code, "MalformedXML");
    let header = violations(r#"{"UserName":"abcd","x-amz-acl":"blue"}"#);
    let header = refusal(Protocol::RestXml, &OPERATION, &header);
    assert_eq!(header.code, "InvalidArgument");
    assert_eq!(header.members, [("ArgumentName", "x-amz-acl".into()), ("ArgumentValue", "blue".into())]);
}

#[test]
fn lengths_are_counted_in_characters() {
    assert!(
        violations(r#"{"UserName":"ääääää"}"#).iter().any(|violation| violation.rule == Rule::MaxLength(5))
    );
    assert!(
        !violations(r#"{"UserName":"äääää"}"#)
            .iter()
            .any(|violation| matches!(violation.rule, Rule::MaxLength(_)))
    );
}

#[test]
fn patterns_mean_what_they_mean_in_java() {
    let matches = pattern::matches;
    // The whole text, and `$` not before a last line break.
    assert!(matches("[a-z]+", "abc"));
    assert!(!matches("[a-z]+", "abc1"));
    assert!(!matches("^[a-z]+$", "abc\n"));
    assert!(matches("a|bc", "bc"));
    assert!(!matches("a|bc", "abc"));
    // Classes are ASCII, hyphens stray.
    assert!(!matches("\\d+", "١"));
    assert!(!matches("[\\w]+", "ä"));
    assert!(matches("[\\w+=,.@-]+", "a+b@c.d-e"));
    assert!(matches("[a-zA-Z0-9-_]+", "a-b_c"));
    assert!(matches("[-_.a]*", "-_."));
    assert!(matches("\\S+", "x-y") && !matches("\\S+", "x y"));
    // Unicode.
    assert!(matches("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "Zoë 7:/=+-@"));
    assert!(
        matches("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+", "a\tÿ") && !matches("[\\u0020-\\u00FF]+", "Ā")
    );
    assert!(matches(
        "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+",
        "a😹"
    ));
    assert!(matches("[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*", "a😹"));
    assert!(matches("\\p{Print}+", "a b") && !matches("\\p{Print}+", "ä"));
    // Lookaheads in front.
    assert!(matches("(?!^[0-9]+$)([a-zA-Z0-9-_]+)", "a1") && !matches("(?!^[0-9]+$)([a-zA-Z0-9-_]+)", "11"));
    assert!(!matches("^(?!\\s*$).+", "   ") && matches("^(?!\\s*$).+", " a "));
    assert!(matches("(?i)all|[0-9]{12}", "ALL"));
    assert!(matches("(?s).*", "a\nb") && !matches(".*", "a\nb"));
    assert!(matches("[a-z.]*(?<!\\.)", "a.b") && !matches("[a-z.]*(?<!\\.)", "a."));
    assert!(matches("a:\\b(aws|aws-cn)\\b:.*", "a:aws:x") && !matches("a:\\b(aws|aws-cn)\\b:.*", "a:awsx:x"));
    let alias = "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$";
    assert!(matches(alias, "a-b-c") && !matches(alias, "a--b") && !matches(alias, "-ab"));
}
