//! `requestParameters` and `responseElements`: the API's members as CloudTrail spells them.
//!
//! Members begin with a small letter; keys of maps (tags, attributes, an item) are users' own and stay. EC2's lists are `{"items": […]}`, as its
//! XML is.

use wire::Document;

/// Members that hold a map, whose keys are not the API's.
const MAPS: &[&str] = &[
    "Attributes",
    "AttributesToGet",
    "Environment",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "Item",
    "Items",
    "Key",
    "Keys",
    "MessageAttributes",
    "Metadata",
    "Parameters",
    "RequestItems",
    "Tags",
    "Variables",
];

/// EC2's parameters of the form `Thing.1`, which CloudTrail tells as a `thingSet` of items with one member.
const SETS: &[(&str, &str, &str)] = &[
    ("InstanceIds", "instancesSet", "instanceId"),
    ("VpcIds", "vpcSet", "vpcId"),
    ("SubnetIds", "subnetSet", "subnetId"),
    ("GroupIds", "securityGroupIdSet", "groupId"),
    ("GroupNames", "securityGroupSet", "groupName"),
    ("SecurityGroupIds", "groupSet", "groupId"),
    ("ImageIds", "imagesSet", "imageId"),
    ("VolumeIds", "volumeSet", "volumeId"),
    ("RegionNames", "regionSet", "regionName"),
    ("SecurityGroupRuleIds", "securityGroupRuleIds", "securityGroupRuleId"),
];

/// EC2's lists that its XML names another way.
const RENAMED: &[(&str, &str)] = &[
    ("Filters", "filterSet"),
    ("IpPermissions", "ipPermissions"),
    ("IpRanges", "ipRanges"),
    ("Ipv6Ranges", "ipv6Ranges"),
    ("PrefixListIds", "prefixListIds"),
    ("Resources", "resourcesSet"),
    ("SecurityGroupRules", "securityGroupRuleSet"),
    ("TagSpecifications", "tagSpecificationSet"),
    ("Tags", "tagSet"),
    ("UserIdGroupPairs", "groups"),
    ("Values", "valueSet"),
];

/// What a call was given; null where it is not known or was nothing.
pub(super) fn parameters(service: &str, given: Option<&Document>) -> Document {
    match given.filter(|given| given.as_object().is_some_and(|members| !members.is_empty())) {
        None => Document::Null,
        Some(given) if service == "ec2" => ec2(given),
        Some(given) if service == "s3" => s3(given),
        Some(given) => lower(given),
    }
}

/// What a call that changes something answered.
pub(super) fn response(service: &str, request: &str, answer: Option<&Document>) -> Document {
    let members = answer.filter(|answer| answer.as_object().is_some_and(|members| !members.is_empty()));
    match (service, members) {
        ("ec2", answer) => {
            let mut told = Document::object().with("requestId", request);
            let members = answer.and_then(Document::as_object);
            if members.is_none_or(|members| members.contains_key("Return")) {
                told.set("_return", true);
            }
            for (name, value) in members.into_iter().flatten().filter(|(name, _)| *name != "Return") {
                let (name, value) = ec2_member(name, value);
                told.set(name, value);
            }
            told
        }
        (_, None) => Document::Null,
        ("s3", Some(answer)) => s3(answer),
        (_, Some(answer)) => lower(answer),
    }
}

fn lower_first(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| {
        let mut told = first.to_ascii_lowercase().to_string();
        told.push_str(characters.as_str());
        told
    })
}

fn lower(value: &Document) -> Document {
    match value {
        Document::Object(members) => {
            let told = members.iter().map(|(name, value)| {
                let kept = MAPS.contains(&name.as_str()) && value.as_object().is_some();
                // Lambda's environment is a structure that holds the map.
                let kept = kept && name != "Environment";
                (lower_first(name), if kept { value.clone() } else { lower(value) })
            });
            Document::Object(told.collect())
        }
        Document::Array(elements) => Document::Array(elements.iter().map(lower).collect()),
        other => other.clone(),
    }
}

fn ec2(value: &Document) -> Document {
    match value {
        Document::Object(members) => {
            Document::Object(members.iter().map(|(name, value)| ec2_member(name, value)).collect())
        }
        other => other.clone(),
    }
}

fn ec2_member(name: &str, value: &Document) -> (String, Document) {
    let Document::Array(elements) = value else { return (lower_first(name), ec2(value)) };
    if let Some((_, told, member)) = SETS.iter().find(|(given, _, _)| *given == name) {
        return ((*told).into(), items(elements, member));
    }
    let told = RENAMED.iter().find(|(given, _)| *given == name);
    let told = told.map_or_else(|| lower_first(name), |(_, told)| (*told).to_owned());
    let member = if name == "Values" { "value" } else { "item" };
    (told, items(elements, member))
}

/// A list as EC2's XML has it; an empty one is empty.
fn items(elements: &[Document], member: &str) -> Document {
    if elements.is_empty() {
        return Document::object();
    }
    let told = elements.iter().map(|element| match element {
        Document::Object(_) => ec2(element),
        text => Document::object().with(member, text.clone()),
    });
    Document::object().with("items", Document::Array(told.collect()))
}

/// S3 tells `bucketName` and `key`, and the rest as the API has it.
fn s3(value: &Document) -> Document {
    let mut told = Document::object();
    for (name, value) in value.as_object().into_iter().flatten() {
        let name = match name.as_str() {
            "Bucket" => "bucketName".to_owned(),
            "ACL" => "x-amz-acl".to_owned(),
            "VersionId" => "versionId".to_owned(),
            "Body" => continue,
            "Key" | "Prefix" | "Delimiter" | "MaxKeys" | "UploadId" | "PartNumber" => lower_first(name),
            other => other.to_owned(),
        };
        told.set(name, value.clone());
    }
    told
}
