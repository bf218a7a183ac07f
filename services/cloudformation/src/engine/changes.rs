//! What an update would do, foretold: for change sets, and to tell an update that changes nothing.

use super::live::{Hidden, Seen};
use super::types::{Maker, Replacement, differing};
use super::zones::zones;
use crate::state::changes::{Cause, Detail, Planned};
use crate::state::resource::StackResource;
use crate::state::stack::{Stack, StackOutput};
use crate::template::{DeletionPolicy, Live, Output, Plan, Reference, references};
use contract::{Caller, Context};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::StoreError;
use wire::Document;

/// As AWS writes values that are known only afterwards.
pub(crate) const UNKNOWN: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// What is foretold of a resource that others refer to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It comes, or another takes its place: nothing of it is known.
    New,
    /// It is changed by a provider that may answer anything.
    Reshaped,
}

/// The stack as it is, without what is not known yet.
struct Forecast<'a> {
    seen: &'a Seen<'a>,
    fates: &'a HashMap<String, Fate>,
}

impl Live for Forecast<'_> {
    fn reference(&self, logical_id: &str) -> Option<Document> {
        match self.fates.get(logical_id) {
            Some(Fate::New) => Some(UNKNOWN.into()),
            _ => self.seen.reference(logical_id),
        }
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Document> {
        match self.fates.get(logical_id) {
            Some(_) => Some(UNKNOWN.into()),
            None => self.seen.attribute(logical_id, attribute),
        }
    }

    fn import(&self, name: &str) -> Option<String> {
        self.seen.import(name)
    }

    fn availability_zones(&self, region: &str) -> Vec<String> {
        self.seen.availability_zones(region)
    }
}

/// What would change.
pub(crate) struct Foretold {
    pub(crate) changes: Vec<Planned>,
    /// Outputs or their exports would be others.
    pub(crate) outputs: bool,
}

/// Foretells what the plan would do to a stack; `before` is the stack's own plan, None where it has no resources yet.
pub(crate) async fn foretell(
    stack: &Stack,
    before: Option<&Plan>,
    plan: &Plan,
    retagged: bool,
    caller: &Caller,
    context: &Context,
) -> Result<Foretold, StoreError> {
    let zones = zones(plan, caller).await;
    let seen = Seen::new(context.store.view(), stack.scope, &stack.id, &zones)?;
    let mut fates = HashMap::new();
    let mut changes: BTreeMap<String, Planned> = BTreeMap::new();
    let changed_parameters = changed_parameters(before, plan);
    for logical_id in plan.graph().order() {
        let Some(declared) = plan.resource(logical_id) else { continue };
        let row = seen.resource(logical_id).filter(|row| !row.is_gone() && row.physical_id.is_some());
        let maker = Maker::of(&declared.resource_type, context);
        let live = Forecast { seen: &seen, fates: &fates };
        let shown = Hidden::foretold(&seen, &live);
        let looked = Looked {
            plan,
            before,
            live: &live,
            shown: &shown,
            fates: &fates,
            parameters: &changed_parameters,
        };
        let planned = match (row, &maker) {
            (Some(row), Some(maker)) => looked.known(row, maker, retagged),
            _ => Some(looked.new_one(logical_id, &declared.resource_type)),
        };
        let Some(planned) = planned else { continue };
        let reshaped = matches!(maker, Some(Maker::Custom));
        match planned.replacement.as_deref() {
            None | Some("True" | "Conditional") => {
                fates.insert(logical_id.to_owned(), Fate::New);
            }
            Some(_) if reshaped => {
                fates.insert(logical_id.to_owned(), Fate::Reshaped);
            }
            Some(_) => {}
        }
        changes.insert(logical_id.to_owned(), planned);
    }
    for row in seen.resources().filter(|row| !row.is_gone() && plan.resource(&row.logical_id).is_none()) {
        changes.insert(row.logical_id.clone(), removed(row, before));
    }
    let live = Forecast { seen: &seen, fates: &fates };
    let outputs = plan.outputs(&live).map_or(true, |outputs| !same_outputs(&outputs, &stack.outputs));
    Ok(Foretold { changes: changes.into_values().collect(), outputs })
}

