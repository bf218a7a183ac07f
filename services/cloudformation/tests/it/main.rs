//! CloudFormation against a cloud of stand-in resource types.

mod access;
mod creation;
mod deletion;
mod failures;
mod refusals;
mod restart;
mod support;
mod timing;
mod views;
