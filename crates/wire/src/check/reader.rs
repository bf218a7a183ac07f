use super::Rule;
use super::findings::Findings;
use crate::formats::text::TextReader;
use crate::{Body, Document, Kind, Location, Member, Reader, Schema, ShapeError};
use bytes::Bytes;
use names::Timestamp;

/// A reader that notes what violates the model, members that are absent among it, while the value is being read through it.
pub(crate) struct CheckedReader<'a> {
    inner: &'a mut dyn Reader,
    findings: &'a mut Findings,
    /// At the root: makes idempotency tokens.
    fresh: Option<&'a dyn Fn() -> String>,
}

impl<'a> CheckedReader<'a> {
    pub(crate) fn root(
        inner: &'a mut dyn Reader,
        findings: &'a mut Findings,
        fresh: &'a dyn Fn() -> String,
    ) -> Self {
        Self { inner, findings, fresh: Some(fresh) }
    }
}

/// What a structure has: up to 128 members without allocating.
struct Seen(u128, Vec<bool>);

impl Seen {
    fn new(members: usize) -> Self {
        Self(0, if members > 128 { vec![false; members] } else { Vec::new() })
    }

    fn mark(&mut self, index: usize) {
        match self.1.get_mut(index) {
            Some(slot) => *slot = true,
            None => self.0 |= 1_u128.checked_shl(u32::try_from(index).unwrap_or(u32::MAX)).unwrap_or(0),
        }
    }

    fn has(&self, index: usize) -> bool {
        self.1.get(index).copied().unwrap_or_else(|| {
            self.0.checked_shr(u32::try_from(index).unwrap_or(u32::MAX)).unwrap_or(0) & 1 == 1
        })
    }
}

impl Reader for CheckedReader<'_> {
    fn boolean(&mut self, schema: &'static Schema) -> Result<bool, ShapeError> {
        let value = self.inner.boolean(schema)?;
        self.findings.echo(format_args!("{value}"));
        Ok(value)
    }

    fn integer(&mut self, schema: &'static Schema) -> Result<i64, ShapeError> {
        let value = self.inner.integer(schema)?;
        self.findings.integer(schema, value);
        Ok(value)
    }

    fn double(&mut self, schema: &'static Schema) -> Result<f64, ShapeError> {
        let value = self.inner.double(schema)?;
        self.findings.double(schema, value);
        Ok(value)
    }

    fn string(&mut self, schema: &'static Schema) -> Result<String, ShapeError> {
        let value = self.inner.string(schema)?;
        self.findings.string(schema, &value);
        Ok(value)
    }

    fn blob(&mut self, schema: &'static Schema) -> Result<Bytes, ShapeError> {
        let value = self.inner.blob(schema)?;
        self.findings.blob(schema, value.len());
        Ok(value)
    }

    fn body(&mut self, schema: &'static Schema) -> Result<Body, ShapeError> {
        self.inner.body(schema)
    }

    fn timestamp(&mut self, schema: &'static Schema) -> Result<Timestamp, ShapeError> {
        self.inner.timestamp(schema)
    }

    fn document(&mut self, schema: &'static Schema) -> Result<Document, ShapeError> {
        self.inner.document(schema)
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let members = schema.members();
        let mut seen = Seen::new(members.len());
        let findings = &mut *self.findings;
        findings.echo(format_args!("{}", schema.name));
        self.inner.structure(schema, &mut |index, table, reader| {
            seen.mark(index);
            let place = findings.enter(table);
            member(index, table, &mut CheckedReader { inner: reader, findings, fresh: None })?;
            findings.leave(place);
            Ok(())
        })?;
        for (index, table) in members.iter().enumerate().filter(|(index, _)| !seen.has(*index)) {
            if let (true, Some(fresh)) = (table.idempotency_token, self.fresh) {
                member(
                    index,
                    table,
                    &mut TextReader::new(&fresh(), Location::Query, table.timestamp_format),
                )?;
            } else if table.required && !matches!(table.schema.kind, Kind::Blob { streaming: true }) {
                let place = findings.enter(table);
                findings.report(table.schema, None, Rule::Missing);
                findings.leave(place);
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        element: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let findings = &mut *self.findings;
        let mut frame = findings.open(schema);
        self.inner.list(schema, &mut |reader| {
            let at = findings.begin(&mut frame, None);
            element(&mut CheckedReader { inner: reader, findings, fresh: None })?;
            findings.end(&mut frame, at);
            Ok(())
        })?;
        findings.close(schema, frame);
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        entry: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let findings = &mut *self.findings;
        let mut frame = findings.open(schema);
        self.inner.map(schema, &mut |name, reader| {
            let at = findings.begin(&mut frame, Some(&name));
            entry(name, &mut CheckedReader { inner: reader, findings, fresh: None })?;
            findings.end(&mut frame, at);
            Ok(())
        })?;
        findings.close(schema, frame);
        Ok(())
    }
}
