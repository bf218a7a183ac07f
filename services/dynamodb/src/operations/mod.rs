//! DynamoDB's operations, by what they are about.

mod backups;
mod batch;
mod create_table;
mod items;
mod policies;
mod query;
mod recovery;
mod scan;
mod streams;
mod tables;
mod tags;
mod time_to_live;
mod transact;
mod update_table;
