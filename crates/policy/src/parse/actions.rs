use super::shape::{Spot, Texts};
use super::{Fault, Flavour, Kind, Problem};
use crate::document::Actions;
use crate::text::pattern::Pattern;

/// What a topic's policy can grant; SNS refuses everything else, wildcards included.
const TOPIC: [&str; 12] = [
    "addpermission",
    "deletetopic",
    "getdataprotectionpolicy",
    "gettopicattributes",
    "listsubscriptionsbytopic",
    "listtagsfortopic",
    "listtagsforresource",
    "publish",
    "receive",
    "removepermission",
    "settopicattributes",
    "subscribe",
];

const TRUST: [&str; 6] = [
    "assumerole",
    "assumerolewithsaml",
    "assumerolewithwebidentity",
    "setcontext",
    "setsourceidentity",
    "tagsession",
];

/// Checks and compiles the actions of a statement.
pub(super) fn compile(texts: &Texts, kind: Kind) -> Result<Actions, Fault> {
    let mut patterns = Vec::with_capacity(texts.items.len());
    for spot in &texts.items {
        check(spot, kind).map_err(|problem| Fault { at: spot.at, path: spot.path.clone(), problem })?;
        patterns.push(Pattern::new(&spot.text.to_ascii_lowercase()));
    }
    let written = texts.items.iter().map(|spot| spot.text.clone()).collect();
    Ok(Actions { negated: texts.negated, patterns: patterns.into(), written })
}

fn check(spot: &Spot, kind: Kind) -> Result<(), Problem> {
    let text = &spot.text;
    let out_of_scope = || Problem::ActionOutOfScope(text.clone());
    if text == "*" {
        return if matches!(kind, Kind::Trust | Kind::Resource(Flavour::Sns)) {
            Err(out_of_scope())
        } else {
            Ok(())
        };
    }
    let Some((vendor, name)) = text.split_once(':') else {
        return Err(Problem::ActionWithoutVendor(text.clone()));
    };
    if name.contains(':') {
        return Err(Problem::ActionColons(text.clone()));
    }
    if vendor.is_empty()
        || !vendor.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    {
        return Err(Problem::ActionVendor(vendor.to_owned()));
    }
    let name = name.to_ascii_lowercase();
    let fits = match kind {
        Kind::Trust => {
            vendor.eq_ignore_ascii_case("sts")
                && (TRUST.contains(&name.as_str()) || name.contains(['*', '?']))
        }
        Kind::Resource(Flavour::S3) => vendor.eq_ignore_ascii_case("s3"),
        Kind::Resource(Flavour::Sns) => vendor.eq_ignore_ascii_case("sns") && TOPIC.contains(&name.as_str()),
        Kind::Resource(Flavour::Sqs) => vendor.eq_ignore_ascii_case("sqs"),
        Kind::Resource(Flavour::Lambda) => vendor.eq_ignore_ascii_case("lambda"),
        Kind::Resource(Flavour::Kms) => vendor.eq_ignore_ascii_case("kms"),
        _ => true,
    };
    if fits { Ok(()) } else { Err(out_of_scope()) }
}
