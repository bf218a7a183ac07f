use crate::ShapeError;
use crate::formats::percent;
use std::borrow::Cow;
use std::cell::Cell;

/// A form, sorted by name, so that all names below a prefix stand together.
#[derive(Debug)]
pub(crate) struct Form<'a> {
    pairs: Vec<Pair<'a>>,
}

/// A name and its value.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: Cow<'a, str>,
    /// A shape has taken it.
    pub(crate) used: Cell<bool>,
}

impl<'a> Form<'a> {
    /// Parses the forms of a body and of a query string as one.
    pub(crate) fn parse(forms: [&'a [u8]; 2]) -> Result<Self, ShapeError> {
        let malformed = || ShapeError {
            code: "MalformedQueryString",
            message: "The query string contains a syntax error.".to_owned(),
        };
        let mut pairs = Vec::new();
        for form in forms {
            let text = std::str::from_utf8(form).map_err(|_| malformed())?.trim_ascii();
            for part in text.split('&').filter(|part| !part.is_empty()) {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                let name = percent::decode_form(name).ok_or_else(malformed)?;
                let value = percent::decode_form(value).ok_or_else(malformed)?;
                pairs.push(Pair { name, value, used: Cell::new(false) });
            }
        }
        pairs.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(Self { pairs })
    }

    /// Adds a parameter that the request gives otherwise (in its path), unless the form has it.
    pub(crate) fn supply(&mut self, name: &'a str, value: &'a str) {
        let at = self.pairs.partition_point(|pair| *pair.name < *name);
        if self.pairs.get(at).is_none_or(|pair| pair.name != name) {
            let pair = Pair { name: name.into(), value: value.into(), used: Cell::new(false) };
            self.pairs.insert(at, pair);
        }
    }

    pub(crate) fn pairs(&self) -> &[Pair<'a>] {
        &self.pairs
    }

    /// The first name that no shape has taken, of those that are not the protocol's own.
    pub(crate) fn unused(&self) -> Option<&str> {
        let own = |name: &str| {
            matches!(
                name,
                "Action"
                    | "Version"
                    | "AWSAccessKeyId"
                    | "Signature"
                    | "SignatureMethod"
                    | "SignatureVersion"
                    | "Timestamp"
                    | "Expires"
                    | "SecurityToken"
            ) || name.starts_with("X-Amz-")
        };
        self.pairs.iter().find(|pair| !pair.used.get() && !own(&pair.name)).map(|pair| &*pair.name)
    }
}
