//! IAM's sentences.

use crate::state::Entity;
use api_iam::{
    DeleteConflictException, EntityAlreadyExistsException, Error, InvalidInputException,
    LimitExceededException, MalformedPolicyDocumentException, NoSuchEntityException,
    UnmodifiableEntityException,
};

/// A user, group or role that is not there.
pub(crate) fn no_entity<E: Entity>(name: &str) -> Error {
    no_such(format!("The {} with name {name} cannot be found.", E::NOUN))
}

/// A name that is taken.
pub(crate) fn taken<E: Entity>(name: &str) -> Error {
    already(format!("{} with name {name} already exists.", E::TITLE))
}

pub(crate) fn no_such(sentence: impl Into<String>) -> Error {
    NoSuchEntityException::new(sentence).into()
}

pub(crate) fn already(sentence: impl Into<String>) -> Error {
    EntityAlreadyExistsException::new(sentence).into()
}

pub(crate) fn conflict(sentence: &str) -> Error {
    DeleteConflictException::new(sentence).into()
}

pub(crate) fn quota(name: &str, limit: impl std::fmt::Display) -> Error {
    limit_exceeded(format!("Cannot exceed quota for {name}: {limit}"))
}

pub(crate) fn limit_exceeded(sentence: impl Into<String>) -> Error {
    LimitExceededException::new(sentence).into()
}

pub(crate) fn malformed(sentence: impl Into<String>) -> Error {
    MalformedPolicyDocumentException::new(sentence).into()
}

pub(crate) fn invalid_input(sentence: impl Into<String>) -> Error {
    InvalidInputException::new(sentence).into()
}

pub(crate) fn validation(sentence: impl Into<String>) -> Error {
    Error::sender("ValidationError", sentence)
}

/// A managed policy that is not there.
pub(crate) fn no_policy(arn: &str) -> Error {
    no_such(format!("Policy {arn} was not found."))
}

/// A managed policy that is not there, or is not to be attached here.
pub(crate) fn not_attachable(arn: &str) -> Error {
    no_such(format!("Policy {arn} does not exist or is not attachable."))
}

/// A service-linked role is changed by its service alone.
pub(crate) fn protected(role: &str) -> Error {
    let sentence = format!(
        "Cannot perform the operation on the protected role '{role}' - this role is only modifiable by AWS"
    );
    UnmodifiableEntityException::new(sentence).into()
}
