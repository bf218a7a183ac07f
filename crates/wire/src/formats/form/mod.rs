//! Forms: `Member.1.Name=value` pairs, as the query protocol and EC2's dialect of it write structures.

mod pairs;
mod reader;
mod writer;

pub(crate) use pairs::Form;
pub(crate) use reader::FormReader;
pub(crate) use writer::FormWriter;

use crate::Member;
use std::borrow::Cow;

/// How names and lists are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// IAM, STS, SNS, CloudFormation …: `Tags.member.1.Key`. A query name goes before the name (SQS, whose names in JSON are others).
    Query,
    /// EC2: `TagSpecification.1.ResourceType`.
    Ec2,
}

impl Dialect {
    /// The name of a structure's member.
    pub(crate) fn name(self, member: &Member) -> Cow<'static, str> {
        match (self, member.query_name) {
            (Self::Ec2, Some(name)) => Cow::Borrowed(name),
            (Self::Ec2, None) => capitalized(member.wire_name),
            (Self::Query, name) => Cow::Borrowed(name.unwrap_or(member.wire_name)),
        }
    }

    /// The name of a map's key or value.
    pub(crate) fn name_in_entry(self, member: &Member) -> &'static str {
        member.query_name.filter(|_| self == Self::Query).unwrap_or(member.wire_name)
    }
}

fn capitalized(name: &'static str) -> Cow<'static, str> {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() => Cow::Owned(first.to_uppercase().chain(letters).collect()),
        _ => Cow::Borrowed(name),
    }
}
