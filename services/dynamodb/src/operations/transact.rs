//! Several items, all or none.

use super::items::{collection, projection, shows};
use crate::Dynamodb;
use crate::access::{self, Keys, attributes, leading_keys, parameter};
use crate::capacity::{Direction, Usage, read_units};
use crate::checks;
use crate::expression::attributes_named;
use crate::plan::{Change, Expressions, Failure, Plan, expressions, item_document, table};
use crate::refusal::validation;
use crate::state::{StoredItem, Table, TransactionToken};
use crate::tasks::Forget;
use crate::value::{Wire, item_into, item_size};
use api_dynamodb::{
    Error, IdempotentParameterMismatchException, ItemResponse, ReturnItemCollectionMetrics,
    ReturnValuesOnConditionCheckFailure, TransactGetItems, TransactGetItemsOutput, TransactWriteItem,
    TransactWriteItems, TransactWriteItemsOutput, TransactionCanceledException,
};
use contract::{Access, Call, Check, Transact};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, View};
use wire::Document;

/// The most bytes of one transaction.
const LARGEST: usize = 4 << 20;

fn enclosing(mut keys: Keys, operation: &str) -> Keys {
    keys.push(("dynamodb:EnclosingOperation".into(), vec![operation.into()]));
    keys
}

fn all(checks: Vec<Check>, action: &str) -> Access {
    if checks.is_empty() {
        return Access::to(format!("dynamodb:{action}"));
    }
    Access { checks, unconditional: false }
}

/// Why a transaction is cancelled, one reason for each of its parts.
fn cancelled(reasons: &[Option<Failure>]) -> Error {
    let mut codes = Vec::new();
    let mut documents = Vec::new();
    for reason in reasons {
        let mut document = Document::object();
        let code = match reason {
            None => "None",
            Some(Failure::Condition { item, .. }) => {
                document.set("Message", "The conditional request failed");
                if let Some(item) = item {
                    document.set("Item", item_document(item.clone()));
                }
                "ConditionalCheckFailed"
            }
            Some(Failure::Invalid(message)) => {
                document.set("Message", message.as_str());
                "ValidationError"
            }
            Some(Failure::Store(_)) => "InternalServerError",
        };
        document.set("Code", code);
        codes.push(code);
        documents.push(document);
    }
    let mut error = TransactionCanceledException::new(format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    ));
    error.cancellation_reasons = Some(documents.into());
    error.into()
}

impl Transact<TransactGetItems> for Dynamodb {
    fn access(input: &TransactGetItems, call: &Call, view: &View) -> Access {
        let checks = input.transact_items.iter().map(|item| {
            let get = &item.get;
            access::check("GetItem", &get.table_name, None, call, view, |table| {
                let mut keys = leading_keys(&table.key.hash, [&get.key]);
                keys.extend(super::items::read_keys(
                    table,
                    get.projection_expression.as_deref(),
                    None,
                    &[],
                    get.expression_attribute_names.as_ref(),
                ));
                let capacity = input.return_consumed_capacity.map(|value| value.as_str());
                keys.extend(parameter("ReturnConsumedCapacity", capacity));
                enclosing(keys, "TransactGetItems")
            })
        });
        all(checks.collect(), "GetItem")
    }

    fn run(input: TransactGetItems, call: &Call, tx: &mut Tx) -> Result<TransactGetItemsOutput, Error> {
        let mut parts = Vec::new();
        for item in input.transact_items {
            let get = item.get;
            let projection =
                projection(get.projection_expression.as_deref(), None, get.expression_attribute_names)
                    .map_err(validation)?;
            parts.push((get.table_name, get.key, projection));
        }
        let mut responses = Vec::new();
        let mut reasons = Vec::new();
        let mut usages = Usages::default();
        let mut seen = BTreeSet::new();
        let mut bytes = 0;
        for (name, wire, projection) in parts {
            let table = table(tx, call, &name)?;
            let key = match checks::key(&table, wire) {
                Ok((_, key)) => key,
                Err(reason) => {
                    reasons.push(Some(Failure::Invalid(reason)));
                    continue;
                }
            };
            if !seen.insert((table.id.clone(), key.hash.clone(), key.range.clone())) {
                return Err(validation("Transaction request cannot include multiple operations on one item"));
            }
            let row = StoredItem::get(tx, table.scope, &table.id, &key)?;
            let item = row.map(|row| row.item()).transpose()?;
            let size = item.as_ref().map_or(0, item_size);
            bytes += size;
            usages.add(&table, &Usage { table: read_units(size, true), ..Usage::default() });
            let item =
                item.map(|item| projection.as_ref().map_or_else(|| item.clone(), |it| it.apply(&item)));
            responses.push(ItemResponse { item: item.map(item_into) });
            reasons.push(None);
        }
        if reasons.iter().any(Option::is_some) {
            return Err(cancelled(&reasons));
        }
        if bytes > LARGEST {
            return Err(validation("The aggregate size of the items in the transaction exceeds 4 MB"));
        }
        Ok(TransactGetItemsOutput {
            consumed_capacity: usages.tell(Direction::Read, input.return_consumed_capacity, call, tx),
            responses: Some(responses),
        })
    }
}

