//! The mailbox page, `/_cloudchamber/mail`: what subscribers by email would find in their mailboxes.

use crate::state::Mail;
use contract::{Context, Entry, Principal, Route, RouteAnswer, RouteRequest};
use names::{AccountId, Region, Scope};
use store::{StoreError, View};
use wire::{Document, document};

/// How many messages a list holds unless it asks for fewer.
const MOST: usize = 1000;

pub(crate) struct Mailbox;

#[async_trait::async_trait]
impl Route for Mailbox {
    fn segment(&self) -> &'static str {
        "mail"
    }

    /// It shows what people get, not what IAM protects: whoever sits at this machine reads it without an AWS account. Who signs sees the mail
    /// of its own account.
    fn entry(&self) -> Entry {
        Entry::ThisMachine
    }

    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer {
        let answered = match (request.method.as_str(), request.path.as_str()) {
            ("GET" | "HEAD", "") => list(&request, context),
            ("GET" | "HEAD", id) => one(id, &request, context),
            ("DELETE", "") => empty(&request, context).await,
            _ => Ok((
                405,
                document!({ "message": "GET lists or reads messages, DELETE empties the mailbox." }),
            )),
        };
        let (status, document) = answered.unwrap_or_else(|error| {
            tracing::error!(%error, "the mailbox cannot be read");
            (500, document!({ "message": "The mailbox cannot be read; the log says why." }))
        });
        RouteAnswer::json(status, &document)
    }
}

/// The mail that a request may see.
fn seen(request: &RouteRequest, view: &View) -> Result<Vec<Mail>, StoreError> {
    let mut mails = view.list_all::<Mail>()?;
    if let Some(signer) = &request.signer {
        mails.retain(|mail| signer.principal.account() == Some(mail.scope.account));
    }
    Ok(mails)
}

fn list(request: &RouteRequest, context: &Context) -> Result<(u16, Document), StoreError> {
    let limit = match request.parameter("limit").map(str::parse::<usize>) {
        None => MOST,
        Some(Ok(limit)) => limit.min(MOST),
        Some(Err(_)) => return Ok((400, document!({ "message": "limit must be a whole number." }))),
    };
    let mut mails = seen(request, &context.store.view())?;
    if let Some(to) = request.parameter("to") {
        mails.retain(|mail| mail.to.eq_ignore_ascii_case(to));
    }
    mails.sort_by(|left, right| (right.sent, &right.id).cmp(&(left.sent, &left.id)));
    mails.truncate(limit);
    Ok((200, document!({ "messages": (mails.iter().map(Mail::document).collect::<Vec<_>>()) })))
}

fn one(id: &str, request: &RouteRequest, context: &Context) -> Result<(u16, Document), StoreError> {
    let found = seen(request, &context.store.view())?.into_iter().find(|mail| mail.id == id);
    Ok(found.map_or_else(
        || (404, document!({ "message": "There is no such message." })),
        |mail| (200, mail.document()),
    ))
}

async fn empty(request: &RouteRequest, context: &Context) -> Result<(u16, Document), StoreError> {
    let scope = Scope::new(AccountId::DEFAULT, Region::US_EAST_1);
    let principal = Principal::service("sns.amazonaws.com", scope.account, None);
    let call = context.own_call("sns", "EmptyMailbox", principal, scope)?;
    let removed = context
        .transact(&call, |_, tx| {
            let mails = seen(request, tx)?;
            for mail in &mails {
                tx.remove::<Mail>(mail.scope, &mail.id)?;
            }
            Ok::<usize, StoreError>(mails.len())
        })
        .await?;
    Ok((200, document!({ "removed": (i64::try_from(removed).unwrap_or(i64::MAX)) })))
}
