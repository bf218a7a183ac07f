//! What a lab's expressions stand for: the attempt's own values and the readings of its account, each read when it is first needed.

use crate::expression::{Part, evaluate, head, parts};
use crate::format::{From, Lab, OnError, Pages, Reading, Source};
use crate::objects;
use contract::{Caller, Chain, Context, Entry, Principal, Route, RouteRequest, Signer};
use futures::future::BoxFuture;
use names::{AccountId, Scope};
use std::collections::HashMap;
use std::sync::Arc;
use wire::{Document, ErrorResponse};

/// Marks the grader's own calls: the events that CloudTrail makes of them have it as their address and agent.
pub const GRADER: &str = "grader.labs.cloudchamber.internal";
/// The most elements that `each` goes through.
const MOST_EACH: usize = 100;
/// Found values are told in so many characters.
const SHOWN: usize = 400;

/// Why a value is not there: what was found, and what to do.
#[derive(Debug, Clone)]
pub(crate) struct Miss {
    pub(crate) found: String,
    pub(crate) why: Option<String>,
}

impl std::convert::From<String> for Miss {
    fn from(found: String) -> Self {
        Self { found, why: None }
    }
}

/// Whose account is read.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) account: AccountId,
    pub(crate) student: String,
}

/// The values of one grading, or of one run of a solution.
pub(crate) struct Environment<'a> {
    lab: &'a Lab,
    pub(crate) context: &'a Context,
    routes: &'a [Arc<dyn Route>],
    pub(crate) place: Place,
    reader: Caller,
    values: HashMap<String, Document>,
    read: HashMap<String, Result<Document, Miss>>,
}

impl<'a> Environment<'a> {
    pub(crate) fn new(
        lab: &'a Lab,
        context: &'a Context,
        routes: &'a [Arc<dyn Route>],
        place: Place,
    ) -> Self {
        let scope = Scope::new(place.account, lab.region);
        let reader = context.caller(Principal::Root(place.account), scope, Chain::default().through(GRADER));
        let mut values: HashMap<String, Document> =
            lab.constants.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        values.insert("account".into(), place.account.to_string().into());
        values.insert("region".into(), lab.region.as_str().into());
        values.insert("student".into(), place.student.as_str().into());
        values.insert("lab".into(), lab.name.as_str().into());
        values.insert("endpoint".into(), context.endpoint.as_str().into());
        Self { lab, context, routes, place, reader, values, read: HashMap::new() }
    }

    /// A value under a name, for what comes after.
    pub(crate) fn define(&mut self, name: &str, value: Document) {
        self.values.insert(name.to_owned(), value);
    }

    /// Reads everything anew from here on.
    pub(crate) fn forget(&mut self) {
        self.read.clear();
    }

    /// The value of a source.
    pub(crate) async fn source(&mut self, source: &Source) -> Result<Document, Miss> {
        match source {
            Source::Named(name) => self.named(name).await,
            Source::Own(reading) => self.reading(reading).await,
        }
    }

    /// The value that a name stands for.
    fn named<'s>(&'s mut self, name: &'s str) -> BoxFuture<'s, Result<Document, Miss>> {
        Box::pin(async move {
            if let Some(value) = self.values.get(name) {
                return Ok(value.clone());
            }
            if name == "files" {
                return Ok(self.lab.all_files());
            }
            if let Some(read) = self.read.get(name) {
                return read.clone();
            }
            let lab = self.lab;
            let Some((_, reading)) = lab.readings.iter().find(|(known, _)| known == name) else {
                return Err(Miss::from(format!("${{{name}}} is not defined")));
            };
            let read = self.reading(reading).await;
            self.read.insert(name.to_owned(), read.clone());
            read
        })
    }

    async fn reading(&mut self, reading: &Reading) -> Result<Document, Miss> {
        let Some(each) = &reading.each else { return self.one(reading).await };
        let elements = match self.resolve(each).await? {
            Document::Array(elements) => elements,
            other => return Err(Miss::from(format!("each needs a list, and found {}", shown(&other)))),
        };
        if elements.len() > MOST_EACH {
            return Err(Miss::from(format!(
                "there are {} elements; at most {MOST_EACH} are gone through",
                elements.len()
            )));
        }
        let mut found = Vec::with_capacity(elements.len());
        for element in elements {
            self.values.insert("item".into(), element);
            let one = self.one(reading).await;
            self.values.remove("item");
            found.push(one?);
        }
        Ok(Document::Array(found))
    }

