//! [`Shape`] for what generated shapes are made of: scalars, `Option`, `Box`, lists and maps.

use crate::{Body, Document, Kind, Member, Reader, Schema, Shape, ShapeError, Writer};
use bytes::Bytes;
use names::Timestamp;
use std::collections::BTreeMap;

/// Writes the member at `index` of a structure's table, where it is present. Generated code calls it through [`shape!`](crate::shape).
///
/// # Errors
/// As [`Shape::write`]; also where table and code disagree, which the generator rules out.
pub fn put<T: Shape>(
    schema: &'static Schema,
    index: usize,
    value: &T,
    writer: &mut dyn Writer,
) -> Result<(), ShapeError> {
    if !value.present() {
        return Ok(());
    }
    let Some(member) = schema.members().get(index) else {
        return Err(mismatch(schema, "a structure with more members"));
    };
    writer.member(member, &mut |writer| value.write(member.schema, writer))
}

/// Reads a member. Generated code calls it through [`shape!`](crate::shape).
///
/// # Errors
/// As [`Shape::read`].
pub fn get<T: Shape>(member: &'static Member, reader: &mut dyn Reader) -> Result<T, ShapeError> {
    T::read(member.schema, reader)
}

/// A table that does not fit the type that is walked: a bug of the generator or of whoever passed the table.
fn mismatch(schema: &'static Schema, expected: &str) -> ShapeError {
    ShapeError {
        code: "InternalFailure",
        message: format!("The table of {} is not that of {expected}", schema.name),
    }
}

/// A number that does not fit; codecs know the schema and refuse it earlier, in their own words.
fn out_of_range(schema: &'static Schema, value: i64) -> ShapeError {
    ShapeError {
        code: "SerializationException",
        message: format!("{value} is out of range for {}, a 32-bit integer", schema.name),
    }
}

