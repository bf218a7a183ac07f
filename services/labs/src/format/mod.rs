//! The format of a lab's folder: lab.yaml, the guide, and files for download.

mod assertions;
mod error;
mod fields;
mod lab;
mod model;
mod readings;
mod steps;
mod yaml;

pub use error::LabError;
pub(crate) use lab::{Files, read, wanted};
pub(crate) use model::{
    Assertion, Comparison, Does, From, Mistake, OnError, Pages, Reading, Rule, Settles, Source, Step,
};
pub use model::{Check, Lab, LabFile, StudentAccess, Task};
pub(crate) use yaml::MOST_BYTES;
