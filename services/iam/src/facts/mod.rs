//! What AWS's services have: actions with their access levels, resource types and condition keys, as the Service Authorization Reference lists
//! them (embedded compressed from `models/authorization`, unpacked a service at a time).

mod patterns;

pub(crate) use patterns::{covers, intersect, matches};

use parking_lot::RwLock;
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::{Arc, LazyLock};

static INDEX: &str = include_str!("../../../../models/authorization/index.tsv");
static FACTS: &[u8] = include_bytes!("../../../../models/authorization/facts.bin");

/// Services that are kept unpacked; beyond so many all are forgotten.
const KEPT: usize = 64;
/// No block unpacks to more.
const BLOCK_LIMIT: u64 = 1 << 20;

/// Where a service's facts are.
struct Entry {
    name: &'static str,
    offset: usize,
    length: usize,
}

static SERVICES: LazyLock<BTreeMap<&'static str, Entry>> = LazyLock::new(|| {
    let entry = |line: &'static str| {
        let mut fields = line.split('\t');
        let prefix = fields.next()?;
        let name = fields.next()?;
        let (offset, length) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some((prefix, Entry { name, offset, length }))
    };
    INDEX.lines().filter_map(entry).collect()
});

/// A service's facts.
#[derive(Debug, Default)]
pub(crate) struct Service {
    pub(crate) keys: Vec<Key>,
    pub(crate) actions: Vec<Action>,
    /// Of its resource types: ARNs with `${…}` for what differs.
    arns: Vec<String>,
}

/// A condition key.
#[derive(Debug)]
pub(crate) struct Key {
    /// With `${…}` or `<…>` for what the policy's author chooses, as in `aws:ResourceTag/${TagKey}`.
    pub(crate) name: String,
    /// `String`, `ARN`, `Numeric`, `Date`, `Bool`, `IPAddress`, or `ArrayOf…`.
    pub(crate) kind: String,
}

/// An action.
#[derive(Debug)]
pub(crate) struct Action {
    /// Such as `GetObject`.
    pub(crate) name: String,
    /// In small letters, as patterns are held against it.
    lower: String,
    /// Places of the resource types that it is on.
    types: Vec<usize>,
    /// Places of the condition keys that it has, its resource types' included.
    keys: Vec<usize>,
}

/// Whether there is a service with a prefix, such as `s3`.
pub(crate) fn is_service(prefix: &str) -> bool {
    prefix != "aws" && SERVICES.contains_key(prefix)
}

/// All prefixes.
pub(crate) fn prefixes() -> impl Iterator<Item = &'static str> {
    SERVICES.keys().copied().filter(|prefix| *prefix != "aws")
}

/// A service's name, such as `Amazon S3`.
pub(crate) fn name(prefix: &str) -> Option<&'static str> {
    SERVICES.get(prefix).map(|entry| entry.name)
}

/// A service's facts; `aws` has the global condition keys.
pub(crate) fn service(prefix: &str) -> Option<Arc<Service>> {
    static UNPACKED: LazyLock<RwLock<HashMap<&'static str, Arc<Service>>>> = LazyLock::new(RwLock::default);
    if let Some(service) = UNPACKED.read().get(prefix) {
        return Some(Arc::clone(service));
    }
    let (prefix, entry) = SERVICES.get_key_value(prefix)?;
    let service = Arc::new(unpack(entry)?);
    let mut kept = UNPACKED.write();
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(prefix, Arc::clone(&service));
    Some(service)
}

fn unpack(entry: &Entry) -> Option<Service> {
    let packed = FACTS.get(entry.offset..entry.offset.checked_add(entry.length)?)?;
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(packed).take(BLOCK_LIMIT).read_to_string(&mut text).ok()?;
    let mut service = Service::default();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let (kind, name) = (fields.next()?, fields.next()?.to_owned());
        match kind {
            "k" => service.keys.push(Key { name, kind: fields.next()?.to_owned() }),
            "r" => service.arns.push(fields.next()?.to_owned()),
            _ => {
                let mut places = |skip: usize| -> Option<Vec<usize>> {
                    let listed = fields.nth(skip)?.split(',').map(|place| place.trim_end_matches('!'));
                    Some(listed.filter_map(|place| place.parse().ok()).collect())
                };
                let (types, keys) = (places(1)?, places(0)?);
                let lower = name.to_ascii_lowercase();
                service.actions.push(Action { name, lower, types, keys });
            }
        }
    }
    Some(service)
}

impl Service {
    /// The key of a name; what the author chooses in it is not compared.
    pub(crate) fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.is_called(name))
    }

    /// The actions that a pattern such as `Get*` matches; letters match in either case.
    pub(crate) fn matching<'a>(&'a self, pattern: &'a str) -> impl Iterator<Item = &'a Action> {
        let pattern = pattern.to_ascii_lowercase();
        self.actions.iter().filter(move |action| matches(&pattern, &action.lower))
    }

    /// Whether an action has a condition key of the service's own or one of its tags.
    pub(crate) fn has_key(&self, action: &Action, name: &str) -> bool {
        action.keys.iter().any(|place| self.keys.get(*place).is_some_and(|key| key.is_called(name)))
    }
}

