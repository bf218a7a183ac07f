//! The mailbox page, `/_cloudchamber/mail`: what subscribers by email would find in their mailboxes.

use crate::state::Mail;
use bytes::Bytes;
use contract::{Context, Principal, Route, RouteAnswer, RouteRequest};
use names::{AccountId, Region, Scope};
use store::StoreError;
use wire::{Document, document};

/// How many messages a list holds unless it asks for fewer.
const MOST: usize = 1000;

pub(crate) struct Mailbox;

#[async_trait::async_trait]
impl Route for Mailbox {
    fn segment(&self) -> &'static str {
        "mail"
    }

    /// It shows what people get, not what IAM protects: whoever has a mailbox reads it without an AWS account.
    fn root_only(&self) -> bool {
        false
    }

    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer {
        let answered = match (request.method.as_str(), request.path.as_str()) {
            ("GET" | "HEAD", "") => list(&request, context),
            ("GET" | "HEAD", id) => one(id, context),
            ("DELETE", "") => empty(context).await,
            _ => Ok((
                405,
                document!({ "message": "GET lists or reads messages, DELETE empties the mailbox." }),
            )),
        };
        let (status, document) = answered.unwrap_or_else(|error| {
            tracing::error!(%error, "the mailbox cannot be read");
            (500, document!({ "message": "The mailbox cannot be read; the log says why." }))
        });
        RouteAnswer { status, content_type: "application/json", body: Bytes::from(document.to_string()) }
    }
}

fn list(request: &RouteRequest, context: &Context) -> Result<(u16, Document), StoreError> {
    let parameter =
        |name: &str| request.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let limit = match parameter("limit").map(str::parse::<usize>) {
        None => MOST,
        Some(Ok(limit)) => limit.min(MOST),
        Some(Err(_)) => return Ok((400, document!({ "message": "limit must be a whole number." }))),
    };
    let mut mails = context.store.view().list_all::<Mail>()?;
    if let Some(to) = parameter("to") {
        mails.retain(|mail| mail.to.eq_ignore_ascii_case(to));
    }
    mails.sort_by(|left, right| (right.sent, &right.id).cmp(&(left.sent, &left.id)));
    mails.truncate(limit);
    Ok((200, document!({ "messages": (mails.iter().map(Mail::document).collect::<Vec<_>>()) })))
}

fn one(id: &str, context: &Context) -> Result<(u16, Document), StoreError> {
    let found = context.store.view().list_all::<Mail>()?.into_iter().find(|mail| mail.id == id);
    Ok(found.map_or_else(
        || (404, document!({ "message": "There is no such message." })),
        |mail| (200, mail.document()),
    ))
}

async fn empty(context: &Context) -> Result<(u16, Document), StoreError> {
    let scope = Scope::new(AccountId::DEFAULT, Region::US_EAST_1);
    let principal = Principal::service("sns.amazonaws.com", scope.account, None);
    let call = context.own_call("sns", "EmptyMailbox", principal, scope)?;
    let removed = context
        .transact(&call, |_, tx| {
            let mails = tx.list_all::<Mail>()?;
            for mail in &mails {
                tx.remove::<Mail>(mail.scope, &mail.id)?;
            }
            Ok::<usize, StoreError>(mails.len())
        })
        .await?;
    Ok((200, document!({ "removed": (i64::try_from(removed).unwrap_or(i64::MAX)) })))
}