fn same_outputs(new: &[Output], old: &[StackOutput]) -> bool {
    new.len() == old.len()
        && new.iter().all(|output| {
            old.iter().any(|other| {
                other.key == output.name
                    && other.value == output.value
                    && other.export == output.export
                    && other.description == output.description
            })
        })
}

/// The parameters whose values differ.
fn changed_parameters(before: Option<&Plan>, plan: &Plan) -> BTreeSet<String> {
    let Some(before) = before else { return BTreeSet::new() };
    plan.parameters()
        .iter()
        .filter(|(name, value)| before.parameters().get(name).is_some_and(|old| old.text != value.text))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn removed(row: &StackResource, before: Option<&Plan>) -> Planned {
    let policy = before.and_then(|before| before.deletion_policy(&row.logical_id).ok()).unwrap_or_default();
    let policy = if policy == DeletionPolicy::Delete { "Delete" } else { "Retain" };
    Planned {
        action: "Remove".into(),
        logical_id: row.logical_id.clone(),
        physical_id: row.physical_id.clone(),
        resource_type: row.resource_type.clone(),
        policy: Some(policy.into()),
        before: row.shown.clone().map(in_context),
        ..Planned::default()
    }
}

fn in_context(properties: String) -> String {
    format!("{{\"Properties\":{properties}}}")
}

struct Looked<'a> {
    plan: &'a Plan,
    before: Option<&'a Plan>,
    live: &'a dyn Live,
    /// The same, as it may be shown.
    shown: &'a dyn Live,
    fates: &'a HashMap<String, Fate>,
    parameters: &'a BTreeSet<String>,
}

