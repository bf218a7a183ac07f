use super::value::Value;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::Document;

/// The fields that are found in one event's JSON, as many as AWS finds.
const MOST_FIELDS: usize = 1000;
/// How many beginnings of a path, and of what is left of it, are tried as the name of a member.
const MOST_NAMES: usize = 1000;

/// A log event as queries see it: its own fields, those of Lambda's lines, and those of the JSON in its message, by paths: `items.0.x`.
///
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html>
#[derive(Debug)]
pub(crate) struct Record {
    /// Milliseconds, as the client said.
    pub(crate) at: i64,
    pub(crate) ingested: i64,
    pub(crate) message: Arc<str>,
    pub(crate) stream: Arc<str>,
    /// `ACCOUNT:GROUP`.
    pub(crate) log: Arc<str>,
    /// What GetLogRecord finds it by.
    pub(crate) pointer: Arc<str>,
    pub(crate) lambda: Lambda,
    json: OnceCell<Option<Document>>,
}

/// Whether a group is a function's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lambda {
    Yes,
    No,
}

impl Lambda {
    pub(crate) fn of_group(name: &str) -> Self {
        if name.starts_with("/aws/lambda/") { Self::Yes } else { Self::No }
    }
}

impl Record {
    pub(crate) fn new(
        (at, ingested): (i64, i64),
        message: Arc<str>,
        stream: Arc<str>,
        log: Arc<str>,
        pointer: Arc<str>,
        lambda: Lambda,
    ) -> Self {
        Self { at, ingested, message, stream, log, pointer, lambda, json: OnceCell::new() }
    }

    /// What a field holds.
    pub(super) fn field(&self, name: &str) -> Option<Value> {
        let text = |text: &Arc<str>| Some(Value::Text(Arc::clone(text)));
        match name {
            "@timestamp" => Some(Value::Time(self.at)),
            "@ingestionTime" => Some(Value::Time(self.ingested)),
            "@message" => text(&self.message),
            "@logStream" => text(&self.stream),
            "@log" => text(&self.log),
            "@ptr" => text(&self.pointer),
            _ => match name.strip_prefix('@') {
                // A member whose own name begins with an @ has another before it.
                Some(own) if own.starts_with('@') => self.member(own),
                Some(own) if self.lambda == Lambda::Yes => line(&self.message, own),
                Some(_) => None,
                None => self.member(name),
            },
        }
    }

    /// The bytes that have to be looked at for a field, but for those that it holds.
    pub(super) fn cost(&self, name: &str) -> usize {
        let in_line = name.starts_with('@') && !name.starts_with("@@");
        match (in_line, self.lambda) {
            (true, Lambda::No) => 0,
            (true, Lambda::Yes) => self.message.len(),
            (false, _) if self.json.get().is_none() => self.message.len().saturating_mul(4),
            // A path through what was parsed before.
            (false, _) => 256,
        }
    }

    /// Forgets its parsed message, which takes many times the memory of the text.
    pub(super) fn forget_json(&mut self) {
        self.json.take();
    }

    /// All fields and what they hold, as GetLogRecord tells them.
    pub(crate) fn fields(&self) -> BTreeMap<String, String> {
        let mut fields = BTreeMap::new();
        let mut own = vec!["@timestamp", "@ingestionTime", "@message", "@logStream", "@log", "@ptr"];
        if self.lambda == Lambda::Yes {
            own.extend(LINE_FIELDS);
        }
        for name in own {
            if let Some(value) = self.field(name) {
                // The moments of a record are milliseconds.
                let told = match value {
                    Value::Time(millis) => millis.to_string(),
                    value => value.print().to_string(),
                };
                fields.insert(name.to_owned(), told);
            }
        }
        if let Some(json) = self.json() {
            flatten(String::new(), json, &mut fields);
        }
        fields
    }

    fn json(&self) -> Option<&Document> {
        let parse = || {
            let text = self.message.trim();
            if text.starts_with('{') {
                return Document::parse(text).ok();
            }
            // In lines of functions the first JSON counts, whatever is before and behind.
            if self.lambda == Lambda::No {
                return None;
            }
            let fragment = first_object(text)?;
            Document::parse(fragment).ok()
        };
        self.json.get_or_init(parse).as_ref().filter(|json| matches!(json, Document::Object(_)))
    }

    fn member(&self, path: &str) -> Option<Value> {
        let mut tries = MOST_NAMES;
        at_path(self.json()?, path, &mut tries).and_then(scalar)
    }
}

/// The fields that Lambda's lines have.
const LINE_FIELDS: [&str; 9] = [
    "@type",
    "@requestId",
    "@duration",
    "@billedDuration",
    "@initDuration",
    "@memorySize",
    "@maxMemoryUsed",
    "@xrayTraceId",
    "@xraySegmentId",
];

