//! Queues as calls name them: by URL, by ARN, by name.

use crate::refusal::no_address;
use api_sqs::Error;
use contract::Call;
use names::{AccountId, Arn, Scope};

/// A queue that a call names, whether or not it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueReference {
    pub(crate) scope: Scope,
    pub(crate) name: String,
}

impl QueueReference {
    /// Reads a queue's URL: any host, the path `/ACCOUNT/NAME`, or the path alone. The region is the one that the call was sent to.
    pub(crate) fn of_url(url: &str, call: &Call) -> Result<Self, Error> {
        let path = match url.split_once("://") {
            Some(("http" | "https", rest)) => rest.split_once('/').map(|(_, path)| path),
            Some(_) => None,
            None => url.strip_prefix('/'),
        };
        let (account, name) = path
            .and_then(|path| path.trim_end_matches('/').split_once('/'))
            .ok_or_else(|| no_address(url))?;
        let account: AccountId = account.parse().map_err(|_| no_address(url))?;
        if !is_name(name) {
            return Err(no_address(url));
        }
        Ok(Self { scope: Scope::new(account, call.region), name: name.to_owned() })
    }

    /// Reads a queue's ARN.
    pub(crate) fn of_arn(text: &str) -> Option<Self> {
        let arn: Arn = text.parse().ok()?;
        let scope = arn.scope().filter(|_| arn.service == "sqs" && arn.partition == names::PARTITION)?;
        (arn.region.is_some() && is_name(&arn.resource)).then_some(Self { scope, name: arn.resource })
    }

    pub(crate) fn arn(&self) -> Arn {
        Arn::new("sqs", self.scope, self.name.clone())
    }

    /// The URL at an endpoint.
    pub(crate) fn url(&self, endpoint: &str) -> String {
        format!("{}/{}/{}", endpoint.trim_end_matches('/'), self.scope.account, self.name)
    }

    /// What is signalled when there may be something to receive.
    pub(crate) fn topic(&self) -> String {
        format!("sqs/{}/{}/{}", self.scope.account, self.scope.region, self.name)
    }
}

/// 1 to 80 letters, digits, hyphens and underscores, of which `.fifo` may be the end.
pub(crate) fn is_name(name: &str) -> bool {
    let stem = name.strip_suffix(".fifo").unwrap_or(name);
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !stem.is_empty() && name.len() <= 80 && stem.bytes().all(characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_arns() {
        for name in ["q", "a-b_C9", "orders.fifo", &"x".repeat(80)] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", ".fifo", "a.b", "a b", "ä", &"x".repeat(81), "a.fifo.fifo"] {
            assert!(!is_name(name), "{name}");
        }
        let queue = QueueReference::of_arn("arn:aws:sqs:us-east-1:111122223333:orders").unwrap();
        assert_eq!(queue.topic(), "sqs/111122223333/us-east-1/orders");
        assert_eq!(queue.url("http://127.0.0.1:4566"), "http://127.0.0.1:4566/111122223333/orders");
        assert_eq!(queue.arn().to_string(), "arn:aws:sqs:us-east-1:111122223333:orders");
        for other in ["orders", "arn:aws:sns:us-east-1:111122223333:orders", "arn:aws:sqs:::orders"] {
            assert_eq!(QueueReference::of_arn(other), None, "{other}");
        }
    }
}
