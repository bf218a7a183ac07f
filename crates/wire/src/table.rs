//! Short constructors with which generated tables are written.

use crate::{Constraints, Kind, Location, Member, Schema, TimestampFormat};

impl Schema {
    /// A shape of a kind, without constraints.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, constraints: Constraints::NONE, sensitive: false }
    }

    /// Free text.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self::new(name, Kind::String { values: &[], json: false })
    }

    /// Text that is one of `values`.
    #[must_use]
    pub const fn choice(name: &'static str, values: &'static [&'static str]) -> Self {
        Self::new(name, Kind::String { values, json: false })
    }

    /// Adds a least length (characters, elements, bytes) or value.
    #[must_use]
    pub const fn min(mut self, min: i64) -> Self {
        self.constraints.min = Some(min);
        self
    }

    /// Adds a greatest length or value.
    #[must_use]
    pub const fn max(mut self, max: i64) -> Self {
        self.constraints.max = Some(max);
        self
    }

    /// Adds a regular expression that the whole text must match.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.constraints.pattern = Some(pattern);
        self
    }

    /// Marks its values as secret.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// A structure's members; none for other kinds.
    #[must_use]
    pub const fn members(&self) -> &'static [Member] {
        match self.kind {
            Kind::Structure { members, .. } => members,
            _ => &[],
        }
    }
}

impl Member {
    /// A member of the body, optional, with its names in the model and on the wire.
    #[must_use]
    pub const fn new(name: &'static str, wire_name: &'static str, schema: &'static Schema) -> Self {
        Self {
            name,
            wire_name,
            query_name: None,
            schema,
            location: Location::Body,
            required: false,
            xml_attribute: false,
            xml_namespace: None,
            timestamp_format: None,
            idempotency_token: false,
            host_label: false,
        }
    }

    /// Must be there.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Travels elsewhere than in the body's document.
    #[must_use]
    pub const fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// Sets EC2's `queryName`.
    #[must_use]
    pub const fn query(mut self, name: &'static str) -> Self {
        self.query_name = Some(name);
        self
    }

    /// Is an XML attribute.
    #[must_use]
    pub const fn attribute(mut self) -> Self {
        self.xml_attribute = true;
        self
    }

    /// Declares an XML namespace; an empty prefix is the default namespace.
    #[must_use]
    pub const fn namespace(mut self, prefix: &'static str, uri: &'static str) -> Self {
        self.xml_namespace = Some((prefix, uri));
        self
    }

    /// Prints this use of a timestamp so.
    #[must_use]
    pub const fn format(mut self, format: TimestampFormat) -> Self {
        self.timestamp_format = Some(format);
        self
    }

    /// Is filled with a fresh UUID where the client left it out.
    #[must_use]
    pub const fn token(mut self) -> Self {
        self.idempotency_token = true;
        self
    }

    /// Is a part of the host name.
    #[must_use]
    pub const fn label(mut self) -> Self {
        self.host_label = true;
        self
    }
}