/// Null, lists and objects are no values; what is in them has paths of its own.
fn scalar(value: &Document) -> Option<Value> {
    match value {
        Document::String(text) => Some(Value::text(text)),
        Document::Number(_) => Some(Value::text(&value.to_string())),
        Document::Boolean(truth) => Some(Value::Boolean(*truth)),
        Document::Null | Document::Array(_) | Document::Object(_) => None,
    }
}

/// What is at a path of names and numbers, where names may have dots of their own. Each member is looked at once at most.
fn at_path<'d>(value: &'d Document, path: &str, tries: &mut usize) -> Option<&'d Document> {
    let member = |name: &str| match value {
        Document::Object(members) => members.get(name),
        Document::Array(elements) => elements.get(name.parse::<usize>().ok()?),
        _ => None,
    };
    if !matches!(value, Document::Object(_) | Document::Array(_)) {
        return None;
    }
    if let Some(found) = member(path) {
        return Some(found);
    }
    for (dot, _) in path.match_indices('.') {
        *tries = tries.checked_sub(1)?;
        let (name, rest) = path.split_at_checked(dot)?;
        let found = member(name).and_then(|member| at_path(member, rest.get(1..)?, tries));
        if found.is_some() {
            return found;
        }
    }
    None
}

fn flatten(path: String, value: &Document, fields: &mut BTreeMap<String, String>) {
    if fields.len() >= MOST_FIELDS {
        return;
    }
    let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Document::Object(members) => {
            for (name, member) in members {
                let escaped =
                    if path.is_empty() && name.starts_with('@') { format!("@{name}") } else { join(name) };
                flatten(escaped, member, fields);
            }
        }
        Document::Array(elements) => {
            for (number, element) in elements.iter().enumerate() {
                flatten(join(&number.to_string()), element, fields);
            }
        }
        other => {
            if let Some(value) = scalar(other) {
                fields.insert(path, value.print().to_string());
            }
        }
    }
}

/// The first object in a text, from its brace to the one that closes it.
fn first_object(text: &str) -> Option<&str> {
    let start = text.find('{')?;
    let rest = text.get(start..)?;
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' if !in_text => depth += 1,
            b'}' if !in_text => {
                depth -= 1;
                if depth == 0 {
                    return rest.get(..=at);
                }
            }
            _ => {}
        }
    }
    None
}

/// A field of a line that Lambda writes, or of one that a function's runtime does: `REPORT RequestId: … Duration: 1.23 ms …`.
fn line(message: &str, field: &str) -> Option<Value> {
    let kind = ["START", "END", "REPORT"]
        .into_iter()
        .find(|kind| message.strip_prefix(*kind).is_some_and(|rest| rest.starts_with(" RequestId: ")));
    let after = |label: &str| {
        let found = message.split(['\t', '\n']).find_map(|part| part.trim_start().strip_prefix(label));
        found.and_then(|rest| rest.split_whitespace().next())
    };
    let number = |label: &str| {
        let text = after(label).filter(|_| kind == Some("REPORT"))?;
        text.parse::<f64>().ok().filter(|number| number.is_finite())
    };
    match (field, kind) {
        ("type", Some(kind)) => Some(Value::text(kind)),
        ("requestId", Some(kind)) => {
            let id = message.strip_prefix(kind)?.strip_prefix(" RequestId: ")?;
            id.split_whitespace().next().map(Value::text)
        }
        // The runtimes' own lines: `TIME\tID\tLEVEL\t…` or `[LEVEL]\tTIME\tID\t…`.
        ("requestId", None) => message.splitn(4, '\t').take(3).find(|part| is_uuid(part)).map(Value::text),
        ("duration", _) => number("Duration: ").map(Value::Number),
        ("billedDuration", _) => number("Billed Duration: ").map(Value::Number),
        ("initDuration", _) => number("Init Duration: ").map(Value::Number),
        // In bytes, a megabyte of a million.
        ("memorySize", _) => number("Memory Size: ").map(|megabytes| Value::Number(megabytes * 1_000_000.0)),
        ("maxMemoryUsed", _) => {
            number("Max Memory Used: ").map(|megabytes| Value::Number(megabytes * 1_000_000.0))
        }
        ("xrayTraceId", Some(_)) => after("XRAY TraceId: ").map(Value::text),
        ("xraySegmentId", Some(_)) => after("SegmentId: ").map(Value::text),
        _ => None,
    }
}

