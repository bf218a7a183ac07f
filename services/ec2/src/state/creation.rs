//! What a request with a token made: a repeated request finds it.

use crate::error::refuse;
use crate::state::Noun;
use crate::tags::NewTags;
use api_ec2::Error;
use names::Scope;
use serde::{Deserialize, Serialize};
use store::{Row, StartsWith, StoreError, Tx, View};

/// The thing that a client token or a CloudFormation step made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Creation {
    scope: Scope,
    /// Of whom the token is, such as `CreateRouteTable` or `step`.
    kind: String,
    token: String,
    /// The thing's id; empty where a step has begun and nothing with an id comes of it.
    id: String,
    /// What was asked for; the same token must not ask for anything else.
    asked: String,
}

impl Row for Creation {
    const TABLE: &'static str = "ec2.creations";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.kind.clone(), self.token.clone())
    }
}

const STEP: &str = "step";

impl Creation {
    /// The thing that a client token made before; None where the token is new or its thing is gone.
    pub(crate) fn before<T: Noun>(
        view: &View,
        scope: Scope,
        operation: &str,
        token: Option<&str>,
        asked: &str,
    ) -> Result<Option<T>, Error> {
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
        let Some(creation) = view.get::<Self>(scope, (operation, token))? else { return Ok(None) };
        if creation.asked != asked {
            let message = "The request uses the same client token as a previous, but non-identical request. \
                           Do not reuse a client token with different requests, unless the requests are identical.";
            return Err(refuse("IdempotentParameterMismatch", message));
        }
        Ok(view.get::<T>(scope, creation.id.as_str())?)
    }

    /// Remembers what a client token made.
    pub(crate) fn remember(
        tx: &mut Tx,
        scope: Scope,
        operation: &str,
        token: Option<&str>,
        asked: String,
        id: &str,
    ) -> Result<(), Error> {
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(()) };
        let (kind, token, id) = (operation.to_owned(), token.to_owned(), id.to_owned());
        Ok(tx.put(Self { scope, kind, token, id, asked })?)
    }

    /// Remembers what a CloudFormation step made, where one did.
    pub(crate) fn remember_step(tx: &mut Tx, scope: Scope, new: &NewTags, id: &str) -> Result<(), Error> {
        match &new.step {
            Some(token) => Ok(Self::note(tx, scope, token, id)?),
            None => Ok(()),
        }
    }

    /// Notes the id of what a CloudFormation step made.
    pub(crate) fn note(tx: &mut Tx, scope: Scope, token: &str, id: &str) -> Result<(), StoreError> {
        let (kind, token, id) = (STEP.to_owned(), token.to_owned(), id.to_owned());
        tx.put(Self { scope, kind, token, id, asked: String::new() })
    }

    /// Takes back what a CloudFormation step noted.
    pub(crate) fn withdraw(tx: &mut Tx, scope: Scope, token: &str) -> Result<(), StoreError> {
        tx.remove::<Self>(scope, (STEP, token)).map(|_| ())
    }

    /// The id that a CloudFormation step noted; empty where it has only begun.
    pub(crate) fn step(view: &View, scope: Scope, token: &str) -> Result<Option<String>, StoreError> {
        Ok(view.get::<Self>(scope, (STEP, token))?.map(|creation| creation.id))
    }

    /// Whether a CloudFormation step whose token begins so noted an id.
    pub(crate) fn noted_by(view: &View, scope: Scope, beginning: &str, id: &str) -> Result<bool, StoreError> {
        let steps = view.scan::<Self>(scope, (STEP, StartsWith(beginning))).rows()?;
        Ok(steps.iter().any(|step| step.id == id))
    }
}