/// The ARN of the resource type that an action such as `s3:GetObject` is on, as the policy simulator names it for several resources at once:
/// `arn:aws:s3:::${BucketName}/${ObjectName}`. None where no type fits them all.
pub(crate) fn template(action: &str, resources: &[String]) -> Option<String> {
    let (prefix, name) = action.split_once(':')?;
    let service = service(&prefix.to_ascii_lowercase())?;
    let action = service.matching(name).next()?;
    let arns = action.types.iter().filter_map(|place| service.arns.get(*place));
    let fits = |arn: &&String| {
        let pattern = starred(arn);
        resources.iter().all(|resource| resource.len() <= 2048 && intersect(&pattern, resource))
    };
    arns.clone().find(fits).map(|arn| arn.replace("${Partition}", "aws"))
}

impl Key {
    fn is_called(&self, name: &str) -> bool {
        let known = self.name.split(['$', '<']).next().unwrap_or_default();
        match known.len() < self.name.len() {
            true => {
                name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known))
                    && name.len() > known.len()
            }
            false => known.eq_ignore_ascii_case(name),
        }
    }

    /// A request may have several values for it.
    pub(crate) fn is_multivalued(&self) -> bool {
        self.kind.starts_with("ArrayOf")
    }

    /// `String`, `ARN` …, of each value.
    pub(crate) fn value_kind(&self) -> &str {
        self.kind.strip_prefix("ArrayOf").unwrap_or(&self.kind)
    }
}

/// The ARNs of all resource types whose ARNs name a service, cut at the colons: region, account and resource, with `*` for what differs.
pub(crate) fn arns(service: &str) -> &'static [[String; 3]] {
    static ARNS: LazyLock<HashMap<String, Vec<[String; 3]>>> = LazyLock::new(|| {
        let mut all: HashMap<String, Vec<[String; 3]>> = HashMap::new();
        for arn in SERVICES.values().filter_map(unpack).flat_map(|service| service.arns) {
            let starred = starred(&arn);
            let cut: Vec<&str> = starred.splitn(6, ':').collect();
            if let [_, _, service, region, account, resource] = cut.as_slice() {
                let types = all.entry((*service).to_owned()).or_default();
                let kind = [region, account, resource].map(|part| (*part).to_owned());
                if !types.contains(&kind) {
                    types.push(kind);
                }
            }
        }
        all
    });
    ARNS.get(service).map_or(&[], Vec::as_slice)
}

/// `${…}` as `*`.
fn starred(arn: &str) -> String {
    let mut text = String::with_capacity(arn.len());
    let mut rest = arn;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        text.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_unpacks() {
        let mut actions = 0;
        for (prefix, entry) in SERVICES.iter() {
            let service = unpack(entry).unwrap_or_else(|| panic!("{prefix}"));
            actions += service.actions.len();
            let places = service.actions.iter().flat_map(|action| action.keys.iter());
            assert!(places.copied().all(|place| place < service.keys.len()), "{prefix}");
        }
        assert!(actions > 15_000 && prefixes().count() > 400, "{actions}");
        assert_eq!(name("s3"), Some("Amazon S3"));
        assert!(is_service("iam") && !is_service("aws") && !is_service("s4"));
    }

    #[test]
    fn actions_keys_and_types() {
        let iam = service("iam").unwrap();
        let pass: Vec<&Action> = iam.matching("passr*").collect();
        assert_eq!(pass.len(), 1);
        assert!(iam.has_key(pass[0], "iam:PassedToService") && !iam.has_key(pass[0], "iam:PolicyARN"));
        let global = service("aws").unwrap();
        assert_eq!(global.key("AWS:SourceIp").map(|key| key.value_kind()), Some("IPAddress"));
        assert!(global.key("aws:TagKeys").unwrap().is_multivalued());
        assert!(global.key("aws:PrincipalTag/team").is_some() && global.key("aws:PrincipalTag/").is_none());
        assert!(global.key("aws:Nonsense").is_none());
        let keys = ["arn:aws:s3:::b/k".to_owned(), "arn:aws:s3:::b/*".to_owned()];
        assert_eq!(
            template("s3:GetObject", &keys).as_deref(),
            Some("arn:aws:s3:::${BucketName}/${ObjectName}")
        );
        assert_eq!(template("s3:GetObject", &["arn:aws:sqs:us-east-1:1:q".to_owned()]), None);
        assert!(
            arns("s3").iter().any(|[region, account, resource]| region.is_empty()
                && account.is_empty()
                && resource == "*/*")
        );
        assert_eq!(arns("nonsense"), &[] as &[[String; 3]]);
    }
}
