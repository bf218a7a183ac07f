//! Digest files: each hour, for each region of a trail, a signed list of the log files that were delivered, which names the list before it.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html>
//!
//! A trail of all regions has digest files of its home region, and of others from the first log file on that they have. AWS delivers empty
//! ones of all regions.

use super::files::compressed;
use super::send::{PRINCIPAL, caller, put_digest};
use super::sign::Signer;
use super::{GATHER, LONGEST_WAIT, is_under_way};
use crate::state::{DigestChain, LogFile, Logging, PreviousDigest, Trail};
use contract::{Chain, Context, Outcome, Task, TaskHandler};
use names::{Region, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::time::Duration;
use store::{StoreError, Tx, View};
use wire::{Document, document};

const KIND: &str = "cloudtrail.digest";
const PERIOD: Duration = Duration::from_secs(60 * 60);
/// How often the last digest files of a deleted trail are tried.
const MOST_TRIES: u32 = 10;

/// Delivers digest files.
pub(crate) struct DeliverDigests;

/// What a trail that was deleted leaves to be told.
#[derive(Clone, Serialize, Deserialize)]
struct Deleted {
    trail: Trail,
    chains: Vec<DigestChain>,
    files: Vec<LogFile>,
}

/// Has digest files delivered from now on, where the trail wants them and logs. For after each change of that.
pub(crate) fn begin(trail: &Trail, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    if is_wanted(trail, tx)? && !tx.exists::<Task>(trail.scope, (KIND, trail.name.as_str()))? {
        open(trail, now, tx)?;
    }
    Ok(())
}

/// Has the last digest files delivered, after the last log files: of a trail that was stopped, or (when its row is gone) deleted.
/// "Upon StopLogging or DeleteTrail, CloudTrail will deliver a final digest file."
pub(crate) fn end(trail: &Trail, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    let chains: Vec<DigestChain> = tx.scan(trail.scope, (&trail.name,)).rows()?;
    if chains.is_empty() {
        return Ok(());
    }
    if tx.exists::<Trail>(trail.scope, &trail.name)? {
        let due = now.plus(GATHER).plus(Duration::from_secs(1));
        return Task::new(KIND, trail.name.clone(), trail.scope, due, &None::<Deleted>)?.enqueue(tx);
    }
    let files: Vec<LogFile> = tx.scan(trail.scope, (&trail.name,)).rows()?;
    for chain in &chains {
        tx.remove::<DigestChain>(trail.scope, (&chain.trail, chain.region.as_str()))?;
    }
    for file in &files {
        tx.remove::<LogFile>(trail.scope, (&file.trail, &file.object))?;
    }
    tx.remove::<Task>(trail.scope, (KIND, trail.name.as_str()))?;
    // Another trail may take the name at once.
    let id = format!("{} deleted {}", trail.name, now.iso_millis());
    Task::new(KIND, id, trail.scope, now, &Some(Deleted { trail: trail.clone(), chains, files }))?.enqueue(tx)
}

fn is_wanted(trail: &Trail, view: &View) -> Result<bool, StoreError> {
    Ok(trail.validation && Logging::of(view, trail.scope, &trail.name)?.on)
}

/// Begins a chain, with the starting digest file in an hour.
fn open(trail: &Trail, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    let now = whole_seconds(now);
    tx.put(DigestChain::begin(trail.scope, &trail.name, trail.scope.region, now))?;
    Task::new(KIND, trail.name.clone(), trail.scope, now.plus(PERIOD), &None::<Deleted>)?.enqueue(tx)
}

fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millis(time.seconds().saturating_mul(1000))
}

#[async_trait::async_trait]
impl TaskHandler for DeliverDigests {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match deliver(task, context).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(%error, trail = task.id, "digest files cannot be made; trying again");
                Outcome::Again(context.clock.now().plus(GATHER), None)
            }
        }
    }
}

