//! Each runbook of AWS's that needs no script, from a resource that a managed rule finds fault with to one that it does not.

mod database;
mod key;
mod lab;
mod network;
mod stack;
mod storage;
