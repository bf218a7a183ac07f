//! When a delivery is tried again, and the delivery policies that say so
//! (<https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html>).

use names::Timestamp;
use std::time::Duration;
use wire::{Document, document};

/// A healthy retry policy; delays in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Retries {
    min_delay: u32,
    max_delay: u32,
    all: u32,
    without_delay: u32,
    at_min_delay: u32,
    at_max_delay: u32,
    backoff: Backoff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Backoff {
    Linear,
    Arithmetic,
    Geometric,
    Exponential,
}

/// What bears on deliveries over HTTP.
pub(super) struct Policies {
    pub(super) retries: Retries,
    pub(super) content_type: Option<String>,
}

impl Retries {
    /// Of HTTP endpoints, where nothing else is set.
    const HTTP: Self = Self {
        min_delay: 20,
        max_delay: 20,
        all: 3,
        without_delay: 0,
        at_min_delay: 0,
        at_max_delay: 0,
        backoff: Backoff::Linear,
    };
    /// Of functions: 100,015 tries over 23 days.
    pub(super) const AWS_MANAGED: Self = Self {
        min_delay: 1,
        max_delay: 20,
        all: 100_015,
        without_delay: 3,
        at_min_delay: 2,
        at_max_delay: 100_000,
        backoff: Backoff::Exponential,
    };
    /// Of mail: 50 tries over six hours.
    pub(super) const MAIL: Self = Self {
        min_delay: 10,
        max_delay: 600,
        all: 50,
        without_delay: 0,
        at_min_delay: 2,
        at_max_delay: 38,
        backoff: Backoff::Exponential,
    };

    /// When to try again after `attempt` tries before this one failed too; None where it is over.
    pub(super) fn next(&self, attempt: u32, now: Timestamp) -> Option<Timestamp> {
        let steps = self.all.saturating_sub(self.without_delay + self.at_min_delay + self.at_max_delay);
        let delay = if attempt >= self.all {
            return None;
        } else if attempt < self.without_delay {
            0.0
        } else if attempt < self.without_delay + self.at_min_delay {
            self.min_delay.into()
        } else if attempt < self.without_delay + self.at_min_delay + steps {
            self.backed_off(attempt - self.without_delay - self.at_min_delay + 1, steps)
        } else {
            self.max_delay.into()
        };
        Some(now.plus(Duration::from_secs_f64(delay)))
    }

    fn backed_off(&self, step: u32, steps: u32) -> f64 {
        let (low, high) = (f64::from(self.min_delay), f64::from(self.max_delay));
        let (step, steps) = (f64::from(step), f64::from(steps));
        match self.backoff {
            Backoff::Linear => low + (high - low) * step / steps,
            Backoff::Arithmetic => low + (high - low) * (step * (step + 1.0)) / (steps * (steps + 1.0)),
            Backoff::Geometric => low.max(1.0) * (high / low.max(1.0)).powf(step / steps),
            Backoff::Exponential => low + (high - low) * (step.exp2() - 1.0) / (steps.exp2() - 1.0),
        }
        .clamp(low, high)
    }

    fn read(policy: &Document) -> Result<Self, String> {
        only(
            policy,
            "healthyRetryPolicy",
            &[
                "minDelayTarget",
                "maxDelayTarget",
                "numRetries",
                "numMaxDelayRetries",
                "numNoDelayRetries",
                "numMinDelayRetries",
                "backoffFunction",
            ],
        )?;
        let number = |name: &str, default: u32, most: u32| match policy.get(name) {
            None | Some(Document::Null) => Ok(default),
            Some(value) => {
                let value =
                    value.as_i64().and_then(|value| u32::try_from(value).ok()).filter(|value| *value <= most);
                value.ok_or_else(|| format!("{name} must be a whole number from 0 to {most}"))
            }
        };
        let read = Self {
            min_delay: number("minDelayTarget", Self::HTTP.min_delay, 3600)?,
            max_delay: number("maxDelayTarget", Self::HTTP.max_delay, 3600)?,
            all: number("numRetries", Self::HTTP.all, 100)?,
            at_max_delay: number("numMaxDelayRetries", 0, 100)?,
            without_delay: number("numNoDelayRetries", 0, 100)?,
            at_min_delay: number("numMinDelayRetries", 0, 100)?,
            backoff: match policy.get("backoffFunction").map(|function| function.as_str().unwrap_or_default())
            {
                None | Some("linear") => Backoff::Linear,
                Some("arithmetic") => Backoff::Arithmetic,
                Some("geometric") => Backoff::Geometric,
                Some("exponential") => Backoff::Exponential,
                Some(_) => {
                    return Err("backoffFunction must be linear, arithmetic, geometric or exponential".into());
                }
            },
        };
        if read.min_delay == 0 || read.max_delay < read.min_delay {
            return Err("minDelayTarget must be at least 1 and at most maxDelayTarget".into());
        }
        if read.at_max_delay + read.without_delay + read.at_min_delay > read.all {
            return Err("numRetries must be at least the sum of the retries by phase".into());
        }
        Ok(read)
    }