async fn deliver(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let deleted: Option<Deleted> = task.payload()?;
    let is_deleted = deleted.is_some();
    let (Deleted { trail, chains, files }, last) = match deleted {
        Some(deleted) => (deleted, true),
        None => {
            let view = context.store.view();
            let Some(trail) = view.get::<Trail>(task.scope, &task.id)? else { return Ok(Outcome::done()) };
            let last = !is_wanted(&trail, &view)?;
            let stopped = !Logging::of(&view, trail.scope, &trail.name)?.on;
            if stopped && is_under_way(&trail, &view)? {
                let soon = context.clock.now().plus(Duration::from_secs(1));
                return Ok(Outcome::Again(soon, None));
            }
            let chains = view.scan(trail.scope, (&trail.name,)).rows()?;
            let files = view.scan(trail.scope, (&trail.name,)).rows()?;
            (Deleted { trail, chains, files }, last)
        }
    };
    let (told, next, error) = tell(&trail, chains, files, task.due, context).await;
    let failed = error.is_some();
    let effect = Box::new({
        let trail = trail.clone();
        move |call: &contract::Call, tx: &mut Tx| {
            // A trail that was deleted meanwhile has taken these rows with it.
            let known = tx.get::<Trail>(trail.scope, &trail.name)?;
            let Some(known) = known.filter(|known| !is_deleted && known.created == trail.created) else {
                return Ok(());
            };
            let mut logging = Logging::of(tx, trail.scope, &trail.name)?;
            logging.digests.note(call.now, error.clone().map_or(Ok(()), Err));
            tx.put(logging)?;
            for object in &told {
                tx.remove::<LogFile>(trail.scope, (&trail.name, object))?;
            }
            for chain in &next {
                if last && !failed {
                    tx.remove::<DigestChain>(trail.scope, (&trail.name, chain.region.as_str()))?;
                } else {
                    tx.put(chain.clone())?;
                }
            }
            // Started again since: another chain begins.
            if last && !failed && is_wanted(&known, tx)? {
                open(&known, call.now, tx)?;
            }
            Ok(())
        }
    });
    let now = context.clock.now();
    if failed {
        if is_deleted && task.attempt + 1 >= MOST_TRIES {
            tracing::error!(trail = %trail.arn(), "the last digest file of a deleted trail could not be delivered");
            return Ok(Outcome::done());
        }
        let wait = GATHER.saturating_mul(1 << task.attempt.min(6)).min(LONGEST_WAIT);
        return Ok(Outcome::Again(now.plus(wait), Some(effect)));
    }
    if last {
        return Ok(Outcome::Done(Some(effect)));
    }
    // Hour by hour; hours that have passed while nothing ran are one.
    let due = task.due.plus(PERIOD);
    Ok(Outcome::Again(if due > now { due } else { whole_seconds(now).plus(PERIOD) }, Some(effect)))
}

/// Delivers the digest file of each region. Answers the log files that were told of, the chains as they are now, and why it failed.
async fn tell(
    trail: &Trail,
    chains: Vec<DigestChain>,
    files: Vec<LogFile>,
    due: Timestamp,
    context: &Context,
) -> (Vec<String>, Vec<DigestChain>, Option<String>) {
    let began = chains.iter().map(|chain| chain.since).min().unwrap_or(due);
    let regions: BTreeSet<Region> =
        chains.iter().map(|chain| chain.region).chain(files.iter().map(|file| file.region)).collect();
    let (mut told, mut next) = (Vec::new(), Vec::new());
    for region in regions {
        let chain = chains.iter().find(|chain| chain.region == region).cloned();
        let chain = chain.unwrap_or_else(|| DigestChain::begin(trail.scope, &trail.name, region, began));
        let own: Vec<&LogFile> = files.iter().filter(|file| file.region == region).collect();
        // A file's name tells the second of its end: it must be another than the last one's.
        let end = whole_seconds(due).max(chain.since.plus(Duration::from_secs(1)));
        match tell_region(trail, &chain, &own, end, context).await {
            Ok(chain) => {
                next.push(chain);
                told.extend(own.iter().map(|file| file.object.clone()));
            }
            Err(code) => return (told, next, Some(code)),
        }
    }
    (told, next, None)
}

