//! The policy simulator: what real calls would be answered, by the evaluator that answers them
//! (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>).
//!
//! What it is: [`subject`] gathers whose policies are simulated, [`question`] reads what is asked, [`answer`] decides by [`policy::evaluate`]
//! and tells which statements, where. What it is not: it fetches no resource's policy and no condition key but those that follow from who calls;
//! the others are asked for as `MissingContextValues`.

pub(crate) mod answer;
pub(crate) mod question;
mod source;
pub(crate) mod subject;

pub(crate) use source::Source;