    fn document(self) -> Document {
        let function = match self.backoff {
            Backoff::Linear => "linear",
            Backoff::Arithmetic => "arithmetic",
            Backoff::Geometric => "geometric",
            Backoff::Exponential => "exponential",
        };
        document!({
            "minDelayTarget": (self.min_delay),
            "maxDelayTarget": (self.max_delay),
            "numRetries": (self.all),
            "numMaxDelayRetries": (self.at_max_delay),
            "numNoDelayRetries": (self.without_delay),
            "numMinDelayRetries": (self.at_min_delay),
            "backoffFunction": function,
        })
    }
}

/// A delivery policy that was read.
#[derive(Default)]
struct Written {
    retries: Option<Retries>,
    content_type: Option<String>,
    no_overrides: bool,
}

fn topic_policy(text: &str) -> Result<Written, String> {
    let document = parse(text)?;
    only(&document, "the policy", &["http"])?;
    let Some(http) = document.get("http") else { return Ok(Written::default()) };
    only(
        http,
        "http",
        &["defaultHealthyRetryPolicy", "disableSubscriptionOverrides", "defaultRequestPolicy"],
    )?;
    Ok(Written {
        retries: http.get("defaultHealthyRetryPolicy").map(Retries::read).transpose()?,
        content_type: content_type(http.get("defaultRequestPolicy"))?,
        no_overrides: match http.get("disableSubscriptionOverrides") {
            None => false,
            Some(flag) => flag.as_bool().ok_or("disableSubscriptionOverrides must be true or false")?,
        },
    })
}

fn subscription_policy(text: &str) -> Result<Written, String> {
    let document = parse(text)?;
    only(&document, "the policy", &["healthyRetryPolicy", "requestPolicy"])?;
    Ok(Written {
        retries: document
            .get("healthyRetryPolicy")
            .filter(|it| !it.is_null())
            .map(Retries::read)
            .transpose()?,
        content_type: content_type(document.get("requestPolicy"))?,
        no_overrides: false,
    })
}

fn parse(text: &str) -> Result<Document, String> {
    Document::parse(text).map_err(|error| format!("failed to parse JSON. {error}"))
}

/// Refuses what is not honoured, throttling included.
fn only(document: &Document, what: &str, names: &[&str]) -> Result<(), String> {
    let members = document.as_object().ok_or_else(|| format!("{what} must be an object"))?;
    match members.iter().find(|(name, value)| !names.contains(&name.as_str()) && !value.is_null()) {
        Some((stranger, _)) => Err(format!("{stranger} in {what} is unknown, or not built in Cloudchamber")),
        None => Ok(()),
    }
}

fn content_type(policy: Option<&Document>) -> Result<Option<String>, String> {
    let Some(policy) = policy.filter(|policy| !policy.is_null()) else { return Ok(None) };
    only(policy, "requestPolicy", &["headerContentType"])?;
    let Some(given) = policy.get("headerContentType") else { return Ok(None) };
    let given = given.as_str().unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim();
    let known = [
        "application/json",
        "application/octet-stream",
        "application/soap+xml",
        "application/x-www-form-urlencoded",
        "application/xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/plain",
        "text/xml",
    ];
    if !known.contains(&kind) || !given.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Err(format!("{given} is no headerContentType that SNS sends"));
    }
    Ok(Some(given.to_owned()))
}

