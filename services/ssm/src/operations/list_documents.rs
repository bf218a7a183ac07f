//! ListDocuments.

use super::Ssm;
use super::find::{Found, Version};
use super::shown::identifier;
use crate::document::owned;
use crate::page::page;
use crate::state::StoredDocument;
use api_ssm::{DocumentIdentifier, Error, InvalidFilterKey, ListDocuments, ListDocumentsOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<ListDocuments> for Ssm {
    fn access(_: &ListDocuments, call: &Call, _: &View) -> Access {
        Access::on("ssm:ListDocuments", names::Arn::new("ssm", call.scope(), "*"))
    }

    fn run(input: ListDocuments, call: &Call, tx: &mut Tx) -> Result<ListDocumentsOutput, Error> {
        let mut filters: Vec<(String, Vec<String>)> = Vec::new();
        for filter in input.filters.into_iter().flatten() {
            filters.push((filter.key.unwrap_or_default(), filter.values.unwrap_or_default()));
        }
        for filter in input.document_filter_list.into_iter().flatten() {
            filters.push((filter.key.as_str().to_owned(), vec![filter.value]));
        }
        let mut found: Vec<Found> = owned::ALL.iter().map(Found::Owned).collect();
        found.extend(tx.list::<StoredDocument>(call.scope())?.into_iter().map(Found::Stored));
        let shared = tx.list_all::<StoredDocument>()?.into_iter();
        found.extend(
            shared
                .filter(|stored| stored.scope.account != call.account && stored.scope.region == call.region)
                .filter(|stored| {
                    stored.shared_with.contains("all") || stored.shared_with.contains(call.account.as_str())
                })
                .map(Found::Stored),
        );
        found.sort_by_key(Found::name);
        let mut things = Vec::new();
        for document in found {
            let version: Version = document.version(tx, None, None)?;
            let shown = identifier(&document, &version);
            let mut holds = true;
            for (key, values) in &filters {
                holds &= matches(&shown, &document, key, values, call)?;
            }
            if holds {
                things.push((
                    format!(
                        "{}/{}",
                        shown.name.clone().unwrap_or_default(),
                        shown.owner.clone().unwrap_or_default()
                    ),
                    shown,
                ));
            }
        }
        let (documents, next_token) =
            page("documents", input.next_token.as_deref(), input.max_results, 50, things)?;
        Ok(ListDocumentsOutput { document_identifiers: Some(documents), next_token })
    }
}

fn matches(
    shown: &DocumentIdentifier,
    found: &Found,
    key: &str,
    values: &[String],
    call: &Call,
) -> Result<bool, Error> {
    let name = shown.name.as_deref().unwrap_or_default();
    let own = matches!(found, Found::Stored(stored) if stored.scope.account == call.account);
    Ok(match key {
        "Name" => values.iter().any(|value| name.starts_with(value.as_str())),
        "Owner" => values.iter().any(|value| match value.as_str() {
            "Self" | "self" => own,
            "Amazon" | "amazon" => matches!(found, Found::Owned(_)),
            "Public" | "public" => {
                matches!(found, Found::Owned(_))
                    || matches!(found, Found::Stored(stored) if stored.shared_with.contains("all"))
            }
            "Private" | "private" => {
                matches!(found, Found::Stored(stored) if !own && !stored.shared_with.contains("all"))
            }
            "ThirdParty" => false,
            "All" => true,
            account => shown.owner.as_deref() == Some(account),
        }),
        "PlatformTypes" => values.iter().any(|value| api_ssm::PlatformType::VALUES.contains(&value.as_str())),
        "DocumentType" => values.iter().any(|value| value == "Automation"),
        "TargetType" => values
            .iter()
            .any(|value| shown.target_type.as_deref().is_none_or(|own| own == value || own == "/")),
        key if key.starts_with("tag:") => shown.tags.iter().flatten().any(|tag| {
            key.strip_prefix("tag:") == Some(tag.key.as_str())
                && (values.is_empty() || values.contains(&tag.value))
        }),
        _ => return Err(InvalidFilterKey::new("The specified filter key is not valid.").into()),
    })
}
