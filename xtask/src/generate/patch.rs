//! `models/patches/<service>.toml`: corrections of a model, each with its reason.

use crate::problem::Problem;
use crate::repository;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    patch: Vec<Patch>,
}

/// One correction: exactly one of `set`, `remove` and `append`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    why: String,
    at: String,
    set: Option<Value>,
    #[serde(default)]
    remove: bool,
    append: Option<Value>,
}

/// Applies a service's patches, where it has a file of them.
pub(crate) fn apply(root: &Path, service: &str, model: &mut Value) -> Result<(), Problem> {
    let path = root.join(format!("models/patches/{service}.toml"));
    if !path.exists() {
        return Ok(());
    }
    apply_text(&repository::read(&path)?, model).map_err(|problem| Problem::file(&path, problem))
}

fn apply_text(text: &str, model: &mut Value) -> Result<(), Problem> {
    let file: File = toml::from_str(text).map_err(|error| Problem::new(error.to_string()))?;
    for patch in file.patch {
        let place = patch.at.clone();
        one(patch, model).map_err(|reason| Problem::new(format!("the patch at {place}: {reason}")))?;
    }
    Ok(())
}

fn one(patch: Patch, model: &mut Value) -> Result<(), String> {
    if patch.why.trim().is_empty() {
        return Err("say why".to_owned());
    }
    let (parent, name) =
        patch.at.rsplit_once('/').ok_or("`at` is a JSON pointer, such as /shapes/Gone/error")?;
    let name = name.replace("~1", "/").replace("~0", "~");
    match (patch.set, patch.remove, patch.append) {
        (Some(value), false, None) => {
            let parent = model.pointer_mut(parent).ok_or("nothing is there")?;
            let Value::Object(members) = parent else { return Err("its parent is not an object".to_owned()) };
            if members.get(&name) == Some(&value) {
                return Err("the model says so by now; remove the patch".to_owned());
            }
            members.insert(name, value);
        }
        (None, true, None) => {
            let parent = model.pointer_mut(parent).ok_or("nothing is there")?;
            let removed = match parent {
                Value::Object(members) => members.shift_remove(&name).is_some(),
                Value::Array(values) => match name.parse::<usize>() {
                    Ok(index) if index < values.len() => {
                        values.remove(index);
                        true
                    }
                    _ => false,
                },
                _ => false,
            };
            if !removed {
                return Err("nothing is there to remove; remove the patch".to_owned());
            }
        }
        (None, false, Some(value)) => {
            let list = model.pointer_mut(&patch.at).ok_or("nothing is there")?;
            let Value::Array(values) = list else { return Err("it is not a list".to_owned()) };
            if values.contains(&value) {
                return Err("the list has it by now; remove the patch".to_owned());
            }
            values.push(value);
        }
        _ => return Err("give exactly one of set, remove = true and append".to_owned()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patched(text: &str) -> Result<Value, String> {
        let mut model =
            json!({"metadata": {"uid": "x"}, "shapes": {"A": {"enum": ["1"], "required": ["x"]}}});
        apply_text(text, &mut model).map(|()| model).map_err(|problem| problem.to_string())
    }

    #[test]
    fn sets_removes_and_appends() {
        let model = patched(
            "[[patch]]\nwhy = 'a'\nat = '/metadata/global'\nset = true\n\
             [[patch]]\nwhy = 'b'\nat = '/shapes/A/required'\nremove = true\n\
             [[patch]]\nwhy = 'c'\nat = '/shapes/A/enum'\nappend = '2'\n",
        )
        .unwrap();
        assert_eq!(
            model,
            json!({"metadata": {"uid": "x", "global": true}, "shapes": {"A": {"enum": ["1", "2"]}}})
        );
    }

    #[test]
    fn a_patch_that_changes_nothing_fails() {
        for text in [
            "[[patch]]\nwhy = 'a'\nat = '/metadata/uid'\nset = 'x'\n",
            "[[patch]]\nwhy = 'a'\nat = '/metadata/gone'\nremove = true\n",
            "[[patch]]\nwhy = 'a'\nat = '/shapes/A/enum'\nappend = '1'\n",
        ] {
            assert!(patched(text).unwrap_err().contains("remove the patch"), "{text}");
        }
    }

    #[test]
    fn a_patch_needs_a_reason_a_place_and_one_action() {
        assert!(patched("[[patch]]\nwhy = ' '\nat = '/a'\nremove = true\n").unwrap_err().contains("say why"));
        assert!(
            patched("[[patch]]\nwhy = 'a'\nat = '/b/c'\nset = 1\n").unwrap_err().contains("nothing is there")
        );
        assert!(patched("[[patch]]\nwhy = 'a'\nat = '/metadata/uid'\n").unwrap_err().contains("exactly one"));
        assert!(patched("[[patch]]\nat = '/metadata/uid'\nset = 1\n").unwrap_err().contains("why"));
    }
}