impl Looked<'_> {
    fn new_one(&self, logical_id: &str, resource_type: &str) -> Planned {
        let shown = self.plan.shown_properties(logical_id, self.shown).unwrap_or_else(Document::object);
        Planned {
            action: "Add".into(),
            logical_id: logical_id.to_owned(),
            resource_type: resource_type.to_owned(),
            after: Some(in_context(shown.to_string())),
            ..Planned::default()
        }
    }

    /// What becomes of a resource that is there; None where nothing does.
    fn known(&self, row: &StackResource, maker: &Maker, retagged: bool) -> Option<Planned> {
        let logical_id = row.logical_id.as_str();
        let declared = self.plan.resource(logical_id)?;
        let new = self.plan.properties(logical_id, self.live).unwrap_or_else(|_| {
            // A function cannot work on what is not known yet: every property that refers to anything is unknown.
            let members = declared.properties.as_object().into_iter().flatten();
            Document::Object(
                members.map(|(name, value)| (name.clone(), self.settled(row, name, value))).collect(),
            )
        });
        let shown_new = self.plan.shown_properties(logical_id, self.shown).unwrap_or_else(Document::object);
        let shown_old =
            row.shown.as_deref().and_then(|text| Document::parse(text).ok()).unwrap_or_else(Document::object);
        let mut details = Vec::new();
        let mut scope = BTreeSet::new();
        let mut replacement = "False";
        for name in differing(&row.properties, &new) {
            let required = maker.replacement(&name, &row.properties, &new);
            let causes = self.causes(declared.properties.get(&name));
            let attribute = if name == "Tags" { "Tags" } else { "Properties" };
            scope.insert(attribute.to_owned());
            let is_static = causes.iter().all(|cause| cause.evaluation == "Static")
                || causes.iter().any(|cause| cause.source == "ParameterReference");
            match required {
                Replacement::Always if is_static => replacement = "True",
                Replacement::Always | Replacement::Conditionally(_) if replacement != "True" => {
                    replacement = "Conditional";
                }
                _ => {}
            }
            let (before, after) = (row.properties.get(&name), new.get(&name));
            let text = |document: &Document| {
                let value = document.get(&name)?;
                Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            };
            for cause in causes {
                details.push(Detail {
                    attribute: attribute.into(),
                    name: (attribute == "Properties").then(|| name.clone()),
                    recreation: match required {
                        Replacement::Always => "Always",
                        Replacement::Conditionally(_) => "Conditionally",
                        Replacement::Never => "Never",
                    }
                    .into(),
                    change: match (before, after) {
                        (None, _) => "Add",
                        (_, None) => "Remove",
                        _ => "Modify",
                    }
                    .into(),
                    before: text(&shown_old),
                    after: text(&shown_new),
                    cause,
                });
            }
        }
        if retagged && maker.takes_tags() && !scope.contains("Tags") {
            scope.insert("Tags".to_owned());
            details.push(Detail::plain("Tags"));
        }
        let metadata = self.plan.metadata(logical_id, self.live);
        if metadata.map_or(true, |metadata| metadata != row.metadata) {
            scope.insert("Metadata".to_owned());
            details.push(Detail::plain("Metadata"));
        }
        for (attribute, policy) in [
            ("DeletionPolicy", Plan::deletion_policy as fn(&Plan, &str) -> _),
            ("UpdateReplacePolicy", Plan::update_replace_policy),
        ] {
            let old = self.before.and_then(|before| policy(before, logical_id).ok());
            if self.before.is_some() && old != policy(self.plan, logical_id).ok() {
                scope.insert(attribute.to_owned());
                details.push(Detail::plain(attribute));
            }
        }
        // What an update that was not undone left unfinished is taken up again.
        if details.is_empty() && !row.is("UPDATE_FAILED") {
            return None;
        }
        let keeps = self.plan.update_replace_policy(logical_id).unwrap_or_default() != DeletionPolicy::Delete;
        let policy = match (replacement, keeps) {
            ("False", _) => None,
            (_, true) => Some("ReplaceAndRetain".to_owned()),
            (_, false) => Some("ReplaceAndDelete".to_owned()),
        };
        Some(Planned {
            action: "Modify".into(),
            logical_id: logical_id.to_owned(),
            physical_id: row.physical_id.clone(),
            resource_type: row.resource_type.clone(),
            replacement: Some(replacement.into()),
            scope: scope.into_iter().collect(),
            details,
            policy,
            before: Some(in_context(shown_old.to_string())),
            after: Some(in_context(shown_new.to_string())),
        })
    }

    fn settled(&self, row: &StackResource, name: &str, value: &Document) -> Document {
        match references(value, &|name| self.plan.condition(name)) {
            Ok(found) if found.iter().any(|it| self.is_uncertain(it)) => UNKNOWN.into(),
            _ => row.properties.get(name).cloned().unwrap_or_else(|| value.clone()),
        }
    }

    fn is_uncertain(&self, reference: &Reference) -> bool {
        match reference {
            Reference::Name(name) => {
                self.fates.get(name) == Some(&Fate::New) || self.parameters.contains(name)
            }
            Reference::Attribute { resource, .. } => self.fates.contains_key(resource),
            Reference::Import => true,
        }
    }

    /// Why a property changes.
    fn causes(&self, declared: Option<&Document>) -> Vec<Cause> {
        let found = declared
            .and_then(|declared| references(declared, &|name| self.plan.condition(name)).ok())
            .unwrap_or_default();
        let mut causes: Vec<Cause> = Vec::new();
        for reference in found {
            if !self.is_uncertain(&reference) {
                continue;
            }
            let cause = match reference {
                Reference::Name(name) if self.parameters.contains(&name) => {
                    Cause::new("ParameterReference", "Static", Some(name))
                }
                Reference::Name(name) => Cause::new("ResourceReference", "Dynamic", Some(name)),
                Reference::Attribute { resource, attribute, .. } => {
                    Cause::new("ResourceAttribute", "Dynamic", Some(format!("{resource}.{attribute}")))
                }
                Reference::Import => continue,
            };
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        if causes.iter().any(|cause| cause.source == "ParameterReference") {
            // AWS cannot tell whether the template changed the property, too.
            causes.push(Cause::new("DirectModification", "Dynamic", None));
        }
        if causes.is_empty() {
            causes.push(Cause::new("DirectModification", "Static", None));
        }
        causes
    }
}