/// What a transaction consumed, by table.
#[derive(Default)]
struct Usages(BTreeMap<String, (Table, Usage)>);

impl Usages {
    fn add(&mut self, table: &Table, usage: &Usage) {
        let (_, sum) = self.0.entry(table.id.clone()).or_insert_with(|| (table.clone(), Usage::default()));
        sum.add(usage);
    }

    fn tell(
        self,
        direction: Direction,
        wanted: Option<api_dynamodb::ReturnConsumedCapacity>,
        call: &Call,
        tx: &mut Tx,
    ) -> Option<Vec<api_dynamodb::ConsumedCapacity>> {
        let tell = |(table, usage): (Table, Usage)| usage.doubled().tell(direction, wanted, &table, call, tx);
        let answers = self.0.into_values().filter_map(tell);
        let answers: Vec<_> = answers.collect();
        (!answers.is_empty()).then_some(answers)
    }
}

/// A part of a write, whichever it is.
struct Part {
    action: &'static str,
    table_name: String,
    /// The key, or for a put the whole item.
    wire: Wire,
    condition: Option<String>,
    update: Option<String>,
    names: Option<BTreeMap<String, String>>,
    values: Option<Wire>,
    shows: Option<ReturnValuesOnConditionCheckFailure>,
}

impl Part {
    fn of(item: TransactWriteItem) -> Option<Self> {
        match (item.condition_check, item.put, item.delete, item.update) {
            (Some(it), None, None, None) => Some(Self {
                action: "ConditionCheckItem",
                table_name: it.table_name,
                wire: it.key,
                condition: Some(it.condition_expression),
                update: None,
                names: it.expression_attribute_names,
                values: it.expression_attribute_values,
                shows: it.return_values_on_condition_check_failure,
            }),
            (None, Some(it), None, None) => Some(Self {
                action: "PutItem",
                table_name: it.table_name,
                wire: it.item,
                condition: it.condition_expression,
                update: None,
                names: it.expression_attribute_names,
                values: it.expression_attribute_values,
                shows: it.return_values_on_condition_check_failure,
            }),
            (None, None, Some(it), None) => Some(Self {
                action: "DeleteItem",
                table_name: it.table_name,
                wire: it.key,
                condition: it.condition_expression,
                update: None,
                names: it.expression_attribute_names,
                values: it.expression_attribute_values,
                shows: it.return_values_on_condition_check_failure,
            }),
            (None, None, None, Some(it)) => Some(Self {
                action: "UpdateItem",
                table_name: it.table_name,
                wire: it.key,
                condition: it.condition_expression,
                update: Some(it.update_expression),
                names: it.expression_attribute_names,
                values: it.expression_attribute_values,
                shows: it.return_values_on_condition_check_failure,
            }),
            _ => None,
        }
    }

    fn expressions(&mut self) -> Result<Expressions, String> {
        let update = (self.action == "UpdateItem").then_some(self.update.as_deref());
        expressions(self.condition.as_deref(), update, self.names.take(), self.values.take())
    }

    fn plan(self, table: &Table, read: Expressions) -> Result<Plan, String> {
        let shown = shows(self.shows);
        let plan = match self.action {
            "PutItem" => Plan::put(table, self.wire),
            "DeleteItem" => Plan::on_key(table, self.wire, Change::Delete),
            "UpdateItem" => Plan::on_key(table, self.wire, Change::Update(read.update.unwrap_or_default())),
            _ => Plan::on_key(table, self.wire, Change::Check),
        };
        Ok(plan?.only_if(read.condition, shown))
    }

    /// All of it as text, for comparing requests.
    fn text(&self) -> String {
        let values = |wire: &Wire| {
            let read: Result<_, _> = crate::value::item_from(wire.clone());
            read.map_or_else(|reason| reason, |item| item_document(item).to_string())
        };
        format!(
            "{} {} {} {:?} {:?} {:?} {:?} {}",
            self.action,
            self.table_name,
            values(&self.wire),
            self.condition,
            self.update,
            self.names,
            self.values.as_ref().map(values),
            shows(self.shows)
        )
    }
}

