use super::shape::Texts;
use super::{Fault, Flavour, Kind, Problem};
use crate::document::Resources;
use crate::text::arn::ResourcePattern;

const PARTITIONS: [&str; 9] =
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc", "*"];

const IAM_TYPES: [&str; 14] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
    // In managed policies of AWS; the sentence of the refusal does not list it.
    "role-template/",
];

/// S3's resources whose ARNs name a region.
const REGIONAL_S3: [&str; 7] =
    ["accesspoint/", "job/", "storage-lens/", "storage-lens-group/", "access-grants/", "async-request/", "*"];

/// AWS's first pass over a resource ("legacy parsing"): the number of colons. It comes before everything else.
pub(super) fn first_pass(texts: &Texts) -> Result<(), Fault> {
    for spot in &texts.items {
        let segments: Vec<&str> = split(&spot.text);
        let partition = segments.get(1).copied().unwrap_or_default();
        if spot.text.starts_with("arn:")
            && known_partition(partition)
            && (segments.len() == 5 || segments.get(2).is_some_and(|service| service.is_empty()))
        {
            return Err(fault(spot, Problem::ResourceSegments(spot.text.clone())));
        }
    }
    Ok(())
}

/// Checks and compiles the resources of a statement.
pub(super) fn compile(texts: &Texts, kind: Kind, variables: bool) -> Result<Resources, Fault> {
    let mut patterns = Vec::with_capacity(texts.items.len());
    for spot in &texts.items {
        check(&spot.text, kind).map_err(|problem| fault(spot, problem))?;
        patterns.push(ResourcePattern::new(&spot.text, variables));
    }
    let written = texts.items.iter().map(|spot| spot.text.clone()).collect();
    Ok(Resources { negated: texts.negated, patterns: patterns.into(), written })
}

fn fault(spot: &super::shape::Spot, problem: Problem) -> Fault {
    Fault { at: spot.at, path: spot.path.clone(), problem }
}

/// Splits at the first five colons, variables kept whole.
fn split(text: &str) -> Vec<&str> {
    let mut segments = Vec::with_capacity(6);
    let (mut start, mut depth) = (0, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && segments.len() < 5 => {
                segments.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    segments.push(text.get(start..).unwrap_or_default());
    segments
}

fn known_partition(partition: &str) -> bool {
    PARTITIONS.contains(&partition)
}

fn check(text: &str, kind: Kind) -> Result<(), Problem> {
    if text == "*" {
        // S3 refuses it: a bucket policy is about its bucket.
        let bucket = kind == Kind::Resource(Flavour::S3);
        return if bucket { Err(Problem::ResourceFormat(text.to_owned())) } else { Ok(()) };
    }
    if !text.contains(':') {
        return Err(Problem::ResourceFormat(text.to_owned()));
    }
    let segments = split(text);
    let part = |index: usize| segments.get(index).copied();
    let partition = part(1).unwrap_or_default();
    // API Gateway and some others take shorter forms of their own resources.
    if kind == Kind::Resource(Flavour::Other) && !text.starts_with("arn:") {
        return Ok(());
    }
    if !known_partition(partition) {
        let fill = |index: usize| part(index).unwrap_or("*");
        let resource = format!("arn:{partition}:{}:{}:{}:{}", fill(2), fill(3), fill(4), fill(5));
        return Err(Problem::ResourcePartition { partition: partition.to_owned(), resource });
    }
    if part(0) != Some("arn") {
        return Err(Problem::ResourceFormat(text.to_owned()));
    }
    let service = part(2).unwrap_or_default();
    if service.is_empty() || service.contains(['*', '?', '$']) {
        return Err(Problem::ResourceVendor(text.to_owned()));
    }
    let (region, resource) = (part(3).unwrap_or_default(), part(5).unwrap_or("*"));
    let named_region = !region.is_empty() && !region.contains(['*', '?']);
    match service {
        "iam" if named_region => Err(Problem::ResourceRegion(text.to_owned())),
        "iam" if !iam_type(resource) => Err(Problem::IamPath(text.to_owned())),
        "s3" if named_region && !REGIONAL_S3.iter().any(|start| resource.starts_with(start)) => {
            Err(Problem::ResourceRegion(text.to_owned()))
        }
        _ => Ok(()),
    }
}

/// Whether an IAM resource begins with a type; a wildcard or variable may cut the type short.
fn iam_type(resource: &str) -> bool {
    let fixed = resource.split(['*', '?', '$']).next().unwrap_or_default();
    if fixed.len() < resource.len() && IAM_TYPES.iter().any(|known| known.starts_with(fixed)) {
        return true;
    }
    // `root` is what sts:AssumeRoot names.
    resource == "root" || IAM_TYPES.iter().any(|known| resource.starts_with(known))
}
