//! How calls name keys: by id, ARN, alias or alias ARN.

use crate::managed;
use crate::refusal::{invalid_arn, invalid_id, no_alias, no_key};
use crate::state::{Alias, Key};
use api_kms::{Error, NotFoundException};
use contract::Call;
use names::{Arn, Scope};
use store::{Tx, View};

/// A key as a call names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) scope: Scope,
    pub(crate) name: Name,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Id(String),
    /// With `alias/`.
    Alias(String),
}

/// What an operation takes for `KeyId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Ids and ARNs of keys.
    Keys,
    /// Aliases too.
    Aliases,
}

/// What a reference leads to.
pub(crate) enum Found {
    Key(Box<Key>),
    /// The AWS managed key of a service, which the call will make.
    Unmade(Box<Key>),
    Nothing,
}

impl Reference {
    pub(crate) fn read(text: &str, takes: Takes, call: &Call) -> Result<Self, Error> {
        if text.starts_with("arn:") {
            let arn: Arn = text.parse().map_err(|_| invalid_arn(text))?;
            let scope = arn.scope().filter(|_| arn.service == "kms").ok_or_else(|| invalid_arn(text))?;
            if scope.region != call.region {
                // AWS names no more than the region.
                return Err(NotFoundException::new(format!("Invalid arn {}", scope.region)).into());
            }
            let name = match (arn.resource_after("key/"), takes) {
                (Some(id), _) if is_key_id(id) => Name::Id(id.to_owned()),
                (None, Takes::Aliases) if is_alias(&arn.resource) => Name::Alias(arn.resource),
                _ => return Err(invalid_arn(text)),
            };
            return Ok(Self { scope, name });
        }
        let name = match takes {
            _ if is_key_id(text) => Name::Id(text.to_owned()),
            Takes::Aliases if is_alias(text) => Name::Alias(text.to_owned()),
            _ => return Err(invalid_id(text)),
        };
        Ok(Self { scope: call.scope(), name })
    }

    /// The ARN of what is named: a key's or an alias's.
    pub(crate) fn arn(&self) -> Arn {
        match &self.name {
            Name::Id(id) => Arn::new("kms", self.scope, format!("key/{id}")),
            Name::Alias(alias) => Arn::new("kms", self.scope, alias.clone()),
        }
    }

    /// The alias, where that is how the key is named.
    pub(crate) fn alias(&self) -> Option<&str> {
        match &self.name {
            Name::Id(_) => None,
            Name::Alias(alias) => Some(alias),
        }
    }

    pub(crate) fn find(&self, call: &Call, view: &View) -> Result<Found, Error> {
        let id = match &self.name {
            Name::Id(id) => id.clone(),
            Name::Alias(name) => match view.get::<Alias>(self.scope, name.as_str())? {
                Some(alias) => alias.target,
                None => {
                    let unmade = managed::service_of(name)
                        .filter(|service| managed::may_make(service, self.scope, call))
                        .map(|service| managed::key(service, self.scope, call));
                    return Ok(unmade.map_or(Found::Nothing, |key| Found::Unmade(Box::new(key))));
                }
            },
        };
        Ok(Key::get(view, self.scope, &id, call.now)?.map_or(Found::Nothing, |key| Found::Key(Box::new(key))))
    }

    /// What AWS says where there is no such key.
    pub(crate) fn missing(&self) -> Error {
        match &self.name {
            Name::Id(_) => no_key(&self.arn()),
            Name::Alias(_) => no_alias(&self.arn()),
        }
    }
}

/// The key that a call names.
pub(crate) fn key(text: &str, takes: Takes, call: &Call, view: &View) -> Result<Key, Error> {
    let reference = Reference::read(text, takes, call)?;
    match reference.find(call, view)? {
        Found::Key(key) => Ok(*key),
        Found::Unmade(_) | Found::Nothing => Err(reference.missing()),
    }
}

/// The key that a call names, which it makes where it is an AWS managed one that the call may make.
pub(crate) fn key_to_use(text: &str, call: &Call, tx: &mut Tx) -> Result<Key, Error> {
    let reference = Reference::read(text, Takes::Aliases, call)?;
    match reference.find(call, tx)? {
        Found::Key(key) => Ok(*key),
        Found::Unmade(key) => Ok(managed::make(*key, call, tx)?),
        Found::Nothing => Err(reference.missing()),
    }
}

/// A UUID: <https://docs.aws.amazon.com/kms/latest/developerguide/concepts-key-id.html>
fn is_key_id(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

pub(crate) fn is_alias(text: &str) -> bool {
    text.strip_prefix("alias/").is_some_and(|rest| {
        !rest.is_empty()
            && text.len() <= 256
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_aliases_have_a_grammar() {
        assert!(is_key_id("1234abcd-12ab-34cd-56ef-1234567890ab"));
        for wrong in
            ["", "1234abcd", "1234ABCD-12ab-34cd-56ef-1234567890ab", "1234abcd-12ab-34cd-56ef-1234567890a/"]
        {
            assert!(!is_key_id(wrong), "{wrong}");
        }
        assert!(is_alias("alias/aws/s3") && is_alias("alias/a_b-C/9"));
        for wrong in ["alias/", "alias", "alias/a:b", "alias/a b", "s3"] {
            assert!(!is_alias(wrong), "{wrong}");
        }
    }
}