impl Transact<TransactWriteItems> for Dynamodb {
    fn access(input: &TransactWriteItems, call: &Call, view: &View) -> Access {
        let mut checks = Vec::new();
        for part in input.transact_items.iter().cloned().filter_map(Part::of) {
            checks.push(access::check(part.action, &part.table_name, None, call, view, |table| {
                let mut keys = leading_keys(&table.key.hash, [&part.wire]);
                let texts = [&part.condition, &part.update].into_iter().flatten();
                let named = texts.flat_map(|text| attributes_named(text, part.names.as_ref()));
                keys.extend(attributes(named.chain(part.wire.keys().cloned())));
                let capacity = input.return_consumed_capacity.map(|value| value.as_str());
                keys.extend(parameter("ReturnConsumedCapacity", capacity));
                enclosing(keys, "TransactWriteItems")
            }));
        }
        all(checks, "PutItem")
    }

    fn run(input: TransactWriteItems, call: &Call, tx: &mut Tx) -> Result<TransactWriteItemsOutput, Error> {
        let mut parts = Vec::new();
        for item in input.transact_items {
            let one_of = || validation("TransactItems can only contain one of Check, Put, Update or Delete");
            parts.push(Part::of(item).ok_or_else(one_of)?);
        }
        if let Some(token) = &input.client_request_token
            && known(token, &parts, call, tx)?
        {
            return Ok(TransactWriteItemsOutput::default());
        }
        let mut read = Vec::new();
        for mut part in parts {
            let expressions = part.expressions().map_err(validation)?;
            read.push((part, expressions));
        }
        carry_out(read, input.return_consumed_capacity, input.return_item_collection_metrics, call, tx)
    }
}

fn carry_out(
    parts: Vec<(Part, Expressions)>,
    capacity: Option<api_dynamodb::ReturnConsumedCapacity>,
    wanted_metrics: Option<ReturnItemCollectionMetrics>,
    call: &Call,
    tx: &mut Tx,
) -> Result<TransactWriteItemsOutput, Error> {
    let mut reasons = Vec::new();
    let mut usages = Usages::default();
    let mut seen = BTreeSet::new();
    let mut metrics: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let mut bytes = 0;
    for (part, expressions) in parts {
        let table = table(tx, call, &part.table_name)?;
        let name = part.table_name.clone();
        let plan = match part.plan(&table, expressions) {
            Ok(plan) => plan,
            Err(reason) => {
                reasons.push(Some(Failure::Invalid(reason)));
                continue;
            }
        };
        if !seen.insert((table.id.clone(), plan.key.hash.clone(), plan.key.range.clone())) {
            return Err(validation("Transaction request cannot include multiple operations on one item"));
        }
        metrics.entry(name).or_default().extend(collection(wanted_metrics, &table, &plan.key_item));
        match plan.carry_out(&table, call, tx) {
            Ok(done) => {
                bytes += done.after.as_ref().map_or(0, item_size);
                usages.add(&table, &done.usage);
                reasons.push(None);
            }
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(failure) => reasons.push(Some(failure)),
        }
    }
    if reasons.iter().any(Option::is_some) {
        return Err(cancelled(&reasons));
    }
    if bytes > LARGEST {
        return Err(validation("The aggregate size of the items in the transaction exceeds 4 MB"));
    }
    metrics.retain(|_, metrics| !metrics.is_empty());
    Ok(TransactWriteItemsOutput {
        consumed_capacity: usages.tell(Direction::Write, capacity, call, tx),
        item_collection_metrics: Some(metrics).filter(|metrics| !metrics.is_empty()),
    })
}

/// Whether the transaction was carried out before under its token; if not, remembers it.
fn known(token: &str, parts: &[Part], call: &Call, tx: &mut Tx) -> Result<bool, Error> {
    let mut digest = Sha256::new();
    for part in parts {
        let text = part.text();
        digest.update(text.len().to_be_bytes());
        digest.update(text.as_bytes());
    }
    let request = hex::encode(digest.finalize());
    let scope = call.scope();
    let before: Option<TransactionToken> = tx.get(scope, token)?;
    if let Some(before) = before.filter(|before| Forget::remembered(before, call.now)) {
        if before.request == request {
            return Ok(true);
        }
        return Err(IdempotentParameterMismatchException::new(
            "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical",
        )
        .into());
    }
    let token = TransactionToken { scope, token: token.to_owned(), request, at: call.now };
    Forget::schedule(&token, tx)?;
    tx.put(token)?;
    Ok(false)
}
