//! Event selectors.

use crate::CloudTrail;
use crate::reference::{find, find_at_home, on_trail};
use crate::state::{Advanced, Basic, Data, Field, Selectors, record_data};
use api_cloudtrail::{
    AdvancedEventSelector, AdvancedFieldSelector, DataResource, Error, EventSelector, GetEventSelectors,
    GetEventSelectorsOutput, InvalidEventSelectorsException, PutEventSelectors, PutEventSelectorsOutput,
    ReadWriteType,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// Sources of management events that may be left out.
const EXCLUDABLE: &[&str] = &["kms.amazonaws.com", "rdsdata.amazonaws.com"];
/// Fields of advanced selectors, and those that management events may be selected by.
const FIELDS: &[(&str, bool)] = &[
    ("eventCategory", true),
    ("eventName", false),
    ("eventSource", true),
    ("eventType", true),
    ("readOnly", true),
    ("resources.ARN", false),
    ("resources.type", false),
    ("sessionCredentialFromConsole", true),
    ("userIdentity.arn", true),
];

fn invalid(message: impl Into<String>) -> Error {
    InvalidEventSelectorsException::new(message).into()
}

impl Transact<PutEventSelectors> for CloudTrail {
    fn access(input: &PutEventSelectors, call: &Call, view: &View) -> Access {
        on_trail("PutEventSelectors", &input.trail_name, call, view)
    }

    fn run(input: PutEventSelectors, call: &Call, tx: &mut Tx) -> Result<PutEventSelectorsOutput, Error> {
        let mut trail = find_at_home(&input.trail_name, tx, call)?;
        let basic = input.event_selectors.filter(|selectors| !selectors.is_empty());
        let advanced = input.advanced_event_selectors.filter(|selectors| !selectors.is_empty());
        trail.selectors = match (basic, advanced) {
            (Some(basic), None) => read_basic(basic)?,
            (None, Some(advanced)) => read_advanced(advanced)?,
            (Some(_), Some(_)) => {
                return Err(invalid(
                    "You can use either EventSelectors or AdvancedEventSelectors, but not both.",
                ));
            }
            (None, None) => return Err(invalid("Specify EventSelectors or AdvancedEventSelectors.")),
        };
        tx.put(trail.clone())?;
        record_data(tx, call.account)?;
        let (event_selectors, advanced_event_selectors) = told(&trail.selectors);
        let trail_arn = Some(trail.arn().to_string());
        Ok(PutEventSelectorsOutput { trail_arn, event_selectors, advanced_event_selectors })
    }
}

impl Transact<GetEventSelectors> for CloudTrail {
    fn access(input: &GetEventSelectors, call: &Call, view: &View) -> Access {
        on_trail("GetEventSelectors", &input.trail_name, call, view)
    }

    fn run(input: GetEventSelectors, call: &Call, tx: &mut Tx) -> Result<GetEventSelectorsOutput, Error> {
        let trail = find(&input.trail_name, tx, call)?;
        let (event_selectors, advanced_event_selectors) = told(&trail.selectors);
        let trail_arn = Some(trail.arn().to_string());
        Ok(GetEventSelectorsOutput { trail_arn, event_selectors, advanced_event_selectors })
    }
}

fn unsupported(resource_type: &str) -> Error {
    let known: Vec<&str> = Selectors::data_types().collect();
    invalid(format!(
        "The data resource type {resource_type} is not built in Cloudchamber. Built are: {}.",
        known.join(", ")
    ))
}

fn read_basic(asked: Vec<EventSelector>) -> Result<Selectors, Error> {
    if asked.len() > 5 {
        return Err(invalid("A trail has at most 5 event selectors."));
    }
    let mut resources = 0;
    let mut read = Vec::new();
    for selector in asked {
        let excluded = selector.exclude_management_event_sources.unwrap_or_default();
        if let Some(stranger) = excluded.iter().find(|source| !EXCLUDABLE.contains(&source.as_str())) {
            return Err(invalid(format!(
                "Value {stranger} for ExcludeManagementEventSources is invalid. Valid values: {}.",
                EXCLUDABLE.join(", ")
            )));
        }
        let management = selector.include_management_events.unwrap_or(true);
        if !management && !excluded.is_empty() {
            return Err(invalid("ExcludeManagementEventSources needs IncludeManagementEvents."));
        }
        let mut data = Vec::new();
        for resource in selector.data_resources.unwrap_or_default() {
            let resource_type = resource.r#type.unwrap_or_default();
            if !Selectors::data_types().any(|known| known == resource_type) {
                return Err(unsupported(&resource_type));
            }
            let values = resource.values.unwrap_or_default();
            for value in &values {
                check_value(&resource_type, value)?;
            }
            resources += values.len();
            data.push(Data { resource_type, values });
        }
        let read_write = selector.read_write_type.unwrap_or(ReadWriteType::All);
        read.push(Basic { read_write: read_write.as_str().to_owned(), management, data, excluded });
    }
    if resources > 250 {
        return Err(invalid("A trail has at most 250 data resources in all its event selectors."));
    }
    Ok(Selectors::Basic(read))
}

/// `arn:aws:s3` or a bucket's ARN with a slash and a prefix; a function's or table's ARN, or all of them.
fn check_value(resource_type: &str, value: &str) -> Result<(), Error> {
    let fits = match resource_type {
        "AWS::S3::Object" => {
            matches!(value, "arn:aws:s3" | "arn:aws:s3:::")
                || value
                    .strip_prefix("arn:aws:s3:::")
                    .is_some_and(|rest| rest.find('/').is_some_and(|at| at > 0))
        }
        "AWS::Lambda::Function" => value == "arn:aws:lambda" || value.starts_with("arn:aws:lambda:"),
        _ => value == "arn:aws:dynamodb" || value.starts_with("arn:aws:dynamodb:"),
    };
    if fits { Ok(()) } else { Err(invalid(format!("Value {value} for DataResources.Values is invalid."))) }
}

fn read_advanced(asked: Vec<AdvancedEventSelector>) -> Result<Selectors, Error> {
    let mut read = Vec::new();
    let mut conditions = 0;
    for selector in asked {
        let fields: Vec<Field> = selector.field_selectors.into_iter().map(read_field).collect();
        conditions += fields.iter().map(Field::conditions).sum::<usize>();
        check_fields(&fields)?;
        read.push(Advanced { name: selector.name, fields });
    }
    if conditions > 500 {
        return Err(invalid("A trail has at most 500 conditions in all its advanced event selectors."));
    }
    Ok(Selectors::Advanced(read))
}

fn check_fields(fields: &[Field]) -> Result<(), Error> {
    let only = |name: &str| {
        let field = fields.iter().find(|field| field.field == name);
        field
            .and_then(|field| field.equals.clone())
            .filter(|values| values.len() == 1)
            .and_then(|mut it| it.pop())
    };
    let management = match only("eventCategory").as_deref() {
        Some("Management") => true,
        Some("Data") => false,
        Some("NetworkActivity") => {
            return Err(invalid("eventCategory NetworkActivity is not built in Cloudchamber."));
        }
        _ => {
            return Err(invalid(
                "Each advanced event selector needs eventCategory with one value of Equals.",
            ));
        }
    };
    for (index, field) in fields.iter().enumerate() {
        let name = &field.field;
        match FIELDS.iter().find(|(known, _)| known == name) {
            Some((_, also_management)) if *also_management || !management => {}
            _ => {
                return Err(invalid(format!(
                    "The field {name} is not valid in this advanced event selector."
                )));
            }
        }
        if fields.iter().take(index).any(|other| other.field == *name) {
            return Err(invalid(format!("The field {name} is given more than once.")));
        }
        if field.conditions() == 0 {
            return Err(invalid(format!("The field {name} has no condition.")));
        }
        let plain = matches!(name.as_str(), "eventCategory" | "readOnly" | "resources.type");
        if plain && field.equals.as_ref().map_or(0, Vec::len) != field.conditions() {
            return Err(invalid(format!("The field {name} takes Equals only.")));
        }
    }
    if !management {
        match only("resources.type") {
            Some(known) if Selectors::data_types().any(|it| it == known) => {}
            Some(other) => return Err(unsupported(&other)),
            None => return Err(invalid("Data events need resources.type with one value of Equals.")),
        }
    }
    Ok(())
}

fn read_field(field: AdvancedFieldSelector) -> Field {
    Field {
        field: field.field,
        equals: field.equals,
        starts_with: field.starts_with,
        ends_with: field.ends_with,
        not_equals: field.not_equals,
        not_starts_with: field.not_starts_with,
        not_ends_with: field.not_ends_with,
    }
}

fn told(selectors: &Selectors) -> (Option<Vec<EventSelector>>, Option<Vec<AdvancedEventSelector>>) {
    match selectors {
        Selectors::Basic(all) => {
            let told = all.iter().map(|selector| EventSelector {
                read_write_type: selector.read_write.parse().ok(),
                include_management_events: Some(selector.management),
                data_resources: Some(
                    selector
                        .data
                        .iter()
                        .map(|data| DataResource {
                            r#type: Some(data.resource_type.clone()),
                            values: Some(data.values.clone()),
                        })
                        .collect(),
                ),
                exclude_management_event_sources: Some(selector.excluded.clone()),
            });
            (Some(told.collect()), None)
        }
        Selectors::Advanced(all) => {
            let told = all.iter().map(|selector| AdvancedEventSelector {
                name: selector.name.clone(),
                field_selectors: selector.fields.iter().map(told_field).collect(),
            });
            (None, Some(told.collect()))
        }
    }
}

fn told_field(field: &Field) -> AdvancedFieldSelector {
    AdvancedFieldSelector {
        field: field.field.clone(),
        equals: field.equals.clone(),
        starts_with: field.starts_with.clone(),
        ends_with: field.ends_with.clone(),
        not_equals: field.not_equals.clone(),
        not_starts_with: field.not_starts_with.clone(),
        not_ends_with: field.not_ends_with.clone(),
    }
}
