//! Change feed, recorder, item, rule selection, evaluation, result, compliance change, notification.

mod canonical;
mod diff;
mod item;
