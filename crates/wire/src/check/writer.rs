use super::Violation;
use super::findings::{Findings, Frame};
use crate::{Body, Document, Member, Schema, Shape, ShapeError, Writer};
use bytes::Bytes;
use names::Timestamp;

/// Checks a value that was built in the process. What is absent though required cannot be seen here: a required member has a type without absence.
#[must_use]
pub fn check<S: Shape>(value: &S, schema: &'static Schema) -> Vec<Violation> {
    check_written(&|writer| value.write(schema, writer))
}

/// As [`check`], for values whose type is known to `write` only.
pub(crate) fn check_written(write: crate::Write<'_>) -> Vec<Violation> {
    let mut writer = CheckWriter { findings: Findings::default(), maps: Vec::new() };
    // The checking writer itself never fails, and shapes fail only with their writer.
    let _ = write(&mut writer);
    writer.findings.violations
}

struct CheckWriter {
    findings: Findings,
    /// The maps that are open.
    maps: Vec<Frame>,
}

impl Writer for CheckWriter {
    fn boolean(&mut self, _: &'static Schema, value: bool) -> Result<(), ShapeError> {
        self.findings.echo(format_args!("{value}"));
        Ok(())
    }

    fn integer(&mut self, schema: &'static Schema, value: i64) -> Result<(), ShapeError> {
        self.findings.integer(schema, value);
        Ok(())
    }

    fn double(&mut self, schema: &'static Schema, value: f64) -> Result<(), ShapeError> {
        self.findings.double(schema, value);
        Ok(())
    }

    fn string(&mut self, schema: &'static Schema, value: &str) -> Result<(), ShapeError> {
        self.findings.string(schema, value);
        Ok(())
    }

    fn blob(&mut self, schema: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        self.findings.blob(schema, value.len());
        Ok(())
    }

    fn body(&mut self, _: &'static Schema, _: &Body) -> Result<(), ShapeError> {
        Ok(())
    }

    fn timestamp(&mut self, _: &'static Schema, _: Timestamp) -> Result<(), ShapeError> {
        Ok(())
    }

    fn document(&mut self, _: &'static Schema, _: &Document) -> Result<(), ShapeError> {
        Ok(())
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.findings.echo(format_args!("{}", schema.name));
        members(self)
    }

    fn member(
        &mut self,
        member: &'static Member,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let place = self.findings.enter(member);
        value(self)?;
        self.findings.leave(place);
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let mut frame = self.findings.open(schema);
        for index in 0..length {
            let at = self.findings.begin(&mut frame, None);
            element(index, self)?;
            self.findings.end(&mut frame, at);
        }
        self.findings.close(schema, frame);
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        _: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let frame = self.findings.open(schema);
        self.maps.push(frame);
        entries(self)?;
        if let Some(frame) = self.maps.pop() {
            self.findings.close(schema, frame);
        }
        Ok(())
    }

    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Some(mut frame) = self.maps.pop() else { return value(self) };
        let at = self.findings.begin(&mut frame, Some(key));
        value(self)?;
        self.findings.end(&mut frame, at);
        self.maps.push(frame);
        Ok(())
    }
}
