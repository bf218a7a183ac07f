//! Whole queries over a few events.

mod malformed;
mod rows;
mod statistics;

use super::{Answer, Lambda, Pipeline, Query, Record};

/// 2026-11-21T09:30:00Z
const NOW: i64 = 1_795_253_400_000;

fn query(text: &str) -> Query {
    Query::parse(text).unwrap_or_else(|malformed| panic!("{text}: {malformed}"))
}

/// What a query answers over events, given from the first to the last, a second apart.
fn answer(text: &str, messages: &[&str]) -> Answer {
    of_group("g", text, messages)
}

fn of_group(group: &str, text: &str, messages: &[&str]) -> Answer {
    let query = query(text);
    let mut pipeline = Pipeline::new(&query, NOW, 10_000);
    for (second, message) in (0..).zip(messages).collect::<Vec<(i64, _)>>().into_iter().rev() {
        let at = NOW + second * 1000;
        let log = format!("111122223333:{group}");
        let pointer = format!("ptr{second}");
        let lambda = Lambda::of_group(group);
        let record =
            Record::new((at, at + 5), (**message).into(), "s".into(), log.into(), pointer.into(), lambda);
        pipeline.take(record).unwrap();
    }
    pipeline.finish().unwrap()
}

/// Rows as `column=value` joined by commas, without pointers.
fn rows(text: &str, messages: &[&str]) -> Vec<String> {
    printed(answer(text, messages))
}

fn printed(answer: Answer) -> Vec<String> {
    let row = |row: Vec<(String, String)>| {
        let columns = row.into_iter().filter(|(name, _)| name != "@ptr");
        columns.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
    };
    answer.rows.into_iter().map(row).collect()
}
