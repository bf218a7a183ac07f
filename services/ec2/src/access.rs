//! What calls need: actions on ARNs with EC2's condition keys, as the Service Authorization Reference lists them.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>

use crate::state::noun::{self, Noun};
use crate::tags;
use api_ec2::{Tag, TagSpecification};
use contract::{Access, Call, Check};
use names::Scope;
use store::View;

/// What a call needs, check by check.
pub(crate) struct Needs<'a> {
    call: &'a Call,
    view: &'a View,
    action: String,
    checks: Vec<Check>,
}

impl<'a> Needs<'a> {
    /// The action of the called operation.
    pub(crate) fn of(call: &'a Call, view: &'a View) -> Self {
        Self { call, view, action: format!("ec2:{}", call.operation.1), checks: Vec::new() }
    }

    fn scope(&self) -> Scope {
        self.call.scope()
    }

    fn check(&self, action: &str, noun: &str, id: &str) -> Check {
        let mut check = Check::new(action, noun::arn(self.scope(), noun, id));
        check.context.push(("ec2:Region".into(), vec![self.call.region.to_string()]));
        check.resource_account = Some(self.call.account);
        check
    }

    /// On no resource in particular.
    pub(crate) fn anything(self) -> Access {
        Access::to(self.action).with("ec2:Region", [self.call.region.to_string()])
    }

    /// On a thing that is there, or is not: its ARN is checked all the same.
    pub(crate) fn on<T: Noun>(mut self, id: &str) -> Self {
        let check = self.on_thing::<T>(&self.action, id);
        self.checks.push(check);
        self
    }

    /// As [`Needs::on`], where the request names one.
    pub(crate) fn on_some<T: Noun>(self, id: Option<&str>) -> Self {
        match id {
            Some(id) => self.on::<T>(id),
            None => self,
        }
    }

    /// On each of several things.
    pub(crate) fn on_each<'i, T: Noun>(self, ids: impl IntoIterator<Item = &'i String>) -> Self {
        ids.into_iter().fold(self, |needs, id| needs.on::<T>(id))
    }

    /// On a thing that has an ARN and no row of its own.
    pub(crate) fn on_arn(mut self, noun: &str, id: &str, tags: Option<&names::Tags>) -> Self {
        let mut check = self.check(&self.action, noun, id);
        tagged(&mut check, tags);
        self.checks.push(check);
        self
    }

    fn on_thing<T: Noun>(&self, action: &str, id: &str) -> Check {
        let mut check = self.check(action, T::NOUN, id);
        // A row that cannot be read has no tags here; the operation itself then fails by the same fault.
        if let Ok(Some(thing)) = self.view.get::<T>(self.scope(), id) {
            tagged(&mut check, Some(thing.tags()));
            check.context.extend(thing.keys().into_iter().map(|(key, value)| (key.to_owned(), vec![value])));
        }
        check
    }

    /// With a condition key on the last check.
    pub(crate) fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        if let Some(check) = self.checks.last_mut() {
            check.context.push((key.to_owned(), vec![value.into()]));
        }
        self
    }

    /// To make a thing, and to give it the tags of the request.
    pub(crate) fn making<T: Noun>(mut self, specifications: Option<&Vec<TagSpecification>>) -> Self {
        let asked = tags::specified(specifications);
        let mut check = self.check(&self.action, T::NOUN, "*");
        requested(&mut check, &asked);
        self.checks.push(check);
        self.tagging_new(T::NOUN, &asked)
    }

    /// To give a thing that is made by the call the tags of the request.
    fn tagging_new(mut self, noun: &str, asked: &[(&str, &str)]) -> Self {
        if !asked.is_empty() {
            let mut check = self.check("ec2:CreateTags", noun, "*");
            requested(&mut check, asked);
            check.context.push(("ec2:CreateAction".into(), vec![self.call.operation.1.to_owned()]));
            self.checks.push(check);
        }
        self
    }

    /// To give rules that are made by the call the tags of the request, where it has any.
    pub(crate) fn tagging_rules(mut self, specifications: Option<&Vec<TagSpecification>>) -> Self {
        let asked = tags::specified(specifications);
        if asked.is_empty() {
            return self;
        }
        let mut check = self.check(&self.action, "security-group-rule", "*");
        requested(&mut check, &asked);
        self.checks.push(check);
        self.tagging_new("security-group-rule", &asked)
    }

    /// The tags of CreateTags and DeleteTags, on every check so far.
    pub(crate) fn with_tags(mut self, tags: Option<&Vec<Tag>>) -> Self {
        let asked = tags::asked(tags);
        for check in &mut self.checks {
            requested(check, &asked);
        }
        self
    }

    /// All checks.
    pub(crate) fn access(self) -> Access {
        Access { checks: self.checks, unconditional: false }
    }
}

/// `aws:RequestTag/…` and `aws:TagKeys`.
fn requested(check: &mut Check, tags: &[(&str, &str)]) {
    if tags.is_empty() {
        return;
    }
    for (key, value) in tags {
        check.context.push((format!("aws:RequestTag/{key}"), vec![(*value).to_owned()]));
    }
    check.context.push(("aws:TagKeys".into(), tags.iter().map(|(key, _)| (*key).to_owned()).collect()));
}

/// `aws:ResourceTag/…` and EC2's older name for it.
fn tagged(check: &mut Check, tags: Option<&names::Tags>) {
    for (key, value) in tags.into_iter().flatten() {
        for prefix in ["aws:ResourceTag", "ec2:ResourceTag"] {
            check.context.push((format!("{prefix}/{key}"), vec![value.clone()]));
        }
    }
}
