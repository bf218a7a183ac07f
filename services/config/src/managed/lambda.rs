//! Rules on functions.

use super::parameters::{Parameter, integer, list, text};
use super::policies::{self, Stated, stated};
use super::{Inventory, ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use policy::{Flavour, PrincipalPattern, Statement};
use std::collections::BTreeSet;
use store::StoreError;

const FUNCTION: &str = "AWS::Lambda::Function";

const SETTINGS: &[Parameter] =
    &[list("runtime").required(), text("role"), integer("memorySize"), integer("timeout")];

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("LAMBDA_CONCURRENCY_CHECK", &[FUNCTION], concurrency)
        .with(&[integer("ConcurrencyLimitHigh"), integer("ConcurrencyLimitLow")]),
    ManagedRule::item("LAMBDA_DLQ_CHECK", &[FUNCTION], dead_letter).with(&[list("dlqArns")]),
    ManagedRule::item("LAMBDA_FUNCTION_APPLICATION_LOG_LEVEL_CHECK", &[FUNCTION], application_log_level)
        .with(&[list("logLevel").required()]),
    ManagedRule::item("LAMBDA_FUNCTION_DESCRIPTION", &[FUNCTION], described),
    ManagedRule::item("LAMBDA_FUNCTION_LOG_FORMAT_JSON", &[FUNCTION], log_format),
    ManagedRule::item("LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED", &[FUNCTION], no_public_access),
    ManagedRule::item("LAMBDA_FUNCTION_SETTINGS_CHECK", &[FUNCTION], settings).with(SETTINGS),
    ManagedRule::item("LAMBDA_FUNCTION_SYSTEM_LOG_LEVEL_CHECK", &[FUNCTION], system_log_level)
        .with(&[list("logLevel").required()]),
    ManagedRule::item("LAMBDA_FUNCTION_XRAY_ENABLED", &[FUNCTION], traced),
    ManagedRule::item("LAMBDA_INSIDE_VPC", &[FUNCTION], inside_vpc).with(&[list("subnetIds")]),
    ManagedRule::related("LAMBDA_VPC_MULTI_AZ_CHECK", &[FUNCTION], zones)
        .with(&[integer("availabilityZones").or("2")]),
];

fn concurrency(item: &Item, parameters: &Parameters) -> Verdict {
    let reserved = read::in_part(item, "Concurrency", &["reservedConcurrentExecutions"]);
    let Some(reserved) = read::number(reserved.as_ref()) else {
        return Verdict::NonCompliant("The function has no reserved concurrency.".into());
    };
    let low = parameters.integer("ConcurrencyLimitLow").is_none_or(|low| reserved >= low);
    let high = parameters.integer("ConcurrencyLimitHigh").is_none_or(|high| reserved <= high);
    Verdict::require(
        low && high,
        format!("The function's reserved concurrency of {reserved} is not within the rule's limits."),
    )
}

fn dead_letter(item: &Item, parameters: &Parameters) -> Verdict {
    let Some(target) = read::text(item, &["deadLetterConfig", "targetArn"]) else {
        return Verdict::NonCompliant("The function has no dead-letter queue.".into());
    };
    let listed = parameters.list("dlqArns").is_none_or(|listed| listed.contains(&target));
    Verdict::require(listed, format!("The function's dead-letter queue {target} is not one of dlqArns."))
}

fn described(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(read::text(item, &["description"]).is_some(), "The function has no description.")
}

fn log_format(item: &Item, _: &Parameters) -> Verdict {
    let format = read::text(item, &["loggingConfig", "logFormat"]).unwrap_or("Text");
    Verdict::require(format == "JSON", format!("The function's log format is {format}."))
}

fn log_level(item: &Item, parameters: &Parameters, member: &str) -> Verdict {
    let levels = parameters.list("logLevel").unwrap_or_default();
    match read::text(item, &["loggingConfig", member]) {
        None => Verdict::NonCompliant(format!("The function has no {member}.")),
        Some(own) => Verdict::require(
            levels.iter().any(|level| level.eq_ignore_ascii_case(own)),
            format!("The function's {member} is {own}."),
        ),
    }
}

fn application_log_level(item: &Item, parameters: &Parameters) -> Verdict {
    log_level(item, parameters, "applicationLogLevel")
}

fn system_log_level(item: &Item, parameters: &Parameters) -> Verdict {
    log_level(item, parameters, "systemLogLevel")
}

fn no_public_access(item: &Item, _: &Parameters) -> Verdict {
    match stated(read::part(item, "Policy").as_deref(), Flavour::Lambda) {
        Stated::Nothing => Verdict::Compliant,
        Stated::Unreadable => Verdict::NonCompliant(policies::UNREADABLE.into()),
        Stated::Policy(document) => {
            let public = policies::allows(&document)
                .find(|statement| statement.admits_everyone() || is_any_bucket(statement));
            Verdict::unless(public.map(|statement| {
                format!(
                    "Statement {} of the function policy allows public access.",
                    policies::name(statement)
                )
            }))
        }
    }
}

