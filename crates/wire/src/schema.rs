//! Tables that describe shapes. The generator writes them; codecs and checks read them.

/// A shape: its name, kind, members and constraints.
#[derive(Debug)]
pub struct Schema {
    /// The shape's name in the model.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What its values must satisfy.
    pub constraints: Constraints,
    /// Values are secret: redacted in logs and in `Debug`.
    pub sensitive: bool,
}

/// What a shape is. Recursion is possible because tables are statics that refer to each other.
#[derive(Debug)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// 32-bit.
    Integer,
    /// 64-bit.
    Long,
    /// 32-bit.
    Float,
    /// 64-bit.
    Double,
    /// Text; an enum where `values` is not empty.
    String {
        /// The enum's values; empty for free text.
        values: &'static [&'static str],
        /// JSON text carried in a header, base64 encoded (`jsonvalue`).
        json: bool,
    },
    /// Bytes.
    Blob {
        /// The body itself, streamed.
        streaming: bool,
    },
    /// A moment.
    Timestamp {
        /// The shape's own format; None is the protocol's default.
        format: Option<TimestampFormat>,
    },
    /// An ordered list.
    List {
        /// Its element.
        member: &'static Member,
        /// In XML and query: without a wrapping element.
        flattened: bool,
    },
    /// A map from text.
    Map {
        /// Its key.
        key: &'static Member,
        /// Its value.
        value: &'static Member,
        /// In XML and query: without a wrapping element.
        flattened: bool,
    },
    /// Named members.
    Structure {
        /// In the model's order.
        members: &'static [Member],
        /// Exactly one member is set.
        union: bool,
    },
    /// Any JSON.
    Document,
}

/// A member of a structure, or a list's element, or a map's key or value.
#[derive(Debug)]
pub struct Member {
    /// The name in the model (and in JSON, unless `wire_name` says otherwise).
    pub name: &'static str,
    /// `locationName`: the name on the wire; equal to `name` where the model gives none.
    pub wire_name: &'static str,
    /// `queryName`: EC2's name in forms; SQS's name in forms and XML, where JSON has another.
    pub query_name: Option<&'static str>,
    /// Its shape.
    pub schema: &'static Schema,
    /// Where it travels.
    pub location: Location,
    /// The member must be there.
    pub required: bool,
    /// XML attribute rather than element.
    pub xml_attribute: bool,
    /// XML namespace declared on this element: (prefix, uri).
    pub xml_namespace: Option<(&'static str, &'static str)>,
    /// A format of this use of a timestamp.
    pub timestamp_format: Option<TimestampFormat>,
    /// Filled with a fresh UUID where the client left it out.
    pub idempotency_token: bool,
    /// Part of the host name (`hostLabel`).
    pub host_label: bool,
}

/// Where a member travels in HTTP-bound protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the body's document.
    Body,
    /// It is the body.
    Payload,
    /// A header named `wire_name`.
    Header,
    /// All headers that begin with `wire_name`.
    Headers,
    /// A query parameter named `wire_name`; a map is several.
    Query,
    /// A label of the path. In the query protocol, the path itself where the form does not say it (SQS's queue URL).
    Uri,
    /// The response's status.
    StatusCode,
}

/// How a moment is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampFormat {
    /// `2026-11-21T09:30:00Z`.
    Iso8601,
    /// Seconds, with a fraction where there is one.
    UnixTimestamp,
    /// `Sat, 21 Nov 2026 09:30:00 GMT`.
    Rfc822,
}

/// What a value must satisfy, checked once, after decoding.
#[derive(Debug, Clone, Copy)]
pub struct Constraints {
    /// Least length (characters, elements, bytes) or value.
    pub min: Option<i64>,
    /// Greatest length or value.
    pub max: Option<i64>,
    /// A regular expression that the whole text must match, as in the model.
    pub pattern: Option<&'static str>,
}

impl Constraints {
    /// No constraint.
    pub const NONE: Self = Self { min: None, max: None, pattern: None };
}

impl Schema {
    /// A member of a structure, by its name in the model.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members().iter().find(|member| member.name == name)
    }

    /// The body itself, streamed.
    #[must_use]
    pub const fn is_streaming(&self) -> bool {
        matches!(self.kind, Kind::Blob { streaming: true })
    }

    /// Neither a structure nor a list nor a map.
    #[must_use]
    pub const fn is_scalar(&self) -> bool {
        !matches!(self.kind, Kind::Structure { .. } | Kind::List { .. } | Kind::Map { .. })
    }
}
