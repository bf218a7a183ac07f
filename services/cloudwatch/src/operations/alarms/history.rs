//! DescribeAlarmHistory.

use super::access::{on_alarm, on_all, on_composite};
use crate::CloudWatch;
use crate::refusal::validation;
use crate::state::{HistoryItem, KEPT};
use api_cloudwatch::{
    AlarmHistoryItem, AlarmType, DescribeAlarmHistory, DescribeAlarmHistoryOutput, Error, InvalidNextToken,
    ScanBy,
};
use contract::{Access, Call, Transact, first_page, read_page_token};
use store::{Tx, View};

const LIST: &str = "alarm-history";
const LENGTH: i32 = 100;

impl Transact<DescribeAlarmHistory> for CloudWatch {
    fn access(input: &DescribeAlarmHistory, call: &Call, view: &View) -> Access {
        if types(input).contains(&AlarmType::CompositeAlarm) {
            return on_composite("DescribeAlarmHistory");
        }
        match &input.alarm_name {
            Some(name) => Access::default().and(on_alarm("DescribeAlarmHistory", name, call, view)),
            None => on_all("DescribeAlarmHistory", call),
        }
    }

    fn run(
        input: DescribeAlarmHistory,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeAlarmHistoryOutput, Error> {
        if input.alarm_contributor_id.is_some() {
            return Err(validation(
                "AlarmContributorId: alarms with contributors (Metrics Insights) are not built in Cloudchamber.",
            ));
        }
        let types = types(&input);
        let mut items = match &input.alarm_name {
            Some(name) => HistoryItem::of(tx, call.scope(), name)?,
            None => HistoryItem::in_order(tx, call.scope())?,
        };
        items.retain(|item| {
            item.at.plus(KEPT) >= call.now
                && types.iter().any(|kind| kind.as_str() == item.alarm_type)
                && input.history_item_type.is_none_or(|kind| kind.as_str() == item.kind)
                && input.start_date.is_none_or(|start| item.at >= start)
                && input.end_date.is_none_or(|end| item.at <= end)
        });
        let descending = input.scan_by != Some(ScanBy::TimestampAscending);
        if descending {
            items.reverse();
        }
        // Milliseconds of one length, so that keys of the page sort as the items do.
        let key = |item: &HistoryItem| format!("{:015}|{}|{:06}", item.at.millis(), item.alarm, item.place);
        let mut things: Vec<(String, HistoryItem)> =
            items.into_iter().map(|item| (key(&item), item)).collect();
        if let Some(token) = &input.next_token {
            let shown = read_page_token(LIST, token)
                .map_err(|_| InvalidNextToken::new("The next token specified is invalid."))?;
            things.retain(|(key, _)| if descending { *key < shown } else { *key > shown });
        }
        let length = usize::try_from(input.max_records.unwrap_or(LENGTH)).unwrap_or(1);
        let (page, next_token) = first_page(LIST, length, things);
        let items = page.into_iter().map(written).collect();
        Ok(DescribeAlarmHistoryOutput { alarm_history_items: Some(items), next_token })
    }
}

/// Metric alarms where nothing else is asked for.
fn types(input: &DescribeAlarmHistory) -> Vec<AlarmType> {
    let given = input.alarm_types.clone().unwrap_or_default();
    if given.is_empty() { vec![AlarmType::MetricAlarm] } else { given }
}

fn written(item: HistoryItem) -> AlarmHistoryItem {
    AlarmHistoryItem {
        alarm_name: Some(item.alarm),
        alarm_type: item.alarm_type.parse().ok(),
        timestamp: Some(item.at),
        history_item_type: item.kind.parse().ok(),
        history_summary: Some(item.summary),
        history_data: Some(item.data),
        ..Default::default()
    }
}
