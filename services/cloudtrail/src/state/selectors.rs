//! Event selectors: of which calls a trail tells.

use crate::event::{arns, event_name, event_source, parsed};
use pipeline::CallRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use wire::{Document, document};

/// Of one kind, never of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Selectors {
    Basic(Vec<Basic>),
    Advanced(Vec<Advanced>),
}

/// A basic event selector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Basic {
    /// `All`, `ReadOnly` or `WriteOnly`.
    pub(crate) read_write: String,
    pub(crate) management: bool,
    pub(crate) data: Vec<Data>,
    /// `kms.amazonaws.com`, `rdsdata.amazonaws.com`.
    pub(crate) excluded: Vec<String>,
}

/// Data events of one type of resource, of those whose ARNs begin so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Data {
    pub(crate) resource_type: String,
    pub(crate) values: Vec<String>,
}

/// An advanced event selector: all its fields must fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Advanced {
    pub(crate) name: Option<String>,
    pub(crate) fields: Vec<Field>,
}

/// One field: any of the first three lists fits, and none of the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Field {
    pub(crate) field: String,
    pub(crate) equals: Option<Vec<String>>,
    pub(crate) starts_with: Option<Vec<String>>,
    pub(crate) ends_with: Option<Vec<String>>,
    pub(crate) not_equals: Option<Vec<String>>,
    pub(crate) not_starts_with: Option<Vec<String>>,
    pub(crate) not_ends_with: Option<Vec<String>>,
}

/// The types whose data events are recorded, and the services whose calls they are.
const DATA: &[(&str, &str)] =
    &[("AWS::DynamoDB::Table", "dynamodb"), ("AWS::Lambda::Function", "lambda"), ("AWS::S3::Object", "s3")];

impl Default for Selectors {
    fn default() -> Self {
        Self::Basic(vec![Basic {
            read_write: "All".into(),
            management: true,
            data: Vec::new(),
            excluded: Vec::new(),
        }])
    }
}

impl Selectors {
    /// What GetEventSelectors calls them.
    pub(crate) fn member(&self) -> &'static str {
        match self {
            Self::Basic(_) => "EventSelectors",
            Self::Advanced(_) => "AdvancedEventSelectors",
        }
    }

    /// As AWS Config has them.
    pub(crate) fn described(&self) -> Document {
        let texts = |list: &[String]| list.iter().map(String::as_str).collect::<Document>();
        let all: Vec<Document> = match self {
            Self::Basic(all) => all
                .iter()
                .map(|it| {
                    let data = it.data.iter().map(|data| {
                        document!({ "type": (data.resource_type.as_str()), "values": (texts(&data.values)) })
                    });
                    document!({
                        "readWriteType": (it.read_write.as_str()),
                        "includeManagementEvents": (it.management),
                        "dataResources": (Document::Array(data.collect())),
                        "excludeManagementEventSources": (texts(&it.excluded))
                    })
                })
                .collect(),
            Self::Advanced(all) => all
                .iter()
                .map(|it| {
                    let fields = it.fields.iter().map(|field| {
                        let mut told = document!({ "field": (field.field.as_str()) });
                        for (name, list) in [
                            ("equals", &field.equals),
                            ("startsWith", &field.starts_with),
                            ("endsWith", &field.ends_with),
                            ("notEquals", &field.not_equals),
                            ("notStartsWith", &field.not_starts_with),
                            ("notEndsWith", &field.not_ends_with),
                        ] {
                            if let Some(list) = list {
                                told.set(name, texts(list));
                            }
                        }
                        told
                    });
                    document!({
                        "name": (it.name.as_deref()),
                        "fieldSelectors": (Document::Array(fields.collect()))
                    })
                })
                .collect(),
        };
        Document::Array(all)
    }

    /// The types whose data events can be selected.
    pub(crate) fn data_types() -> impl Iterator<Item = &'static str> {
        DATA.iter().map(|(resource_type, _)| *resource_type)
    }

    /// Others than a trail begins with.
    pub(crate) fn are_custom(&self) -> bool {
        *self != Self::default()
    }

    /// The services whose data-plane calls are wanted.
    pub(crate) fn data_services(&self) -> BTreeSet<&'static str> {
        let types: BTreeSet<&str> = match self {
            Self::Basic(all) => {
                all.iter().flat_map(|it| &it.data).map(|it| it.resource_type.as_str()).collect()
            }
            Self::Advanced(all) => all
                .iter()
                .flat_map(|it| &it.fields)
                .filter(|field| field.field == "resources.type")
                .flat_map(|field| field.equals.iter().flatten())
                .map(String::as_str)
                .collect(),
        };
        DATA.iter().filter(|(of, _)| types.contains(of)).map(|(_, service)| *service).collect()
    }

    /// A call is among those that are wanted.
    pub(crate) fn select(&self, record: &CallRecord) -> bool {
        match self {
            Self::Basic(all) => all.iter().any(|selector| selector.selects(record)),
            Self::Advanced(all) => all.iter().any(|selector| selector.selects(record)),
        }
    }
}