macro_rules! scalar {
    ($type:ty, $method:ident, |$value:ident| $write:expr, |$schema:ident, $got:ident| $read:expr) => {
        impl Shape for $type {
            fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError> {
                let $value = self;
                writer.$method(schema, $write)
            }

            fn read($schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError> {
                let $got = reader.$method($schema)?;
                $read
            }
        }
    };
}

scalar!(bool, boolean, |value| *value, |schema, got| Ok(got));
scalar!(i32, integer, |value| i64::from(*value), |schema, got| {
    Self::try_from(got).map_err(|_| out_of_range(schema, got))
});
scalar!(i64, integer, |value| *value, |schema, got| Ok(got));
scalar!(f32, double, |value| f64::from(*value), |schema, got| {
    #[expect(clippy::cast_possible_truncation, reason = "the model says that this number is a 32-bit float")]
    Ok(got as Self)
});
scalar!(f64, double, |value| *value, |schema, got| Ok(got));
scalar!(String, string, |value| value, |schema, got| Ok(got));
scalar!(Bytes, blob, |value| value, |schema, got| Ok(got));
scalar!(Body, body, |value| value, |schema, got| Ok(got));
scalar!(Timestamp, timestamp, |value| *value, |schema, got| Ok(got));
scalar!(Document, document, |value| value, |schema, got| Ok(got));

impl<T: Shape> Shape for Option<T> {
    fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        self.as_ref().map_or(Ok(()), |value| value.write(schema, writer))
    }

    fn read(schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError> {
        T::read(schema, reader).map(Some)
    }

    fn present(&self) -> bool {
        self.is_some()
    }
}

impl<T: Shape> Shape for Box<T> {
    fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        (**self).write(schema, writer)
    }

    fn read(schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError> {
        T::read(schema, reader).map(Self::new)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        let Kind::List { member, .. } = schema.kind else {
            return Err(mismatch(schema, "a list"));
        };
        writer.list(schema, self.len(), &mut |index, writer| {
            self.get(index).map_or(Ok(()), |element| element.write(member.schema, writer))
        })
    }

    fn read(schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError> {
        let Kind::List { member, .. } = schema.kind else {
            return Err(mismatch(schema, "a list"));
        };
        let mut elements = Self::new();
        reader.list(schema, &mut |reader| {
            elements.push(T::read(member.schema, reader)?);
            Ok(())
        })?;
        Ok(elements)
    }
}

impl<T: Shape> Shape for BTreeMap<String, T> {
    fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        let Kind::Map { value: member, .. } = schema.kind else {
            return Err(mismatch(schema, "a map"));
        };
        writer.map(schema, self.len(), &mut |writer| {
            for (key, value) in self {
                writer.entry(key, &mut |writer| value.write(member.schema, writer))?;
            }
            Ok(())
        })
    }

    fn read(schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError> {
        let Kind::Map { value: member, .. } = schema.kind else {
            return Err(mismatch(schema, "a map"));
        };
        let mut entries = Self::new();
        reader.map(schema, &mut |key, reader| {
            entries.insert(key, T::read(member.schema, reader)?);
            Ok(())
        })?;
        Ok(entries)
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros write what API crates export")]
mod tests {
    use super::*;
    use crate::formats::json::{Cursor, JsonReader, JsonWriter};

    crate::string_enum! {
        /// `Colour`
        pub enum Colour { Red = "red", DarkRed = "dark-red" }
    }

    #[derive(Clone, Default, PartialEq)]
    struct Thing {
        name: String,
        colour: Option<Colour>,
        count: Option<i32>,
        parent: Option<Box<Thing>>,
        children: Option<Vec<Thing>>,
        labels: Option<BTreeMap<String, i64>>,
    }

    crate::shape!(Thing, THING, 0 name, 1 colour, 2 count, 3 parent, 4 children, 5 labels);

    static TEXT: Schema = Schema::text("Text");
    static COLOUR: Schema = Schema::choice("Colour", Colour::VALUES);
    static COUNT: Schema = Schema::new("Count", Kind::Integer);
    static LONG: Schema = Schema::new("Long", Kind::Long);
    static THINGS: Schema = Schema {
        kind: Kind::List { member: &Member::new("member", "member", &THING), flattened: false },
        ..Schema::text("Things")
    };
    static LABELS: Schema = Schema {
        kind: Kind::Map {
            key: &Member::new("key", "key", &TEXT),
            value: &Member::new("value", "value", &LONG),
            flattened: false,
        },
        ..Schema::text("Labels")
    };
    static THING: Schema = Schema {
        kind: Kind::Structure {
            members: &[
                Member::new("Name", "Name", &TEXT).required(),
                Member::new("Colour", "Colour", &COLOUR),
                Member::new("Count", "Count", &COUNT),
                Member::new("Parent", "Parent", &THING),
                Member::new("Children", "Children", &THINGS),
                Member::new("Labels", "Labels", &LABELS),
            ],
            union: false,
        },
        ..Schema::text("Thing")
    };

    fn print(thing: &Thing) -> String {
        let mut out = Vec::new();
        thing.write(&THING, &mut JsonWriter::new(&mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn parse(text: &str) -> Result<Thing, ShapeError> {
        Thing::read(&THING, &mut JsonReader::new(&mut Cursor::new(text.as_bytes())))
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let thing = Thing {
            name: "a".to_owned(),
            colour: Some(Colour::DarkRed),
            count: Some(-3),
            parent: Some(Box::new(Thing { name: "b".to_owned(), ..Thing::default() })),
            children: Some(vec![Thing::default(), Thing { count: Some(1), ..Thing::default() }]),
            labels: Some(BTreeMap::from([("x".to_owned(), 1), ("y".to_owned(), i64::MAX)])),
        };
        let text = print(&thing);
        assert_eq!(
            text,
            r#"{"Name":"a","Colour":"dark-red","Count":-3,"Parent":{"Name":"b"},"Children":[{"Name":""},{"Name":"","Count":1}],"Labels":{"x":1,"y":9223372036854775807}}"#
        );
        assert!(parse(&text).unwrap() == thing);
    }

    #[test]
    fn absent_and_empty_differ() {
        let empty = Thing { children: Some(Vec::new()), labels: Some(BTreeMap::new()), ..Thing::default() };
        assert_eq!(print(&empty), r#"{"Name":"","Children":[],"Labels":{}}"#);
        assert!(parse(&print(&empty)).unwrap() == empty);
        assert!(parse(r#"{"Name":""}"#).unwrap() == Thing::default());
    }

    #[test]
    fn a_text_outside_an_enum_reads_as_the_first_value() {
        assert_eq!(parse(r#"{"Colour":"blue"}"#).unwrap().colour, Some(Colour::Red));
        assert_eq!("blue".parse::<Colour>(), Err(crate::UnknownValue));
    }

    #[test]
    fn a_number_that_does_not_fit_is_refused() {
        assert!(parse(r#"{"Count":2147483648}"#).is_err());
        assert_eq!(parse(r#"{"Count":2147483647}"#).unwrap().count, Some(i32::MAX));
    }

    #[test]
    fn a_table_of_another_kind_is_refused() {
        let error = vec![1_i64].write(&TEXT, &mut JsonWriter::new(&mut Vec::new())).unwrap_err();
        assert_eq!(error.message, "The table of Text is not that of a list");
        assert!(put(&TEXT, 0, &1_i64, &mut JsonWriter::new(&mut Vec::new())).is_err());
    }
}
