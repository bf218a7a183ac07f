use crate::state::{Entity, ManagedPolicy};
use crate::{managed, refusal};
use api_iam::{Error, PolicySourceType, Position, Statement};
use names::AccountId;
use policy::{Attached, Document, Kind, Reason, Span, statement_spans};
use std::cell::OnceCell;
use std::sync::Arc;
use store::{StoreError, View};

/// A policy of the simulation, with its text.
pub(crate) struct Source {
    /// As results name it: `user_ann_Inline`, `ReadOnlyAccess`, `PolicyInputList.1`.
    id: String,
    of: PolicySourceType,
    text: String,
    document: Arc<Document>,
    spans: OnceCell<Vec<Span>>,
}

impl Source {
    pub(crate) fn new(id: String, of: PolicySourceType, text: String, document: Arc<Document>) -> Self {
        Self { id, of, text, document, spans: OnceCell::new() }
    }

    /// A policy that the caller wrote; `number` is its place in the list, from 1.
    pub(crate) fn input(list: &str, number: usize, text: &str, of: PolicySourceType) -> Result<Self, Error> {
        let document = policy::parse(text, Kind::Identity).map_err(|error| {
            refusal::invalid_input(format!("Invalid Input Policy {list}.{number}: {error}"))
        })?;
        Ok(Self::new(format!("{list}.{number}"), of, text.to_owned(), document))
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// In bytes.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }

    /// As the evaluator takes it. Its name is its place among the sources, by which [`Reason`]s are led back.
    pub(crate) fn attached(&self, place: usize) -> Attached {
        Attached::inline(&place.to_string(), Arc::clone(&self.document))
    }

    /// A statement that decided, as results name it.
    pub(crate) fn statement(&self, reason: &Reason) -> Statement {
        let spans = self.spans.get_or_init(|| statement_spans(&self.text));
        let span = spans.get(reason.statement);
        let position = |at: policy::Position| Position {
            line: i32::try_from(at.line).ok(),
            column: i32::try_from(at.column).ok(),
        };
        Statement {
            source_policy_id: Some(self.id.clone()),
            source_policy_type: Some(self.of),
            start_position: span.map(|span| position(span.start)),
            end_position: span.map(|span| position(span.end)),
        }
    }
}

/// The names and texts of an entity's policies, in the order in which they bind it, with the documents that bind it.
pub(super) fn of_entity<E: Entity>(
    view: &View,
    entity: &E,
    bound: &mut impl Iterator<Item = Attached>,
    into: &mut Vec<Source>,
) -> Result<(), StoreError> {
    let of = PolicySourceType::IamPolicy;
    let policies = entity.policies();
    let inline = policies
        .inline
        .iter()
        .map(|(name, text)| Ok((format!("{}_{}_{name}", E::NOUN, entity.name()), text.clone())));
    let attached = policies.attached.iter().map(|arn| managed_text(view, entity.account(), arn));
    for (named, attached) in inline.chain(attached).zip(bound) {
        let (id, text) = named?;
        into.push(Source::new(id, of, text, attached.document));
    }
    Ok(())
}

/// A managed policy's name and text.
pub(super) fn managed_text(
    view: &View,
    account: AccountId,
    arn: &str,
) -> Result<(String, String), StoreError> {
    let text = match managed::by_arn(arn) {
        Some(policy) => policy.document()?,
        None => ManagedPolicy::by_arn(view, account, arn)?
            .map(|policy| policy.document().to_owned())
            .ok_or_else(|| StoreError::Corrupt(format!("the attached policy {arn} is gone")))?,
    };
    Ok((managed::name_of(arn).to_owned(), text))
}