async fn tell_region(
    trail: &Trail,
    chain: &DigestChain,
    files: &[&LogFile],
    end: Timestamp,
    context: &Context,
) -> Result<DigestChain, String> {
    let internal = |error: StoreError| {
        tracing::error!(%error, trail = %trail.arn(), "a digest file cannot be made");
        "InternalFailure".to_owned()
    };
    let scope = Scope::new(trail.scope.account, chain.region);
    let signer = Signer::of(scope, context.clock.now(), context).await.map_err(internal)?;
    let object = object(trail, chain.region, end);
    let content = content(trail, chain, files, end, &object, &signer.fingerprint).to_string();
    let hash = hex::encode(Sha256::digest(content.as_bytes()));
    let previous = chain.previous.as_ref().map_or("null", |previous| previous.signature.as_str());
    let signed = format!("{}\n{}/{object}\n{hash}\n{previous}", end.iso_seconds(), trail.bucket);
    let signature = signer.sign(&signed, context).map_err(internal)?;
    let body = compressed(content.as_bytes()).map_err(internal)?;
    let service = caller(trail, context, Chain::default().through(PRINCIPAL));
    put_digest(trail, &service, &object, body, &signature).await.map_err(|error| error.code)?;
    let previous = PreviousDigest { bucket: trail.bucket.clone(), object, hash, signature };
    Ok(DigestChain { since: end, previous: Some(previous), ..chain.clone() })
}

fn object(trail: &Trail, region: Region, end: Timestamp) -> String {
    let (account, home, name) = (trail.scope.account, trail.scope.region, &trail.name);
    let (year, month, day) = end.date();
    format!(
        "{}CloudTrail-Digest/{region}/{year:04}/{month:02}/{day:02}/{account}_CloudTrail-Digest_{region}_{name}_{home}_{}.json.gz",
        trail.root(),
        end.compact()
    )
}

/// Members that there is nothing to say of (the events of an empty hour, the file before the first) are null.
fn content(
    trail: &Trail,
    chain: &DigestChain,
    files: &[&LogFile],
    end: Timestamp,
    object: &str,
    fingerprint: &str,
) -> Document {
    let time = |time: Option<Timestamp>| {
        time.map_or(Document::Null, |time| Document::from(time.iso_seconds().as_str()))
    };
    let previous = |told: fn(&PreviousDigest) -> &str| {
        chain.previous.as_ref().map_or(Document::Null, |previous| Document::from(told(previous)))
    };
    let listed = files.iter().map(|file| {
        document!({
            "s3Bucket": (file.bucket.as_str()),
            "s3Object": (file.object.as_str()),
            "hashValue": (file.hash.as_str()),
            "hashAlgorithm": "SHA-256",
            "newestEventTime": (file.newest.iso_seconds()),
            "oldestEventTime": (file.oldest.iso_seconds())
        })
    });
    document!({
        "awsAccountId": (trail.scope.account.to_string()),
        "digestStartTime": (chain.since.iso_seconds()),
        "digestEndTime": (end.iso_seconds()),
        "digestS3Bucket": (trail.bucket.as_str()),
        "digestS3Object": object,
        "digestPublicKeyFingerprint": fingerprint,
        "digestSignatureAlgorithm": "SHA256withRSA",
        "newestEventTime": (time(files.iter().map(|file| file.newest).max())),
        "oldestEventTime": (time(files.iter().map(|file| file.oldest).min())),
        "previousDigestS3Bucket": (previous(|it| &it.bucket)),
        "previousDigestS3Object": (previous(|it| &it.object)),
        "previousDigestHashValue": (previous(|it| &it.hash)),
        "previousDigestHashAlgorithm": (previous(|_| "SHA-256")),
        "previousDigestSignature": (previous(|it| &it.signature)),
        "logFiles": (Document::Array(listed.collect()))
    })
}
