//! Documents by name: the account's own, another's that is shared (by ARN), and those that every account finds.

use crate::document::owned::{self, Owned};
use crate::errors::no_document;
use crate::state::{DocumentVersion, StoredDocument};
use api_ssm::{Error, InvalidDocumentVersion};
use contract::{Access, Call};
use names::{Arn, Tags};
use store::{StoreError, View};

/// A document that was found.
pub(super) enum Found {
    /// Every account's.
    Owned(&'static Owned),
    /// An account's.
    Stored(StoredDocument),
}

/// A version of a document.
pub(super) struct Version {
    pub(super) number: u64,
    pub(super) name: Option<String>,
    pub(super) content: String,
    pub(super) is_yaml: bool,
    pub(super) created: names::Timestamp,
}

/// When AWS's own documents were made, as far as anyone asks: the day of the first of this cloud.
const OWNED_SINCE: names::Timestamp = names::Timestamp::from_seconds(1_795_219_200);

/// The document that a name or an ARN stands for.
pub(super) fn find(view: &View, call: &Call, name: &str) -> Result<Found, Error> {
    look(view, call, name)?.ok_or_else(|| no_document(name))
}

fn look(view: &View, call: &Call, name: &str) -> Result<Option<Found>, StoreError> {
    if let Some(owned) = owned::find(name.rsplit('/').next().unwrap_or(name)).filter(|_| !is_of_account(name))
    {
        return Ok(Some(Found::Owned(owned)));
    }
    let Ok(arn) = name.parse::<Arn>() else {
        return Ok(view.get::<StoredDocument>(call.scope(), name)?.map(Found::Stored));
    };
    let (Some(scope), Some(name)) = (arn.scope(), arn.resource_after("document/")) else { return Ok(None) };
    let stored = view.get::<StoredDocument>(scope, name)?;
    let may = |stored: &StoredDocument| {
        let shared = &stored.shared_with;
        scope.account == call.account || shared.contains("all") || shared.contains(call.account.as_str())
    };
    Ok(stored.filter(|stored| scope.region == call.region && may(stored)).map(Found::Stored))
}

fn is_of_account(name: &str) -> bool {
    name.parse::<Arn>().is_ok_and(|arn| arn.account.is_some())
}

/// The account's own document, to be changed.
pub(super) fn own(view: &View, call: &Call, name: &str) -> Result<StoredDocument, Error> {
    match find(view, call, name)? {
        Found::Stored(stored) if stored.scope.account == call.account => Ok(stored),
        _ => Err(no_document(name)),
    }
}

/// An action on a document, judged by its ARN and tags.
pub(super) fn access(action: &str, call: &Call, view: &View, name: &str) -> Access {
    let (arn, tags) = match look(view, call, name) {
        Ok(Some(Found::Stored(stored))) => (stored.arn().to_string(), stored.tags),
        Ok(Some(Found::Owned(owned))) => (owned_arn(call, "document", owned.name), Tags::new()),
        _ if name.starts_with("arn:") => (name.to_owned(), Tags::new()),
        _ => (Arn::new("ssm", call.scope(), format!("document/{name}")).to_string(), Tags::new()),
    };
    Access::on(format!("ssm:{action}"), arn).with_resource_tags(&tags)
}

/// The ARN of what every account finds has no account.
pub(super) fn owned_arn(call: &Call, kind: &str, name: &str) -> String {
    format!("arn:{}:ssm:{}::{kind}/{name}", names::PARTITION, call.region)
}

impl Found {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Owned(owned) => owned.name.to_owned(),
            Self::Stored(stored) => stored.name.clone(),
        }
    }

    /// The version that a request names: a number, `$DEFAULT`, `$LATEST`, or a version's name.
    pub(super) fn version(
        &self,
        view: &View,
        version: Option<&str>,
        version_name: Option<&str>,
    ) -> Result<Version, Error> {
        let missing = || InvalidDocumentVersion::new("The document version is not valid or does not exist.");
        match self {
            Self::Owned(owned) => {
                let known = matches!(version, None | Some("$DEFAULT" | "$LATEST" | "1"));
                if !known || version_name.is_some() {
                    return Err(missing().into());
                }
                Ok(Version {
                    number: 1,
                    name: None,
                    content: owned.content.to_owned(),
                    is_yaml: true,
                    created: OWNED_SINCE,
                })
            }
            Self::Stored(stored) => {
                let number = match version {
                    None | Some("$DEFAULT") => Some(stored.default_version),
                    Some("$LATEST") => Some(stored.latest_version),
                    Some(number) => number.parse().ok(),
                };
                let found = match version_name {
                    Some(name) => DocumentVersion::all(view, stored.scope, &stored.name)?
                        .into_iter()
                        .find(|version| version.version_name.as_deref() == Some(name)),
                    None => match number {
                        Some(number) => {
                            view.get::<DocumentVersion>(stored.scope, (stored.name.as_str(), number))?
                        }
                        None => None,
                    },
                };
                Ok(found.ok_or_else(missing)?.into())
            }
        }
    }
}

impl From<DocumentVersion> for Version {
    fn from(version: DocumentVersion) -> Self {
        let DocumentVersion { version: number, version_name: name, content, is_yaml, created, .. } = version;
        Self { number, name, content, is_yaml, created }
    }
}
