//! Whole templates.