fn is_uuid(text: &str) -> bool {
    let form = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "3f1c0f1a-2b4d-4e5f-8a6b-7c8d9e0f1a2b";

    fn record(message: &str, lambda: Lambda) -> Record {
        Record::new(
            (1_795_253_400_123, 7),
            message.into(),
            "s".into(),
            "111122223333:g".into(),
            "ptr".into(),
            lambda,
        )
    }

    fn field(message: &str, name: &str) -> Option<String> {
        record(message, Lambda::No).field(name).map(|value| value.print().to_string())
    }

    fn of_function(message: &str, name: &str) -> Option<String> {
        record(message, Lambda::Yes).field(name).map(|value| value.print().to_string())
    }

    #[test]
    fn an_event_has_fields_of_its_own() {
        for (name, expected) in [
            ("@timestamp", "2026-11-21 09:30:00.123"),
            ("@ingestionTime", "1970-01-01 00:00:00.007"),
            ("@message", "hello"),
            ("@logStream", "s"),
            ("@log", "111122223333:g"),
            ("@ptr", "ptr"),
        ] {
            assert_eq!(field("hello", name).as_deref(), Some(expected));
        }
        assert_eq!((field("hello", "x"), field("hello", "@duration")), (None, None));
    }

    #[test]
    fn json_is_found_by_paths() {
        let event = r#"{"userIdentity":{"type":"Root"},"items":[{"x":1},{"x":2.50}],"ok":true,"none":null,"a.b":{"c.d":"dotted"},"@own":5,"1":"one"}"#;
        for (name, expected) in [
            ("userIdentity.type", Some("Root")),
            ("items.0.x", Some("1")),
            ("items.1.x", Some("2.5")),
            ("items.2.x", None),
            ("ok", Some("1")),
            ("none", None),
            ("a.b.c.d", Some("dotted")),
            ("a.b.c", None),
            ("userIdentity", None),
            ("@@own", Some("5")),
            ("@own", None),
            ("1", Some("one")),
        ] {
            assert_eq!(field(event, name).as_deref(), expected, "{name}");
        }
        let all = record(event, Lambda::No).fields();
        let names: Vec<&str> = all
            .keys()
            .map(String::as_str)
            .filter(|name| !name.starts_with('@') || name.starts_with("@@"))
            .collect();
        assert_eq!(names, ["1", "@@own", "a.b.c.d", "items.0.x", "items.1.x", "ok", "userIdentity.type"]);
        assert_eq!(all["@timestamp"], "1795253400123");
        assert_eq!(field("[1, 2]", "0"), None);
        assert_eq!(field(r#"INFO {"a": 1}"#, "a"), None, "text before it");
    }

    #[test]
    fn in_lines_of_functions_the_first_json_counts() {
        let message = format!(
            "2026-11-21T09:30:00.123Z\t{ID}\tINFO\t{{\"a\": \"}}\", \"b\": {{\"c\": 2}}}} and {{\"a\": 3}}\n"
        );
        assert_eq!(of_function(&message, "a").as_deref(), Some("}"));
        assert_eq!(of_function(&message, "b.c").as_deref(), Some("2"));
        assert_eq!(of_function(&message, "@requestId").as_deref(), Some(ID));
        assert_eq!(of_function("{ not json } {\"a\": 1}", "a"), None);
        assert_eq!(of_function("open { \"a", "a"), None);
    }

    #[test]
    fn lambdas_lines_have_fields() {
        let report = format!(
            "REPORT RequestId: {ID}\tDuration: 1.23 ms\tBilled Duration: 102 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\tInit Duration: 100.50 ms\t\n"
        );
        for (name, expected) in [
            ("@type", "REPORT"),
            ("@requestId", ID),
            ("@duration", "1.23"),
            ("@billedDuration", "102"),
            ("@initDuration", "100.5"),
            ("@memorySize", "128000000"),
            ("@maxMemoryUsed", "40000000"),
        ] {
            assert_eq!(of_function(&report, name).as_deref(), Some(expected), "{name}");
        }
        let start = format!("START RequestId: {ID} Version: $LATEST\n");
        assert_eq!(of_function(&start, "@type").as_deref(), Some("START"));
        assert_eq!(of_function(&start, "@requestId").as_deref(), Some(ID));
        assert_eq!(of_function(&start, "@duration"), None);
        assert_eq!(of_function("Duration: 5 ms", "@duration"), None);
        assert_eq!(of_function("REPORTED", "@type"), None);
        assert_eq!(field(&report, "@duration"), None, "of a function's group only");
    }

    #[test]
    fn fields_are_counted() {
        let members: Vec<String> = (0..5000).map(|number| format!("\"m{number}\": 1")).collect();
        let all = record(&format!("{{{}}}", members.join(",")), Lambda::No).fields();
        assert_eq!(all.len(), MOST_FIELDS);
    }
}
