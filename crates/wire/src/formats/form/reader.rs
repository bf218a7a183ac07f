use super::pairs::{Form, Pair};
use super::{Dialect, capitalized};
use crate::formats::text::TextReader;
use crate::{Body, Document, Kind, Location, Member, Reader, Schema, ShapeError};
use bytes::Bytes;
use names::Timestamp;

/// Reads what stands under a prefix. `pairs` all begin with it, `at` is its length.
pub(crate) struct FormReader<'f, 'a> {
    dialect: Dialect,
    pairs: &'f [Pair<'a>],
    at: usize,
}

impl<'f, 'a> FormReader<'f, 'a> {
    pub(crate) fn new(dialect: Dialect, form: &'f Form<'a>) -> Self {
        Self { dialect, pairs: form.pairs(), at: 0 }
    }

    /// The value of the prefix itself; of several the last.
    fn value(&self) -> Option<&'f Pair<'a>> {
        self.pairs.iter().take_while(|pair| pair.name.len() == self.at).last()
    }

    /// What stands under `name` below the prefix.
    fn below(&self, name: &str) -> Self {
        let dot = usize::from(self.at > 0);
        let start = self.pairs.partition_point(|pair| before(&pair.name, self.at, name));
        let rest = self.pairs.get(start..).unwrap_or_default();
        let end = rest.partition_point(|pair| {
            let below = pair.name.get(self.at + dot..).and_then(|tail| tail.strip_prefix(name));
            // `.` and `/` follow each other in ASCII, so the names that begin with `name.` end before `name/`.
            below.is_some_and(|more| more < "/")
        });
        let pairs = rest.get(..end).unwrap_or_default();
        Self { dialect: self.dialect, pairs, at: self.at + dot + name.len() }
    }

    /// Something stands here: the value itself, or names behind a dot.
    fn present(&self) -> bool {
        self.pairs
            .iter()
            .any(|pair| pair.name.len() == self.at || pair.name.as_bytes().get(self.at) == Some(&b'.'))
    }

    fn has_value(&self) -> bool {
        self.value().is_some()
    }

    /// What stands under the numbers below the prefix, in their order, whatever gaps there are.
    fn numbered(&self) -> Vec<(u32, Self)> {
        let mut found: Vec<(u32, usize, usize, usize)> = Vec::new();
        for (index, pair) in self.pairs.iter().enumerate() {
            let Some(tail) = pair.name.get(self.at..).and_then(|tail| tail.strip_prefix('.')) else {
                continue;
            };
            let digits = tail.split('.').next().unwrap_or_default();
            let Some(number) =
                digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
            else {
                continue;
            };
            match found.last_mut() {
                Some((last, _, end, length)) if *last == number && *length == digits.len() => {
                    *end = index + 1
                }
                _ => found.push((number, index, index + 1, digits.len())),
            }
        }
        found.sort_by_key(|(number, ..)| *number);
        let reader = |(number, start, end, length): (u32, usize, usize, usize)| {
            let pairs = self.pairs.get(start..end).unwrap_or_default();
            (number, Self { dialect: self.dialect, pairs, at: self.at + 1 + length })
        };
        found.into_iter().map(reader).collect()
    }

    /// The elements of a list: below the prefix itself, or one step down (`.member.1`).
    fn elements(&self, member: &Member, flattened: bool) -> Vec<(u32, Self)> {
        let direct = self.numbered();
        if !direct.is_empty() || self.dialect == Dialect::Ec2 || flattened {
            return direct;
        }
        let named = self.below(member.wire_name).numbered();
        if named.is_empty() && member.wire_name != "member" { self.below("member").numbered() } else { named }
    }

    /// Where a member of a structure stands.
    fn member(&self, member: &Member) -> Self {
        let found = self.below(&self.dialect.name(member));
        if self.dialect == Dialect::Ec2 && !found.present() && member.query_name.is_some() {
            // Old clients write the capitalized location name where newer models have a query name.
            let old = self.below(&capitalized(member.wire_name));
            if old.present() {
                return old;
            }
        }
        found
    }

