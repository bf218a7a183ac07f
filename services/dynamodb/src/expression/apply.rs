//! Carrying out an update. All that it reads is read before anything is written.

use super::path::{Element, Path};
use super::update::{Term, Update};
use crate::checks::UPDATE_TOO_LARGE;
use crate::value::{Item, MAX_ITEM_SIZE, Number, Value};
use std::collections::BTreeSet;

const BAD_TYPE: &str = "An operand in the update expression has an incorrect data type";
const NO_ATTRIBUTE: &str = "The provided expression refers to an attribute that does not exist in the item";
const BAD_PATH: &str = "The document path provided in the update expression is invalid for update";

impl Update {
    /// The item after it. Errors are AWS's sentences.
    pub(crate) fn apply(&self, item: &Item) -> Result<Item, String> {
        let mut changed = item.clone();
        let mut set = Vec::with_capacity(self.set.len());
        // All that is set stands in the item in the end, for no two paths overlap: what is too large is found before it is copied hundredfold.
        let mut bytes = 0;
        for (path, term) in &self.set {
            let value = term.value(item)?;
            bytes += value.size();
            fits(bytes)?;
            set.push((path, value));
        }
        // Elements that are set beyond a list's end are appended in the order of their indexes.
        set.sort_by_key(|(path, _)| match path.rest.last() {
            Some(Element::Index(index)) => *index,
            _ => 0,
        });
        for (path, value) in set {
            put(&mut changed, path, value)?;
        }
        for (path, value) in &self.add {
            let sum = match (path.find(item), value) {
                (None, value) => value.clone(),
                (Some(Value::N(left)), Value::N(right)) => Value::N(sum(left.plus(right))?),
                (Some(Value::Ss(left)), Value::Ss(right)) => Value::Ss(left | right),
                (Some(Value::Ns(left)), Value::Ns(right)) => Value::Ns(left | right),
                (Some(Value::Bs(left)), Value::Bs(right)) => Value::Bs(left | right),
                _ => return Err(BAD_TYPE.into()),
            };
            put(&mut changed, path, sum)?;
        }
        let mut removed: Vec<&Path> = self.remove.iter().collect();
        for (path, value) in &self.delete {
            let Some(there) = path.find(item) else { continue };
            let left = match (there, value) {
                (Value::Ss(left), Value::Ss(right)) => without(left, right).map(Value::Ss),
                (Value::Ns(left), Value::Ns(right)) => without(left, right).map(Value::Ns),
                (Value::Bs(left), Value::Bs(right)) => without(left, right).map(Value::Bs),
                _ => return Err(BAD_TYPE.into()),
            };
            match left {
                Some(left) => put(&mut changed, path, left)?,
                // An empty set is none.
                None => removed.push(path),
            }
        }
        // Elements of lists go from the end, so that the indexes before them stay true.
        removed.sort_by_key(|path| match path.rest.last() {
            Some(Element::Index(index)) => usize::MAX - index,
            _ => 0,
        });
        for path in removed {
            take(&mut changed, path)?;
        }
        Ok(changed)
    }
}

fn fits(bytes: usize) -> Result<(), String> {
    if bytes > MAX_ITEM_SIZE { Err(UPDATE_TOO_LARGE.into()) } else { Ok(()) }
}

fn sum(result: Result<Number, crate::value::NumberError>) -> Result<Number, String> {
    result.map_err(|error| error.to_string())
}

fn without<T: Ord + Clone>(left: &BTreeSet<T>, right: &BTreeSet<T>) -> Option<BTreeSet<T>> {
    Some(left - right).filter(|rest| !rest.is_empty())
}

impl Term {
    fn value(&self, item: &Item) -> Result<Value, String> {
        let number = |term: &Self| match term.value(item)? {
            Value::N(number) => Ok(number),
            _ => Err(BAD_TYPE.to_owned()),
        };
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::Path(path) => path.find(item).cloned().ok_or_else(|| NO_ATTRIBUTE.to_owned()),
            Self::IfNotExists(path, otherwise) => match path.find(item) {
                Some(value) => Ok(value.clone()),
                None => otherwise.value(item),
            },
            Self::ListAppend(left, right) => match (left.value(item)?, right.value(item)?) {
                (Value::L(mut left), Value::L(right)) => {
                    left.extend(right);
                    let joined = Value::L(left);
                    fits(joined.size())?;
                    Ok(joined)
                }
                _ => Err(BAD_TYPE.into()),
            },
            Self::Plus(left, right) => Ok(Value::N(sum(number(left)?.plus(&number(right)?))?)),
            Self::Minus(left, right) => Ok(Value::N(sum(number(left)?.minus(&number(right)?))?)),
        }
    }
}

/// The value that holds the path's last element.
fn parent<'i>(item: &'i mut Item, path: &Path) -> Option<&'i mut Value> {
    let (_, before) = path.rest.split_last()?;
    let first = item.get_mut(&path.attribute)?;
    before.iter().try_fold(first, |value, element| match (value, element) {
        (Value::M(members), Element::Name(name)) => members.get_mut(name),
        (Value::L(elements), Element::Index(index)) => elements.get_mut(*index),
        _ => None,
    })
}

fn put(item: &mut Item, path: &Path, value: Value) -> Result<(), String> {
    let Some(last) = path.rest.last() else {
        item.insert(path.attribute.clone(), value);
        return Ok(());
    };
    match (parent(item, path), last) {
        (Some(Value::M(members)), Element::Name(name)) => {
            members.insert(name.clone(), value);
        }
        (Some(Value::L(elements)), Element::Index(index)) => match elements.get_mut(*index) {
            Some(element) => *element = value,
            None => elements.push(value),
        },
        _ => return Err(BAD_PATH.into()),
    }
    Ok(())
}

fn take(item: &mut Item, path: &Path) -> Result<(), String> {
    let Some(last) = path.rest.last() else {
        item.remove(&path.attribute);
        return Ok(());
    };
    match (parent(item, path), last) {
        (Some(Value::M(members)), Element::Name(name)) => {
            members.remove(name);
        }
        (Some(Value::L(elements)), Element::Index(index)) => {
            if *index < elements.len() {
                elements.remove(*index);
            }
        }
        _ => return Err(BAD_PATH.into()),
    }
    Ok(())
}