/// Amazon S3 is let in for whoever's bucket: a bucket's ARN does not say whose it is, so that only the account narrows it.
fn is_any_bucket(statement: &Statement) -> bool {
    let s3 = |principal: &PrincipalPattern| matches!(principal, PrincipalPattern::Service(name) if name.as_ref() == "s3.amazonaws.com");
    let narrowed = statement.conditions().iter().any(|condition| {
        let key = condition.key().to_ascii_lowercase();
        policies::naming_operator(condition).is_some()
            && matches!(
                key.as_str(),
                "aws:sourceaccount" | "aws:sourceowner" | "aws:sourceorgid" | "aws:principalorgid"
            )
    });
    statement.principals().any(s3) && !narrowed
}

fn settings(item: &Item, parameters: &Parameters) -> Verdict {
    if read::text(item, &["packageType"]) == Some("Image") {
        return Verdict::NotApplicable;
    }
    let runtime = read::text(item, &["runtime"]).unwrap_or_default();
    let runtimes = parameters.list("runtime").unwrap_or_default();
    if !runtimes.contains(&runtime) {
        return Verdict::NonCompliant(format!("The function's runtime is {runtime}."));
    }
    let role = read::text(item, &["role"]).unwrap_or_default();
    if parameters.text("role").is_some_and(|wanted| wanted != role) {
        return Verdict::NonCompliant(format!("The function's role is {role}."));
    }
    let wrong = ["memorySize", "timeout"].into_iter().find_map(|name| {
        let wanted = parameters.integer(name)?;
        let own = read::number(read::setting(item, &[name])).unwrap_or_default();
        (own != wanted).then(|| format!("The function's {name} is {own}, not {wanted}."))
    });
    Verdict::unless(wrong)
}

fn traced(item: &Item, _: &Parameters) -> Verdict {
    let mode = read::text(item, &["tracingConfig", "mode"]).unwrap_or("PassThrough");
    Verdict::require(mode == "Active", format!("The function's tracing mode is {mode}."))
}

fn subnets(item: &Item) -> Vec<&str> {
    read::texts(read::setting(item, &["vpcConfig", "subnetIds"]))
}

fn inside_vpc(item: &Item, parameters: &Parameters) -> Verdict {
    let subnets = subnets(item);
    if subnets.is_empty() {
        return Verdict::NonCompliant("The function is not in a VPC.".into());
    }
    let listed = parameters.list("subnetIds");
    let stranger =
        subnets.into_iter().find(|own| listed.as_ref().is_some_and(|listed| !listed.contains(own)));
    Verdict::unless(stranger.map(|subnet| format!("The function's subnet {subnet} is not one of subnetIds.")))
}

