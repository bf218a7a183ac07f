//! The crate from outside: the sentences of denials, and properties that hold for all inputs.

#![cfg(test)]

mod denials;
mod documents;
mod properties;