    async fn one(&mut self, reading: &Reading) -> Result<Document, Miss> {
        let (answer, what) = match &reading.from {
            From::Value(value) => (Ok(self.resolve(value).await?), String::new()),
            From::Call { service, operation, with, pages } => {
                let input = self.resolve(with).await?;
                let answer = self.call(service, operation, input, pages.as_ref()).await;
                (answer, format!("{service}:{operation}"))
            }
            From::Object { bucket, key } => {
                let (bucket, key) = (self.resolve(bucket).await?, self.resolve(key).await?);
                let (bucket, key) = (
                    bucket.as_str().unwrap_or_default().to_owned(),
                    key.as_str().unwrap_or_default().to_owned(),
                );
                (objects::content(&self.reader, bucket, key).await, "s3:GetObject".to_owned())
            }
            From::Page { path, query } => {
                let query = self.resolve(query).await?;
                (self.page(path, &query).await, format!("/_cloudchamber/{path}"))
            }
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let found = short(&format!("{what} answered {}: {}", error.code, error.message));
                return match reading.errors.get(&error.code) {
                    Some(OnError::Value(value)) => self.resolve(value).await,
                    Some(OnError::Say(says)) => Err(Miss { found, why: Some(says.clone()) }),
                    None => Err(Miss { found, why: reading.otherwise.clone() }),
                };
            }
        };
        let Some(take) = &reading.take else { return Ok(answer) };
        match self.find(&take.text, &answer).await {
            Ok(Document::Null) if reading.otherwise.is_some() => {
                Err(Miss { found: "nothing".into(), why: reading.otherwise.clone() })
            }
            Err(miss) => Err(Miss { why: miss.why.or_else(|| reading.otherwise.clone()), ..miss }),
            taken => taken,
        }
    }

    async fn call(
        &self,
        service: &str,
        operation: &str,
        mut input: Document,
        pages: Option<&Pages>,
    ) -> Result<Document, ErrorResponse> {
        let mut answer = self.reader.call_document(service, operation, input.clone()).await?;
        let Some(pages) = pages else { return Ok(answer) };
        let mut list: Vec<Document> =
            answer.get(&pages.list).and_then(Document::as_array).unwrap_or_default().to_vec();
        for _ in 1..pages.most {
            let Some(token) = answer.get(&pages.token.0).and_then(Document::as_str) else { break };
            input.set(pages.token.1.as_str(), token);
            answer = self.reader.call_document(service, operation, input.clone()).await?;
            list.extend(
                answer.get(&pages.list).and_then(Document::as_array).unwrap_or_default().iter().cloned(),
            );
        }
        answer.set(pages.list.as_str(), Document::Array(list));
        Ok(answer)
    }

    /// A page beside the APIs, as the root of the lab's account sees it.
    async fn page(&self, path: &str, query: &Document) -> Result<Document, ErrorResponse> {
        let (segment, rest) = path.split_once('/').unwrap_or((path, ""));
        let refused =
            |status: u16| ErrorResponse::new("NotFound", format!("the page answered {status}"), status);
        let route = self
            .routes
            .iter()
            .find(|route| route.segment() == segment && route.entry() != Entry::Root)
            .ok_or_else(|| refused(404))?;
        let query = query.as_object().into_iter().flatten();
        let request = RouteRequest {
            method: "GET".into(),
            path: rest.to_owned(),
            query: query.map(|(name, value)| (name.clone(), plain(value))).collect(),
            signer: Some(Signer {
                principal: Principal::Root(self.place.account),
                access_key_id: String::new(),
            }),
            ..RouteRequest::default()
        };
        let answer = route.answer(request, self.context).await;
        if answer.status != 200 {
            return Err(refused(answer.status));
        }
        Document::parse_bytes(answer.bytes()).map_err(|_| refused(500))
    }

    /// What an expression finds in a value.
    pub(crate) async fn find(&mut self, expression: &str, over: &Document) -> Result<Document, Miss> {
        let mut filled = String::with_capacity(expression.len());
        for part in parts(expression)? {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Variable(inner) => {
                    let value = self.variable(inner).await?;
                    filled.push('`');
                    filled.push_str(&value.to_string().replace('`', "\\u0060"));
                    filled.push('`');
                }
            }
        }
        evaluate(&filled, over)
            .map_err(|reason| Miss::from(format!("{expression} cannot be evaluated: {reason}")))
    }

    /// What `${inner}` stands for; what is nothing is a miss.
    async fn variable(&mut self, inner: &str) -> Result<Document, Miss> {
        let name = head(inner).to_owned();
        let value = self.named(&name).await?;
        let found = if inner == name {
            value
        } else {
            let over = Document::object().with(name.as_str(), value);
            evaluate(inner, &over).map_err(|reason| Miss::from(format!("${{{inner}}}: {reason}")))?
        };
        if found.is_null() {
            let reading = self.lab.readings.iter().find(|(known, _)| *known == name);
            let why = reading.and_then(|(_, reading)| reading.otherwise.clone());
            return Err(Miss { found: format!("there is no {inner} yet"), why });
        }
        Ok(found)
    }

    /// A value with its `${…}` filled in: a text that is nothing but one `${…}` becomes what that is, list or number.
    pub(crate) fn resolve<'s>(&'s mut self, template: &'s Document) -> BoxFuture<'s, Result<Document, Miss>> {
        Box::pin(async move {
            Ok(match template {
                Document::String(text) if text.contains("${") => self.text(text).await?,
                Document::Array(elements) => {
                    let mut resolved = Vec::with_capacity(elements.len());
                    for element in elements {
                        resolved.push(self.resolve(element).await?);
                    }
                    Document::Array(resolved)
                }
                Document::Object(members) => {
                    let mut resolved = Document::object();
                    for (name, value) in members {
                        resolved.set(name.as_str(), self.resolve(value).await?);
                    }
                    resolved
                }
                other => other.clone(),
            })
        })
    }

    async fn text(&mut self, text: &str) -> Result<Document, Miss> {
        let parts: Vec<Part<'_>> = parts(text)?;
        let whole = match parts.as_slice() {
            [Part::Text(""), Part::Variable(inner), Part::Text("")] => Some(*inner),
            _ => None,
        };
        if let Some(inner) = whole {
            return self.variable(inner).await;
        }
        let mut out = String::with_capacity(text.len());
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Variable(inner) => out.push_str(&plain(&self.variable(inner).await?)),
            }
        }
        Ok(out.into())
    }
}

/// Text as it is, everything else as JSON.
fn plain(value: &Document) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value for people, cut where it is long.
pub(crate) fn shown(value: &Document) -> String {
    match value {
        Document::Null => "nothing".into(),
        Document::String(text) => short(text),
        other => short(&other.to_string()),
    }
}

pub(crate) fn short(text: &str) -> String {
    let mut cut: String = text.chars().take(SHOWN).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
