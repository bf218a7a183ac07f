//! Class mode: a roster in, an account each, results out.

use crate::attempts::{Credentials, Labs, current, ever};
use crate::csv;
use crate::format::Lab;
use crate::limits::{self, ClassLimits};
use crate::naming::is_name;
use crate::refusal::Refusal;
use crate::state::{Attempt, Class, Enrolment, SCOPE};
use contract::Context;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{StoreError, Tx};
use wire::{Document, document};

const MOST_STUDENTS: usize = 500;

/// A roster's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Student {
    pub(crate) student: String,
    pub(crate) name: String,
    pub(crate) email: String,
}

/// Reads a roster: a head line that names the columns student, name and email (the last two may be missing), and a line for each student.
pub(crate) fn roster(text: &str) -> Result<Vec<Student>, Refusal> {
    let invalid = |message: String| Refusal::invalid(format!("The roster: {message}."));
    let rows = csv::read(text).map_err(invalid)?;
    let mut rows = rows.into_iter();
    let head: Vec<String> =
        rows.next().unwrap_or_default().iter().map(|name| name.trim().to_lowercase()).collect();
    let column = |name: &str| head.iter().position(|known| known == name);
    let Some(student) = column("student") else {
        return Err(invalid("its first line must name the columns: student,name,email".into()));
    };
    let (name, email) = (column("name"), column("email"));
    let mut students = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, row) in rows.enumerate() {
        let cell = |at: Option<usize>| {
            at.and_then(|at| row.get(at)).map(|text| text.trim().to_owned()).unwrap_or_default()
        };
        let id = cell(Some(student)).to_lowercase();
        let line = index + 2;
        if !is_student(&id) {
            return Err(invalid(format!(
                "line {line}: {id:?} is no student's id: 1 to 32 lower-case letters, digits and hyphens, beginning with a letter"
            )));
        }
        let (name, email) = (cell(name), cell(email));
        if name.chars().count() > 200 || email.chars().count() > 200 {
            return Err(invalid(format!("line {line}: a name or address has more than 200 characters")));
        }
        if !seen.insert(id.clone()) {
            return Err(invalid(format!("line {line}: {id} is there twice")));
        }
        students.push(Student { student: id, name, email });
    }
    if students.is_empty() || students.len() > MOST_STUDENTS {
        return Err(invalid(format!("it has {} students; 1 to {MOST_STUDENTS} can be", students.len())));
    }
    Ok(students)
}

/// A student's id.
pub(crate) fn is_student(id: &str) -> bool {
    id.len() <= 32 && is_name(id)
}

impl Labs {
    /// Opens an attempt for each student of a roster who has none. `limits` are what changes in those of the class, which all its accounts have.
    pub(crate) async fn enrol(
        &self,
        lab: &Arc<Lab>,
        class: &str,
        students: Vec<Student>,
        limits: &IndexMap<String, Document>,
        context: &Context,
    ) -> Result<Document, Refusal> {
        let call = self.call("CreateClass", context)?;
        let enrolments: Vec<Enrolment> = students
            .iter()
            .enumerate()
            .map(|(index, it)| Enrolment {
                lab: lab.name.clone(),
                class: class.to_owned(),
                student: it.student.clone(),
                name: it.name.clone(),
                email: it.email.clone(),
                order: u32::try_from(index).unwrap_or(u32::MAX),
            })
            .collect();
        let limits = context
            .transact(&call, |_, tx| {
                let limits = limit(lab, class, limits, tx)?;
                enrolments.iter().try_for_each(|it| tx.put(it.clone()))?;
                give(lab, class, limits, tx)?;
                Ok::<_, Refusal>(limits)
            })
            .await?;
        context.accounting.reload()?;
        let mut told = Vec::new();
        let mut sheet = String::new();
        csv::write(
            [
                "student",
                "name",
                "email",
                "account",
                "user",
                "password",
                "access key id",
                "secret access key",
                "sign in",
            ],
            &mut sheet,
        );
        for student in students {
            let (attempt, credentials) =
                self.start(lab, &student.student, Some(class), false, context).await?;
            let credentials = credentials.as_ref().map(|it: &Credentials| it.document(&attempt, context));
            let secret = |name: &str| {
                credentials
                    .as_ref()
                    .and_then(|it| it.get(name))
                    .and_then(Document::as_str)
                    .unwrap_or_default()
            };
            csv::write_with_secret(
                [
                    student.student.as_str(),
                    &student.name,
                    &student.email,
                    attempt.account.as_str(),
                    &attempt.user_name,
                    secret("password"),
                    secret("accessKeyId"),
                    secret("secretAccessKey"),
                    &crate::attempts::sign_in(&attempt, context),
                ],
                secret("secretAccessKey"),
                &mut sheet,
            );
            told.push(document!({
                "student": (student.student),
                "name": (student.name),
                "email": (student.email),
                "attempt": (attempt.document(Some(lab), context)),
                "credentials": (credentials),
            }));
        }
        let limits = limits.document();
        Ok(
            document!({ "class": class, "lab": (lab.name.as_str()), "limits": limits, "students": told, "csv": sheet }),
        )
    }

