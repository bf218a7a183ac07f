//! The IAM policy language and its evaluation: pure, without store, async or clock.
//!
//! - [`parse`] reads a document ([`Kind`] says for what) or answers AWS's error with its position ([`ParseError`]).
//! - [`global_context`] fills the `aws:…` condition keys of a [`Context`]; services add their own.
//! - [`evaluate`] decides a [`Request`] by [`Policies`], and the [`Decision`] says why.
//! - [`applying`] lists every statement that applies, [`statement_spans`] where they stand: for the policy simulator.
//! - [`denial`] puts a decision into the words, code and status of the service that was called.
//!
//! What it is not: it does not know which policies an identity has, does not check that a principal named in a policy exists
//! ([`Document::principals`] lists them), and does not know which actions, resources and condition keys a service has.
//!
//! Nothing fails open: what cannot be read is refused when it is written, and what cannot be resolved never grants.

mod conditions;
mod context;
mod decision;
mod denial;
mod document;
mod evaluate;
mod globals;
mod parse;
mod principal;
mod public;
mod request;
mod text;

pub use conditions::{Condition, FailedCondition, ValueType};
pub use context::Context;
pub use decision::{Decision, NearMiss, Outcome, PolicyType, Reason};
pub use denial::{Denial, denial, explain};
pub use document::{Document, Effect, PrincipalPattern, Statement, Version};
pub use evaluate::{applying, evaluate};
pub use globals::{Globals, global_context};
pub use parse::{
    Flavour, JsonError, Kind, Member, Node, ParseError, Position, Problem, Span, Value, parse, read_json,
    statement_spans,
};
pub use principal::Principal;
pub use request::{Attached, Authority, Policies, Request, ResourcePolicy};
