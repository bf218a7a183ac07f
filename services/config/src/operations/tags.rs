use super::Config;
use crate::page::Page;
use crate::state::{ConformancePack, Recorder, Rule};
use crate::tags;
use api_config::{
    Error, ListTagsForResource, ListTagsForResourceOutput, ResourceNotFoundException, Tag, TagResource,
    TagResourceOutput, UntagResource, UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use names::{Arn, Tags};
use store::{Tx, View};

/// What can have tags.
enum Tagged {
    Rule(Rule),
    Recorder(Recorder),
    Pack(ConformancePack),
}

impl Tagged {
    fn find(view: &View, call: &Call, arn: &str) -> Result<Self, Error> {
        let missing =
            || Error::from(ResourceNotFoundException::new(format!("ResourceArn '{arn}' does not exist")));
        let parsed: Arn = arn.parse().map_err(|_| missing())?;
        if parsed.service != "config" || parsed.scope() != Some(call.scope()) {
            return Err(missing());
        }
        if let Some(id) = parsed.resource_after("config-rule/") {
            // The whole ARN, for policies are matched with it as the caller wrote it: another partition would pass a Deny by.
            let id = id.rsplit('/').next().unwrap_or(id);
            let rule = Rule::by_id(view, call.scope(), id)?.filter(|rule| rule.arn() == parsed);
            return rule.map(Self::Rule).ok_or_else(missing);
        }
        if let Some((name, _)) =
            parsed.resource_after("conformance-pack/").and_then(|rest| rest.split_once('/'))
        {
            let pack = view.get::<ConformancePack>(call.scope(), name)?.filter(|pack| pack.arn() == parsed);
            return pack.map(Self::Pack).ok_or_else(missing);
        }
        let recorder = Recorder::of(view, call.scope())?.filter(|recorder| recorder.arn() == parsed);
        recorder.map(Self::Recorder).ok_or_else(missing)
    }

    fn tags(&self) -> &Tags {
        match self {
            Self::Rule(rule) => &rule.tags,
            Self::Recorder(recorder) => &recorder.tags,
            Self::Pack(pack) => &pack.tags,
        }
    }

    fn put(self, tx: &mut Tx, tags: Tags) -> Result<(), Error> {
        match self {
            Self::Rule(rule) => tx.put(Rule { tags, ..rule })?,
            Self::Recorder(recorder) => tx.put(Recorder { tags, ..recorder })?,
            Self::Pack(pack) => tx.put(ConformancePack { tags, ..pack })?,
        }
        Ok(())
    }
}

fn on(action: &str, call: &Call, view: &View, arn: &str) -> Access {
    let access = Access::on(action, arn);
    match Tagged::find(view, call, arn) {
        Ok(tagged) => access.with_resource_tags(tagged.tags()),
        Err(_) => access,
    }
}

impl Transact<TagResource> for Config {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        on("config:TagResource", call, view, &input.resource_arn)
            .with_request_tags(tags::pairs(Some(&input.tags)))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        let given = tags::read(&input.tags)?;
        let tagged = Tagged::find(tx, call, &input.resource_arn)?;
        let mut all = tagged.tags().clone();
        tags::add(&mut all, given)?;
        tagged.put(tx, all)?;
        Ok(TagResourceOutput {})
    }
}

impl Transact<UntagResource> for Config {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        on("config:UntagResource", call, view, &input.resource_arn)
            .with("aws:TagKeys", input.tag_keys.iter().cloned())
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        let tagged = Tagged::find(tx, call, &input.resource_arn)?;
        let mut all = tagged.tags().clone();
        all.retain(|key, _| !input.tag_keys.contains(key));
        tagged.put(tx, all)?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListTagsForResource> for Config {
    fn access(input: &ListTagsForResource, call: &Call, view: &View) -> Access {
        on("config:ListTagsForResource", call, view, &input.resource_arn)
    }

    fn run(input: ListTagsForResource, call: &Call, tx: &mut Tx) -> Result<ListTagsForResourceOutput, Error> {
        let page = Page::new("tags", input.next_token.as_ref(), input.limit, 50, 100)?;
        let tagged = Tagged::find(tx, call, &input.resource_arn)?;
        let tags: Vec<(String, String)> = tagged.tags().clone().into_iter().collect();
        let (tags, next_token) = page.of(tags, |(key, _)| key.clone())?;
        let tags = tags.into_iter().map(|(key, value)| Tag { key: Some(key), value: Some(value) }).collect();
        Ok(ListTagsForResourceOutput { tags: Some(tags), next_token })
    }
}