/// Whether a topic's delivery policy can be honoured.
pub(crate) fn check_topic_policy(text: &str) -> Result<(), String> {
    topic_policy(text).map(drop)
}

/// Whether a subscription's delivery policy can be honoured.
pub(crate) fn check_subscription_policy(text: &str) -> Result<(), String> {
    subscription_policy(text).map(drop)
}

/// What holds for a subscription's deliveries. What was stored could be read then; AWS's defaults stand in for what cannot.
pub(super) fn resolve(topic: Option<&str>, subscription: Option<&str>) -> Policies {
    let topic = topic.and_then(|text| topic_policy(text).ok()).unwrap_or_default();
    let own = subscription
        .and_then(|text| subscription_policy(text).ok())
        .filter(|_| !topic.no_overrides)
        .unwrap_or_default();
    Policies {
        retries: own.retries.or(topic.retries).unwrap_or(Retries::HTTP),
        content_type: own.content_type.or(topic.content_type),
    }
}

/// `EffectiveDeliveryPolicy` of a topic.
pub(crate) fn effective_topic_policy(topic: Option<&str>) -> String {
    let written = topic.and_then(|text| topic_policy(text).ok()).unwrap_or_default();
    let kind = written.content_type.unwrap_or_else(|| "text/plain; charset=UTF-8".into());
    document!({
        "http": {
            "defaultHealthyRetryPolicy": (written.retries.unwrap_or(Retries::HTTP).document()),
            "disableSubscriptionOverrides": (written.no_overrides),
            "defaultRequestPolicy": { "headerContentType": kind },
        }
    })
    .to_string()
}

/// `EffectiveDeliveryPolicy` of a subscription.
pub(crate) fn effective_subscription_policy(topic: Option<&str>, subscription: Option<&str>) -> String {
    let Policies { retries, content_type } = resolve(topic, subscription);
    let kind = content_type.unwrap_or_else(|| "text/plain; charset=UTF-8".into());
    document!({
        "healthyRetryPolicy": (retries.document()),
        "sicklyRetryPolicy": null,
        "throttlePolicy": null,
        "requestPolicy": { "headerContentType": kind },
        "guaranteed": false,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(retries: Retries, count: u32) -> Vec<u64> {
        let now = Timestamp::from_seconds(0);
        (0..count)
            .map_while(|attempt| retries.next(attempt, now))
            .map(|moment| moment.since(now).as_secs())
            .collect()
    }

    #[test]
    fn tries_are_spaced_as_aws_spaces_them() {
        assert_eq!(delays(Retries::HTTP, 10), [20, 20, 20]);
        assert_eq!(delays(Retries::AWS_MANAGED, 17)[..5], [0, 0, 0, 1, 1]);
        assert_eq!(delays(Retries::AWS_MANAGED, 17)[14..], [20, 20, 20]);
        assert_eq!(delays(Retries::MAIL, 60).len(), 50);
    }

    #[test]
    fn a_subscription_overrides_its_topic_unless_that_is_forbidden() {
        let own = r#"{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":5,"numRetries":5,"backoffFunction":"linear"}}"#;
        assert_eq!(delays(resolve(None, Some(own)).retries, 9), [1, 2, 3, 4, 5]);
        let topic =
            r#"{"http":{"defaultHealthyRetryPolicy":{"numRetries":1},"disableSubscriptionOverrides":true}}"#;
        assert_eq!(delays(resolve(Some(topic), Some(own)).retries, 9), [20]);
    }

    #[test]
    fn what_is_not_honoured_is_refused() {
        for wrong in [
            "x",
            "[]",
            r#"{"throttlePolicy":{"maxReceivesPerSecond":1}}"#,
            r#"{"healthyRetryPolicy":{"numRetries":101}}"#,
            r#"{"healthyRetryPolicy":{"minDelayTarget":30}}"#,
            r#"{"healthyRetryPolicy":{"backoffFunction":"random"}}"#,
            r#"{"healthyRetryPolicy":{"numRetries":1,"numNoDelayRetries":2}}"#,
            r#"{"requestPolicy":{"headerContentType":"a\r\nb"}}"#,
        ] {
            assert!(check_subscription_policy(wrong).is_err(), "{wrong}");
        }
    }
}
