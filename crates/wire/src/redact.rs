//! `Debug` of shapes: one writer for all, which tells that a secret is there and never what it is.

use crate::{Body, Document, Member, Schema, Shape, ShapeError, Writer};
use bytes::Bytes;
use names::Timestamp;
use std::fmt::{self, Formatter};

/// Prints a shape as derived `Debug` would, on one line, with `***` for what is sensitive and lengths for bytes.
///
/// # Errors
/// As the formatter's.
pub fn debug<T: Shape>(value: &T, schema: &'static Schema, f: &mut Formatter<'_>) -> fmt::Result {
    let mut writer = DebugWriter { f, first: true };
    value.write(schema, &mut writer).map_err(|_| fmt::Error)
}

struct DebugWriter<'a, 'b> {
    f: &'a mut Formatter<'b>,
    /// Nothing was written since the bracket.
    first: bool,
}

/// The formatter's failure, which [`debug`] turns back.
fn failed(_: fmt::Error) -> ShapeError {
    ShapeError { code: "InternalFailure", message: String::new() }
}

impl DebugWriter<'_, '_> {
    fn print(&mut self, schema: &Schema, value: fmt::Arguments<'_>) -> Result<(), ShapeError> {
        let written = if schema.sensitive { self.f.write_str("***") } else { self.f.write_fmt(value) };
        written.map_err(failed)
    }

    fn raw(&mut self, text: fmt::Arguments<'_>) -> Result<(), ShapeError> {
        self.f.write_fmt(text).map_err(failed)
    }

    fn separate(&mut self) -> Result<(), ShapeError> {
        if std::mem::take(&mut self.first) { Ok(()) } else { self.raw(format_args!(", ")) }
    }

    /// Writes what stands between brackets, unless it is sensitive.
    fn brackets(
        &mut self,
        schema: &Schema,
        open: &str,
        close: &str,
        inner: &mut dyn FnMut(&mut Self) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if schema.sensitive {
            return self.raw(format_args!("***"));
        }
        self.raw(format_args!("{open}"))?;
        self.first = true;
        inner(self)?;
        self.first = false;
        self.raw(format_args!("{close}"))
    }
}

impl Writer for DebugWriter<'_, '_> {
    fn boolean(&mut self, schema: &'static Schema, value: bool) -> Result<(), ShapeError> {
        self.print(schema, format_args!("{value}"))
    }

    fn integer(&mut self, schema: &'static Schema, value: i64) -> Result<(), ShapeError> {
        self.print(schema, format_args!("{value}"))
    }

    fn double(&mut self, schema: &'static Schema, value: f64) -> Result<(), ShapeError> {
        self.print(schema, format_args!("{value:?}"))
    }

    fn string(&mut self, schema: &'static Schema, value: &str) -> Result<(), ShapeError> {
        self.print(schema, format_args!("{value:?}"))
    }

    fn blob(&mut self, schema: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        self.print(schema, format_args!("<{} bytes>", value.len()))
    }

    fn body(&mut self, schema: &'static Schema, value: &Body) -> Result<(), ShapeError> {
        self.print(schema, format_args!("{value:?}"))
    }

    fn timestamp(&mut self, schema: &'static Schema, value: Timestamp) -> Result<(), ShapeError> {
        self.print(schema, format_args!("{value:?}"))
    }

    fn document(&mut self, schema: &'static Schema, value: &Document) -> Result<(), ShapeError> {
        self.print(schema, format_args!("{value}"))
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if !schema.sensitive {
            self.raw(format_args!("{} ", schema.name))?;
        }
        self.brackets(schema, "{ ", " }", &mut |writer| members(writer))
    }

    fn member(
        &mut self,
        member: &'static Member,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.separate()?;
        self.raw(format_args!("{}: ", member.name))?;
        if member.schema.sensitive {
            self.raw(format_args!("***"))?;
        } else {
            value(self)?;
        }
        self.first = false;
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.brackets(schema, "[", "]", &mut |writer| {
            (0..length).try_for_each(|index| {
                writer.separate()?;
                element(index, writer)
            })
        })
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        _: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.brackets(schema, "{", "}", &mut |writer| entries(writer))
    }

    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.separate()?;
        self.raw(format_args!("{key:?}: "))?;
        value(self)?;
        self.first = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Reader};
    use std::collections::BTreeMap;

    static TEXT: Schema = Schema::text("Text");
    static PASSWORD: Schema = Schema::text("Password").sensitive();
    static SECRETS_VALUE: Member = Member::new("value", "value", &PASSWORD);
    static KEY: Member = Member::new("key", "key", &TEXT);
    static SECRETS: Schema =
        Schema::new("Secrets", Kind::Map { key: &KEY, value: &SECRETS_VALUE, flattened: false });
    static WHOLE: Schema = Schema::new("Login", Kind::Structure { members: MEMBERS, union: false });
    static MEMBERS: &[Member] = &[
        Member::new("UserName", "UserName", &TEXT),
        Member::new("Password", "Password", &PASSWORD),
        Member::new("Variables", "Variables", &SECRETS),
    ];

    #[derive(Default)]
    struct Login(String, String, BTreeMap<String, String>);

    impl Shape for Login {
        fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError> {
            writer.structure(schema, &mut |writer| {
                crate::put(schema, 0, &self.0, writer)?;
                crate::put(schema, 1, &self.1, writer)?;
                crate::put(schema, 2, &self.2, writer)
            })
        }

        fn read(_: &'static Schema, _: &mut dyn Reader) -> Result<Self, ShapeError> {
            Ok(Self::default())
        }
    }

    impl fmt::Debug for Login {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            debug(self, &WHOLE, f)
        }
    }

    #[test]
    fn prints_everything_but_secrets() {
        let variables = [("TOKEN".to_owned(), "hunter2".to_owned()), ("X".to_owned(), "hunter3".to_owned())];
        let login = Login("Ann".into(), "hunter2".into(), variables.into());
        let printed = format!("{login:?}");
        assert_eq!(
            printed,
            r#"Login { UserName: "Ann", Password: ***, Variables: {"TOKEN": ***, "X": ***} }"#
        );
    }
}