    fn scalar<T>(
        &mut self,
        schema: &'static Schema,
        read: impl FnOnce(&mut TextReader<'_>) -> Result<T, ShapeError>,
    ) -> Result<T, ShapeError> {
        let Some(pair) = self.value() else { return Err(self.mismatch(schema)) };
        pair.used.set(true);
        let mut text = TextReader::new(&pair.value, Location::Query, None).blame("MalformedInput");
        read(&mut text).map_err(|error| match self.dialect {
            Dialect::Query => error,
            Dialect::Ec2 => ShapeError {
                code: "InvalidParameterValue",
                message: format!(
                    "Value ({}) for parameter {} is invalid. {}",
                    pair.value, pair.name, error.message
                ),
            },
        })
    }

    fn mismatch(&self, schema: &Schema) -> ShapeError {
        let name = self.pairs.first().and_then(|pair| pair.name.get(..self.at)).unwrap_or_default();
        let message = if schema.is_scalar() {
            "Start of structure or map found where not expected.".to_owned()
        } else {
            "Unexpected complex element termination".to_owned()
        };
        match self.dialect {
            Dialect::Query => ShapeError { code: "MalformedInput", message },
            Dialect::Ec2 => ShapeError {
                code: "UnknownParameter",
                message: format!("The parameter {name} is not recognized"),
            },
        }
    }

    /// Marks the prefix's own value (`Tags=`) as taken.
    fn take_value(&self) {
        if let Some(pair) = self.value() {
            pair.used.set(true);
        }
    }
}

/// A pair's name sorts before `name` below the prefix of length `at`.
fn before(pair: &str, at: usize, name: &str) -> bool {
    let tail = pair.get(at..).unwrap_or_default();
    match tail.strip_prefix('.') {
        _ if at == 0 => tail < name,
        Some(tail) => tail < name,
        None => tail < ".",
    }
}

impl Reader for FormReader<'_, '_> {
    fn boolean(&mut self, schema: &'static Schema) -> Result<bool, ShapeError> {
        self.scalar(schema, |text| text.boolean(schema))
    }

    fn integer(&mut self, schema: &'static Schema) -> Result<i64, ShapeError> {
        self.scalar(schema, |text| text.integer(schema))
    }

    fn double(&mut self, schema: &'static Schema) -> Result<f64, ShapeError> {
        self.scalar(schema, |text| text.double(schema))
    }

    fn string(&mut self, schema: &'static Schema) -> Result<String, ShapeError> {
        self.scalar(schema, |text| text.string(schema))
    }

    fn blob(&mut self, schema: &'static Schema) -> Result<Bytes, ShapeError> {
        self.scalar(schema, |text| text.blob(schema))
    }

    fn body(&mut self, schema: &'static Schema) -> Result<Body, ShapeError> {
        self.blob(schema).map(Body::from)
    }

    fn timestamp(&mut self, schema: &'static Schema) -> Result<Timestamp, ShapeError> {
        self.scalar(schema, |text| text.timestamp(schema))
    }

    fn document(&mut self, schema: &'static Schema) -> Result<Document, ShapeError> {
        self.scalar(schema, |text| text.document(schema))
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.take_value();
        for (index, table) in schema.members().iter().enumerate() {
            let mut found = self.member(table);
            if if table.schema.is_scalar() { found.has_value() } else { found.present() } {
                member(index, table, &mut found)?;
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        element: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Kind::List { member, flattened } = schema.kind else { return Err(self.mismatch(schema)) };
        if let Some(pair) = self.value() {
            // `Tags=` is the empty list.
            if !pair.value.is_empty() {
                return Err(self.mismatch(schema));
            }
            pair.used.set(true);
        }
        for (_, mut found) in self.elements(member, flattened) {
            if member.schema.is_scalar() && !found.has_value() {
                return Err(found.mismatch(member.schema));
            }
            element(&mut found)?;
        }
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        entry: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Kind::Map { key, value, flattened } = schema.kind else { return Err(self.mismatch(schema)) };
        self.take_value();
        let entries = if flattened { self.numbered() } else { self.below("entry").numbered() };
        for (_, found) in entries {
            let name = found.below(self.dialect.name_in_entry(key)).string(key.schema)?;
            let mut there = found.below(self.dialect.name_in_entry(value));
            if there.present() {
                entry(name, &mut there)?;
            }
        }
        Ok(())
    }
}
