//! Which services policies allow at all: what denies, limits or conditions is not looked at, as AWS's reports do not.

use crate::facts;
use policy::{Document, Effect};
use std::collections::BTreeSet;

/// Whether some statement allows an action of a service.
pub(crate) fn grants(document: &Document, prefix: &str) -> bool {
    document.statements().iter().filter(|statement| statement.effect() == Effect::Allow).any(|statement| {
        let (negated, actions) = statement.actions();
        let of_service = |text: &str| match text.split_once(':') {
            Some((service, _)) => facts::matches(&service.to_ascii_lowercase(), prefix),
            None => text == "*",
        };
        if negated {
            // All but these: the service is out only where all of it is excepted.
            !actions
                .iter()
                .any(|text| of_service(text) && text.split_once(':').is_none_or(|(_, name)| name == "*"))
        } else {
            actions.iter().any(|text| of_service(text))
        }
    })
}

/// The prefixes of all services that documents allow.
pub(crate) fn services<'a>(documents: impl Iterator<Item = &'a Document> + Clone) -> BTreeSet<&'static str> {
    facts::prefixes().filter(|prefix| documents.clone().any(|document| grants(document, prefix))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::{Kind, parse};

    fn granted(effect: &str, actions: &str) -> Vec<&'static str> {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}",{actions},"Resource":"*"}}]}}"#
        );
        let document = parse(&text, Kind::Identity).unwrap();
        services(std::iter::once(&*document)).into_iter().collect()
    }

    #[test]
    fn services_that_a_policy_allows() {
        assert_eq!(granted("Allow", r#""Action":["s3:GetObject","SQS:*"]"#), ["s3", "sqs"]);
        assert_eq!(granted("Deny", r#""Action":"*""#), Vec::<&str>::new());
        assert!(granted("Allow", r#""Action":"*""#).len() > 400);
        let all_but = granted("Allow", r#""NotAction":["iam:*","s3:GetObject"]"#);
        assert!(!all_but.contains(&"iam") && all_but.contains(&"s3"));
    }
}
