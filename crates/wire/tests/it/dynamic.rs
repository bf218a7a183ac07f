//! A value of any schema, so that the codecs can be driven by models that are read at run time.

use std::collections::BTreeMap;
use wire::{Body, Bytes, Document, Kind, Reader, Schema, Shape, ShapeError, Timestamp, Writer};

/// A value; which variants occur where, the schema says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Boolean(bool),
    Integer(i64),
    /// As text, so that `NaN` equals itself.
    Double(String),
    String(String),
    Blob(Bytes),
    Body(Body),
    Timestamp(Timestamp),
    Document(Document),
    List(Vec<Value>),
    Map(Entries),
    /// By index in the table.
    Structure(BTreeMap<usize, Value>),
}

/// A map that keeps the order in which it was built, for the sake of comparison with a vector's text; order does not tell maps apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entries(pub(crate) Vec<(String, Value)>);

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |entries: &Self| entries.0.iter().cloned().collect::<std::collections::HashMap<_, _>>();
        sorted(self) == sorted(other)
    }
}

fn double(value: f64, schema: &Schema) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "that is what a 32-bit float is")]
    let value = if matches!(schema.kind, Kind::Float) { f64::from(value as f32) } else { value };
    Value::Double(format!("{value:?}"))
}

impl Value {
    /// From a vector's parameters or result. Members that the schema lacks and nulls are left out.
    pub(crate) fn from_json(schema: &'static Schema, json: &serde_json::Value) -> Option<Self> {
        use serde_json::Value as Json;
        if json.is_null() && !matches!(schema.kind, Kind::Document) {
            return None;
        }
        Some(match schema.kind {
            Kind::Boolean => Self::Boolean(json.as_bool().unwrap()),
            Kind::Integer | Kind::Long => Self::Integer(json.as_i64().unwrap()),
            Kind::Float | Kind::Double => match json.as_str() {
                Some("NaN") => double(f64::NAN, schema),
                Some("Infinity") => double(f64::INFINITY, schema),
                Some("-Infinity") => double(f64::NEG_INFINITY, schema),
                _ => double(json.as_f64().unwrap(), schema),
            },
            Kind::String { .. } => match json {
                Json::String(text) => Self::String(text.clone()),
                other => Self::String(other.to_string()),
            },
            Kind::Blob { streaming: false } => Self::Blob(Bytes::from(json.as_str().unwrap().to_owned())),
            Kind::Blob { streaming: true } => {
                Self::Body(Body::from(Bytes::from(json.as_str().unwrap().to_owned())))
            }
            #[expect(clippy::cast_possible_truncation, reason = "vectors are of this era")]
            Kind::Timestamp { .. } => {
                Self::Timestamp(Timestamp::from_millis((json.as_f64().unwrap() * 1000.0).round() as i64))
            }
            Kind::Document => Self::Document(Document::parse(&json.to_string()).unwrap()),
            Kind::List { member, .. } => {
                let elements = json.as_array().unwrap().iter();
                Self::List(elements.filter_map(|element| Self::from_json(member.schema, element)).collect())
            }
            Kind::Map { value, .. } => {
                let entries = json.as_object().unwrap().iter();
                let entries = entries
                    .filter_map(|(key, json)| Some((key.clone(), Self::from_json(value.schema, json)?)));
                Self::Map(Entries(entries.collect()))
            }
            Kind::Structure { members, .. } => {
                let object = json.as_object().unwrap();
                let member = |(index, member): (usize, &'static wire::Member)| {
                    Some((index, Self::from_json(member.schema, object.get(member.name)?)?))
                };
                Self::Structure(members.iter().enumerate().filter_map(member).collect())
            }
        })
    }
}

impl Shape for Value {
    fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        match (self, &schema.kind) {
            (Self::Boolean(value), _) => writer.boolean(schema, *value),
            (Self::Integer(value), _) => writer.integer(schema, *value),
            (Self::Double(value), _) => writer.double(schema, value.parse().unwrap()),
            (Self::String(value), _) => writer.string(schema, value),
            (Self::Blob(value), _) => writer.blob(schema, value),
            (Self::Body(value), _) => writer.body(schema, value),
            (Self::Timestamp(value), _) => writer.timestamp(schema, *value),
            (Self::Document(value), _) => writer.document(schema, value),
            (Self::List(elements), Kind::List { member, .. }) => {
                writer.list(schema, elements.len(), &mut |index, writer| {
                    elements[index].write(member.schema, writer)
                })
            }
            (Self::Map(entries), Kind::Map { value, .. }) => {
                writer.map(schema, entries.0.len(), &mut |writer| {
                    entries.0.iter().try_for_each(|(key, entry)| {
                        writer.entry(key, &mut |writer| entry.write(value.schema, writer))
                    })
                })
            }
            (Self::Structure(values), Kind::Structure { members, .. }) => {
                writer.structure(schema, &mut |writer| {
                    values.iter().try_for_each(|(index, value)| {
                        let member = &members[*index];
                        writer.member(member, &mut |writer| value.write(member.schema, writer))
                    })
                })
            }
            (value, kind) => panic!("{value:?} is no {kind:?}"),
        }
    }

    fn read(schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError> {
        Ok(match schema.kind {
            Kind::Boolean => Self::Boolean(reader.boolean(schema)?),
            Kind::Integer | Kind::Long => Self::Integer(reader.integer(schema)?),
            Kind::Float | Kind::Double => double(reader.double(schema)?, schema),
            Kind::String { .. } => Self::String(reader.string(schema)?),
            Kind::Blob { streaming: false } => Self::Blob(reader.blob(schema)?),
            Kind::Blob { streaming: true } => Self::Body(reader.body(schema)?),
            Kind::Timestamp { .. } => Self::Timestamp(reader.timestamp(schema)?),
            Kind::Document => Self::Document(reader.document(schema)?),
            Kind::List { member, .. } => {
                let mut elements = Vec::new();
                reader.list(schema, &mut |reader| {
                    elements.push(Self::read(member.schema, reader)?);
                    Ok(())
                })?;
                Self::List(elements)
            }
            Kind::Map { value, .. } => {
                let mut entries = Vec::new();
                reader.map(schema, &mut |key, reader| {
                    entries.push((key, Self::read(value.schema, reader)?));
                    Ok(())
                })?;
                Self::Map(Entries(entries))
            }
            Kind::Structure { .. } => {
                let mut values = BTreeMap::new();
                reader.structure(schema, &mut |index, member, reader| {
                    values.insert(index, Self::read(member.schema, reader)?);
                    Ok(())
                })?;
                Self::Structure(values)
            }
        })
    }
}