/// The resource of a data event: its type and ARN.
fn resources(record: &CallRecord) -> Vec<(&'static str, String)> {
    let mut arns = arns(record, parsed(record.parameters.as_deref()).as_ref());
    arns.retain(|(resource_type, _)| DATA.iter().any(|(of, _)| of == resource_type));
    arns
}

impl Basic {
    fn selects(&self, record: &CallRecord) -> bool {
        let reads = record.is_read_only();
        match self.read_write.as_str() {
            "ReadOnly" if !reads => return false,
            "WriteOnly" if reads => return false,
            _ => {}
        }
        if !record.data {
            return self.management && !self.excluded.contains(&event_source(&record.service));
        }
        let found = resources(record);
        self.data.iter().any(|data| {
            found.iter().any(|(resource_type, arn)| {
                *resource_type == data.resource_type
                    && data.values.iter().any(|value| match *resource_type {
                        // A bucket, a prefix in it, or all.
                        "AWS::S3::Object" => arn.starts_with(value.as_str()),
                        _ => arn == value || value == "arn:aws:lambda" || value == "arn:aws:dynamodb",
                    })
            })
        })
    }
}

impl Advanced {
    fn selects(&self, record: &CallRecord) -> bool {
        self.fields.iter().all(|field| field.fits(record))
    }
}

impl Field {
    fn fits(&self, record: &CallRecord) -> bool {
        let values: Vec<String> = match self.field.as_str() {
            "eventCategory" => vec![if record.data { "Data" } else { "Management" }.into()],
            "readOnly" => vec![record.is_read_only().to_string()],
            "eventSource" => vec![event_source(&record.service)],
            "eventName" => vec![event_name(&record.service, &record.operation).to_owned()],
            "eventType" => vec!["AwsApiCall".into()],
            "sessionCredentialFromConsole" => vec!["false".into()],
            "userIdentity.arn" => vec![record.caller.arn()],
            "resources.type" => resources(record).into_iter().map(|(of, _)| of.to_owned()).collect(),
            "resources.ARN" => resources(record).into_iter().map(|(_, arn)| arn).collect(),
            // What no selector may name is never among them.
            _ => return false,
        };
        let any = |list: &Option<Vec<String>>, fits: fn(&str, &str) -> bool| {
            list.as_ref().map(|list| list.iter().any(|wanted| values.iter().any(|value| fits(value, wanted))))
        };
        let equal = |value: &str, wanted: &str| value == wanted;
        let starts = |value: &str, wanted: &str| value.starts_with(wanted);
        let ends = |value: &str, wanted: &str| value.ends_with(wanted);
        let wanted = [any(&self.equals, equal), any(&self.starts_with, starts), any(&self.ends_with, ends)];
        let unwanted = [
            any(&self.not_equals, equal),
            any(&self.not_starts_with, starts),
            any(&self.not_ends_with, ends),
        ];
        let asked = wanted.iter().any(Option::is_some);
        (!asked || wanted.contains(&Some(true))) && !unwanted.contains(&Some(true))
    }
}

impl Field {
    /// How many values it names.
    pub(crate) fn conditions(&self) -> usize {
        let lists = [
            &self.equals,
            &self.starts_with,
            &self.ends_with,
            &self.not_equals,
            &self.not_starts_with,
            &self.not_ends_with,
        ];
        lists.into_iter().flatten().map(Vec::len).sum()
    }
}