    /// How the students of a class did, over all their attempts.
    pub(crate) async fn results(
        &self,
        lab: &Lab,
        class: &str,
        context: &Context,
    ) -> Result<Document, Refusal> {
        let view = context.store.view();
        let limits = limits::of_class(&view, &lab.name, class)?.unwrap_or(ClassLimits::UNLIMITED);
        let mut enrolments = view.scan::<Enrolment>(SCOPE, (lab.name.as_str(), class)).rows()?;
        if enrolments.is_empty() {
            return Err(Refusal::new(404, "NotFound", format!("There is no class {class:?} in this lab.")));
        }
        enrolments.sort_by_key(|it| it.order);
        let mut told = Vec::new();
        let mut sheet = String::new();
        csv::write(
            [
                "student",
                "name",
                "email",
                "account",
                "submissions",
                "best",
                "last",
                "of",
                "last submitted",
                "requests",
                "throttled",
                "storage bytes",
            ],
            &mut sheet,
        );
        for it in enrolments {
            let attempts = ever(&view, &lab.name, &it.student)?;
            let submissions: u32 = attempts.iter().map(|attempt| attempt.submissions).sum();
            let best = attempts.iter().filter_map(|attempt| attempt.best).max();
            let last = attempts.iter().filter_map(|attempt| attempt.last).max();
            let account = current(&view, &lab.name, &it.student)?.map(|attempt: Attempt| attempt.account);
            let usage = match account {
                Some(account) => {
                    let resets = limits::resets(&attempts, context.clock.now()).len();
                    limits::usage(account, resets, context).await?
                }
                None => Document::Null,
            };
            let account = account.map(|account| account.to_string()).unwrap_or_default();
            let used = |name: &str| usage.get(name).map(ToString::to_string).unwrap_or_default();
            let number = |number: Option<u32>| number.map(|it| it.to_string()).unwrap_or_default();
            let at = last.map(|(at, _)| at.iso_seconds());
            csv::write(
                [
                    it.student.as_str(),
                    &it.name,
                    &it.email,
                    &account,
                    &submissions.to_string(),
                    &number(best),
                    &number(last.map(|(_, points)| points)),
                    &lab.points().to_string(),
                    at.as_deref().unwrap_or_default(),
                    &used("requests"),
                    &used("throttled"),
                    &used("storageBytes"),
                ],
                &mut sheet,
            );
            told.push(document!({
                "student": (it.student),
                "name": (it.name),
                "email": (it.email),
                "account": account,
                "submissions": submissions,
                "best": best,
                "last": (last.map(|(_, points)| points)),
                "lastAt": at,
                "usage": usage,
            }));
        }
        Ok(
            document!({ "class": class, "lab": (lab.name.as_str()), "of": (lab.points()), "limits": (limits.document()), "students": told, "csv": sheet }),
        )
    }

    /// All classes.
    pub(crate) fn classes(&self, context: &Context) -> Result<Document, StoreError> {
        let view = context.store.view();
        let mut classes: BTreeMap<(String, String), (u32, u32)> = BTreeMap::new();
        for it in view.list::<Enrolment>(SCOPE)? {
            let attempts = ever(&view, &it.lab, &it.student)?;
            let counted = classes.entry((it.class, it.lab)).or_default();
            counted.0 += 1;
            counted.1 += u32::from(attempts.iter().any(|attempt| attempt.submissions > 0));
        }
        let told = classes.into_iter().map(|((class, lab), (students, submitted))| {
            let title = self.library.lab(&lab).map(|lab| lab.title.as_str());
            document!({ "class": class, "title": title, "lab": lab, "students": students, "submitted": submitted })
        });
        Ok(Document::object().with("classes", told.collect::<Vec<_>>()))
    }
}

/// Writes a class's limits.
fn limit(
    lab: &Lab,
    class: &str,
    changes: &IndexMap<String, Document>,
    tx: &mut Tx,
) -> Result<ClassLimits, Refusal> {
    let known = match limits::of_class(tx, &lab.name, class)? {
        Some(known) => known,
        // A class of before there were limits goes on without, but for those that are named.
        None if tx.scan::<Enrolment>(SCOPE, (lab.name.as_str(), class)).first()?.is_some() => {
            ClassLimits::UNLIMITED
        }
        None => ClassLimits::default(),
    };
    let limits = known.changed_by(changes)?;
    tx.put(Class { lab: lab.name.clone(), class: class.to_owned(), limits })?;
    Ok(limits)
}

/// Gives a class's limits to the accounts that its students have. Who had begun the lab by himself belongs to the class from now on.
fn give(lab: &Lab, class: &str, limits: ClassLimits, tx: &mut Tx) -> Result<(), StoreError> {
    for it in tx.scan::<Enrolment>(SCOPE, (lab.name.as_str(), class)).rows()? {
        let attempt = current(tx, &lab.name, &it.student)?;
        let Some(attempt) = attempt.filter(|it| it.class.as_deref().is_none_or(|of| of == class)) else {
            continue;
        };
        limits.give(attempt.account, tx)?;
        tx.update(Attempt { class: Some(class.to_owned()), ..attempt })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_is_read_by_its_head() {
        let students = roster("Name,Student\n\"Lee, Ann\",ann\nBo,BO-2\n").unwrap();
        assert_eq!(
            students[0],
            Student { student: "ann".into(), name: "Lee, Ann".into(), email: String::new() }
        );
        assert_eq!(students[1].student, "bo-2");
    }

    #[test]
    fn what_is_wrong_in_a_roster_is_said_with_its_line() {
        let refused = |text: &str| roster(text).unwrap_err().message;
        assert!(refused("ann\nbob\n").contains("must name the columns"));
        assert!(refused("student\nann\nAnn\n").contains("line 3: ann is there twice"));
        assert!(refused("student\nann lee\n").contains("line 2: \"ann lee\" is no student's id"));
        assert!(refused("student\n").contains("0 students"));
    }
}