fn zones(item: &Item, parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let subnets = subnets(item);
    if subnets.is_empty() {
        return Ok(Verdict::NotApplicable);
    }
    let mut zones = BTreeSet::new();
    for subnet in subnets {
        let subnet = others.resource("AWS::EC2::Subnet", subnet)?;
        zones.extend(subnet.and_then(|subnet| read::text(&subnet, &["availabilityZone"]).map(str::to_owned)));
    }
    let wanted = usize::try_from(parameters.integer("availabilityZones").unwrap_or(2)).unwrap_or(usize::MAX);
    Ok(Verdict::require(
        zones.len() >= wanted,
        format!("The function's subnets are in {} of {wanted} Availability Zones.", zones.len()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{Others, item, judge_among, table, with_part};
    use wire::{Document, document};

    fn function(configuration: Document) -> Item {
        item(FUNCTION, "f", configuration)
    }

    #[test]
    fn concurrency_is_reserved_within_limits() {
        let reserved = |count: i64| {
            let part = document!({ "reservedConcurrentExecutions": count });
            with_part(function(document!({})), "Concurrency", part)
        };
        table(
            "LAMBDA_CONCURRENCY_CHECK",
            &[
                (reserved(5), "{}", Some(true)),
                (reserved(5), r#"{"ConcurrencyLimitLow":"5","ConcurrencyLimitHigh":"5"}"#, Some(true)),
                (reserved(5), r#"{"ConcurrencyLimitLow":"6"}"#, Some(false)),
                (reserved(5), r#"{"ConcurrencyLimitHigh":"4"}"#, Some(false)),
                (function(document!({})), "{}", Some(false)),
            ],
        );
    }

    #[test]
    fn single_settings() {
        let dead = || function(document!({ "deadLetterConfig": { "targetArn": "arn:q" } }));
        table(
            "LAMBDA_DLQ_CHECK",
            &[
                (dead(), "{}", Some(true)),
                (dead(), r#"{"dlqArns":"arn:p,arn:q"}"#, Some(true)),
                (dead(), r#"{"dlqArns":"arn:p"}"#, Some(false)),
                (function(document!({})), "{}", Some(false)),
            ],
        );
        table(
            "LAMBDA_FUNCTION_DESCRIPTION",
            &[
                (function(document!({ "description": "x" })), "{}", Some(true)),
                (function(document!({ "description": "" })), "{}", Some(false)),
            ],
        );
        table(
            "LAMBDA_FUNCTION_XRAY_ENABLED",
            &[
                (function(document!({ "tracingConfig": { "mode": "Active" } })), "{}", Some(true)),
                (function(document!({ "tracingConfig": { "mode": "PassThrough" } })), "{}", Some(false)),
            ],
        );
        let logs = |config: Document| function(document!({ "loggingConfig": config }));
        table(
            "LAMBDA_FUNCTION_LOG_FORMAT_JSON",
            &[
                (logs(document!({ "logFormat": "JSON" })), "{}", Some(true)),
                (logs(document!({ "logFormat": "Text" })), "{}", Some(false)),
            ],
        );
        let levels = || logs(document!({ "applicationLogLevel": "INFO", "systemLogLevel": "WARN" }));
        table(
            "LAMBDA_FUNCTION_APPLICATION_LOG_LEVEL_CHECK",
            &[
                (levels(), r#"{"logLevel":"DEBUG,INFO"}"#, Some(true)),
                (levels(), r#"{"logLevel":"WARN"}"#, Some(false)),
                (logs(document!({})), r#"{"logLevel":"WARN"}"#, Some(false)),
            ],
        );
        table(
            "LAMBDA_FUNCTION_SYSTEM_LOG_LEVEL_CHECK",
            &[
                (levels(), r#"{"logLevel":"WARN"}"#, Some(true)),
                (levels(), r#"{"logLevel":"INFO"}"#, Some(false)),
            ],
        );
    }

    #[test]
    fn runtime_role_memory_and_time() {
        let own = || {
            function(
                document!({ "runtime": "python3.13", "role": "arn:r", "memorySize": 256, "timeout": 3, "packageType": "Zip" }),
            )
        };
        table(
            "LAMBDA_FUNCTION_SETTINGS_CHECK",
            &[
                (own(), r#"{"runtime":"python3.12, python3.13"}"#, Some(true)),
                (own(), r#"{"runtime":"nodejs22.x"}"#, Some(false)),
                (own(), r#"{"runtime":"python3.13","memorySize":"128"}"#, Some(false)),
                (
                    own(),
                    r#"{"runtime":"python3.13","memorySize":"256","timeout":"3","role":"arn:r"}"#,
                    Some(true),
                ),
                (own(), r#"{"runtime":"python3.13","role":"arn:s"}"#, Some(false)),
                (function(document!({ "packageType": "Image" })), r#"{"runtime":"python3.13"}"#, None),
            ],
        );
    }

    #[test]
    fn everybody_and_every_bucket_is_public() {
        let policy = |principal: &str, condition: &str| {
            let text = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"s","Effect":"Allow","Principal":{principal},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:f","Condition":{condition}}}]}}"#
            );
            with_part(function(document!({})), "Policy", Document::from(text))
        };
        let s3 = r#"{"Service":"s3.amazonaws.com"}"#;
        table(
            "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
            &[
                (function(document!({})), "{}", Some(true)),
                (policy(r#"{"Service":"config.amazonaws.com"}"#, "{}"), "{}", Some(true)),
                (policy("\"*\"", "{}"), "{}", Some(false)),
                (policy(s3, r#"{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::b"}}"#), "{}", Some(false)),
                (policy(s3, r#"{"StringEquals":{"AWS:SourceAccount":"111122223333"}}"#), "{}", Some(true)),
            ],
        );
    }

    #[test]
    fn networks() {
        let inside = |subnets: &[&str]| {
            let subnets: Document = subnets.iter().map(|subnet| Document::from(*subnet)).collect();
            function(document!({ "vpcConfig": { "subnetIds": subnets } }))
        };
        table(
            "LAMBDA_INSIDE_VPC",
            &[
                (inside(&["a"]), "{}", Some(true)),
                (inside(&["a", "b"]), r#"{"subnetIds":"a,b"}"#, Some(true)),
                (inside(&["a", "b"]), r#"{"subnetIds":"a"}"#, Some(false)),
                (inside(&[]), "{}", Some(false)),
                (function(document!({})), "{}", Some(false)),
            ],
        );
        let subnet =
            |id: &str, zone: &str| item("AWS::EC2::Subnet", id, document!({ "availabilityZone": zone }));
        let others = Others(vec![subnet("a", "1a"), subnet("b", "1b"), subnet("c", "1a")]);
        let judge = |subnets: &[&str], parameters| {
            judge_among("LAMBDA_VPC_MULTI_AZ_CHECK", &inside(subnets), parameters, &others)
        };
        assert_eq!(judge(&["a", "b"], "{}"), Verdict::Compliant);
        assert!(matches!(judge(&["a", "c"], "{}"), Verdict::NonCompliant(_)));
        assert_eq!(judge(&["a", "c"], r#"{"availabilityZones":"1"}"#), Verdict::Compliant);
        assert_eq!(judge(&[], "{}"), Verdict::NotApplicable);
    }
}
