//! Links to packages, as GetFunction and GetLayerVersion answer them: whoever has one may read the package for ten minutes.

use blobs::BlobId;
use contract::{Context, Entry, Route, RouteAnswer, RouteRequest};
use hmac::{Hmac, KeyInit, Mac};
use names::{Fault, Timestamp};
use sha2::Sha256;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

const LIFETIME: Duration = Duration::from_secs(600);
const SEGMENT: &str = "lambda-code";

/// Signs links. The key lives as long as the process: a link ends with it at the latest.
#[derive(Default)]
pub(crate) struct Links {
    key: OnceLock<clock::Seed>,
}

/// No randomness for the key.
#[derive(Debug, thiserror::Error)]
#[error("a link to a package cannot be signed: the operating system has no randomness")]
pub(crate) struct NoKey(#[source] std::io::Error);

impl Fault for NoKey {}

impl Links {
    fn signature(&self, id: &BlobId, expires: Timestamp) -> Result<Option<Hmac<Sha256>>, NoKey> {
        let key = match self.key.get() {
            Some(key) => key,
            None => {
                let fresh = clock::random_seed().map_err(NoKey)?;
                self.key.get_or_init(|| fresh)
            }
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Ok(None) };
        mac.update(format!("{id}\n{}", expires.millis()).as_bytes());
        Ok(Some(mac))
    }

    /// A link to a package.
    pub(crate) fn to(&self, id: &BlobId, now: Timestamp, endpoint: &str) -> Result<String, NoKey> {
        let expires = now.plus(LIFETIME);
        let signature = self.signature(id, expires)?.map(|mac| hex::encode(mac.finalize().into_bytes()));
        Ok(format!(
            "{}/_cloudchamber/{SEGMENT}/{id}?expires={}&signature={}",
            endpoint.trim_end_matches('/'),
            expires.millis(),
            signature.unwrap_or_default()
        ))
    }

    /// The package of a link that is genuine and not over.
    fn read(&self, request: &RouteRequest, now: Timestamp) -> Option<BlobId> {
        let parameter =
            |name: &str| request.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let id: BlobId = request.path.parse().ok()?;
        let expires = Timestamp::from_millis(parameter("expires")?.parse().ok()?);
        let signature = hex::decode(parameter("signature")?).ok()?;
        // Constant time, and before anything else is said.
        self.signature(&id, expires).ok()??.verify_slice(&signature).ok()?;
        (now < expires).then_some(id)
    }
}

/// Answers links.
pub(crate) struct Download(pub(crate) Arc<Links>);

#[async_trait::async_trait]
impl Route for Download {
    fn segment(&self) -> &'static str {
        SEGMENT
    }

    /// The link itself is the permission, as a presigned URL of S3 is.
    fn entry(&self) -> Entry {
        Entry::Capability
    }

    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer {
        let refused = RouteAnswer::new(403, "text/plain", "The link is not valid or has expired.\n");
        if request.method != "GET" {
            return refused;
        }
        let Some(id) = self.0.read(&request, context.clock.now()) else { return refused };
        match context.blobs.read_to_bytes(&id, super::LARGEST_UNPACKED).await {
            Ok(body) => RouteAnswer::new(200, "application/zip", body),
            Err(error) => {
                tracing::error!(%error, "a package cannot be read");
                RouteAnswer::new(404, "text/plain", "The package is gone.\n")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(link: &str) -> RouteRequest {
        let (path, query) = link.split_once('?').unwrap();
        let path = path.rsplit('/').next().unwrap().to_owned();
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
        let query = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        RouteRequest { method: "GET".into(), path, query, ..RouteRequest::default() }
    }

    #[test]
    fn a_link_is_good_for_its_package_and_ten_minutes() {
        let links = Links::default();
        let (id, other) = (BlobId { sha256: [1; 32], length: 5 }, BlobId { sha256: [2; 32], length: 5 });
        let now = Timestamp::from_seconds(1_000);
        let link = links.to(&id, now, "http://127.0.0.1:4566/").unwrap();
        assert!(link.starts_with("http://127.0.0.1:4566/_cloudchamber/lambda-code/0101"), "{link}");
        assert_eq!(links.read(&request(&link), now.plus(Duration::from_secs(599))), Some(id));
        assert_eq!(links.read(&request(&link), now.plus(Duration::from_secs(600))), None);
        let altered = link.replace(&id.to_string(), &other.to_string());
        assert_eq!(links.read(&request(&altered), now), None);
        let longer = link.replace("expires=", "expires=9");
        assert_eq!(links.read(&request(&longer), now), None);
        assert_eq!(Links::default().read(&request(&link), now), None);
        let unsigned = request(&link.replace("&signature=", "&signature=&x="));
        assert_eq!(links.read(&unsigned, now), None);
    }
}
