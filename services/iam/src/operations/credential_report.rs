//! The credential report (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>).

use super::access_keys::last_call;
use super::{Iam, Result};
use crate::state::{AccessKey, Account, CredentialReport, Entity, LoginProfile, PasswordPolicy, User};
use api_iam::{
    CredentialReportExpiredException, CredentialReportNotPresentException, GenerateCredentialReport,
    GenerateCredentialReportOutput, GetCredentialReport, GetCredentialReportOutput, ReportFormatType,
    ReportStateType,
};
use contract::{Access, Call, Registration, Transact};
use names::Timestamp;
use std::time::Duration;
use store::{StoreError, Tx, View};

/// A report is made anew at most so often.
const FRESH: Duration = Duration::from_secs(4 * 60 * 60);
const DAY: u64 = 24 * 60 * 60;

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,\
    access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,\
    access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,\
    cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

pub(super) fn register(registration: Registration) -> Registration {
    registration.transact::<Iam, GenerateCredentialReport>().transact::<Iam, GetCredentialReport>()
}

fn time(at: Timestamp) -> String {
    Timestamp::from_seconds(at.seconds()).iso_seconds().replace('Z', "+00:00")
}

fn none() -> String {
    "N/A".into()
}

/// The ten columns of two keys, the older first.
fn keys(
    view: &View,
    call: &Call,
    owner: Option<&str>,
    fields: &mut Vec<String>,
) -> std::result::Result<(), StoreError> {
    let mut keys = view.scan::<AccessKey>(call.global_scope(), (AccessKey::owner(owner),)).rows()?;
    keys.sort_by_key(|key| key.created);
    for place in 0..2 {
        match keys.get(place) {
            None => {
                fields.push("false".into());
                fields.extend(std::iter::repeat_with(none).take(4));
            }
            Some(key) => {
                fields.extend([key.active.to_string(), time(key.created)]);
                match last_call(view, call, &key.id)? {
                    Some(record) => {
                        fields.extend([time(record.at), record.scope.region.to_string(), record.service])
                    }
                    None => fields.extend(std::iter::repeat_with(none).take(3)),
                }
            }
        }
    }
    // There are no signing certificates here.
    fields.extend(["false".into(), none(), "false".into(), none()]);
    Ok(())
}

/// A row. Names and paths may have commas: without quotes, a user who names another would choose what stands in the columns behind.
fn row(fields: &[String]) -> String {
    let quoted = |field: &String| match field.contains([',', '"']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.clone(),
    };
    fields.iter().map(quoted).collect::<Vec<_>>().join(",")
}

fn root(view: &View, call: &Call) -> std::result::Result<String, StoreError> {
    let created = view.get::<Account>(call.global_scope(), ())?.map_or(call.now, |account| account.created);
    let unsupported = || "not_supported".to_owned();
    let mut fields = vec![
        "<root_account>".to_owned(),
        format!("arn:aws:iam::{}:root", call.account),
        time(created),
        unsupported(),
        "no_information".into(),
        unsupported(),
        unsupported(),
        "false".into(),
    ];
    keys(view, call, None, &mut fields)?;
    Ok(row(&fields))
}

fn user(view: &View, call: &Call, user: &User) -> std::result::Result<String, StoreError> {
    let mut fields = vec![user.name.clone(), user.arn(), time(user.created)];
    match view.get::<LoginProfile>(call.global_scope(), user.id.as_str())? {
        None => fields.extend(["false".into(), none(), none(), none()]),
        Some(profile) => {
            let policy = view.get::<PasswordPolicy>(call.global_scope(), ())?;
            let days =
                policy.and_then(|policy| policy.max_age_days).and_then(|days| u64::try_from(days).ok());
            let next = days.map(|days| profile.changed.plus(Duration::from_secs(days * DAY)));
            fields.extend([
                "true".into(),
                profile.last_used.map_or_else(|| "no_information".into(), time),
                time(profile.changed),
                next.map_or_else(none, time),
            ]);
        }
    }
    // There are no MFA devices here.
    fields.push("false".into());
    keys(view, call, Some(&user.id), &mut fields)?;
    Ok(row(&fields))
}

impl Transact<GenerateCredentialReport> for Iam {
    fn access(_: &GenerateCredentialReport, _: &Call, _: &View) -> Access {
        Access::to("iam:GenerateCredentialReport")
    }

    fn run(_: GenerateCredentialReport, call: &Call, tx: &mut Tx) -> Result<GenerateCredentialReportOutput> {
        let known = tx.get::<CredentialReport>(call.global_scope(), ())?;
        if known.as_ref().is_some_and(|report| call.now.since(report.generated) < FRESH) {
            return Ok(GenerateCredentialReportOutput {
                state: Some(ReportStateType::Complete),
                description: None,
            });
        }
        let mut content = format!("{HEADER}\n{}", root(tx, call)?);
        for row in tx.list::<User>(call.global_scope())? {
            content.push('\n');
            content.push_str(&user(tx, call, &row)?);
        }
        tx.put(CredentialReport { account: call.account, generated: crate::state::moment(call), content })?;
        let description = match known {
            None => "No report exists. Starting a new report generation task",
            Some(_) => "The most recent report has expired. Starting a new report generation task",
        };
        Ok(GenerateCredentialReportOutput {
            state: Some(ReportStateType::Started),
            description: Some(description.into()),
        })
    }
}

impl Transact<GetCredentialReport> for Iam {
    fn access(_: &GetCredentialReport, _: &Call, _: &View) -> Access {
        Access::to("iam:GetCredentialReport")
    }

    fn run(_: GetCredentialReport, call: &Call, tx: &mut Tx) -> Result<GetCredentialReportOutput> {
        let Some(report) = tx.get::<CredentialReport>(call.global_scope(), ())? else {
            return Err(CredentialReportNotPresentException::new(
                "No report exists. Use GenerateCredentialReport.",
            )
            .into());
        };
        if call.now.since(report.generated) >= FRESH {
            return Err(CredentialReportExpiredException::new(
                "The most recent credential report has expired. To generate a new credential report, use GenerateCredentialReport.",
            )
            .into());
        }
        Ok(GetCredentialReportOutput {
            content: Some(report.content.into_bytes().into()),
            report_format: Some(ReportFormatType::TextCsv),
            generated_time: Some(report.generated),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_path_does_not_write_columns() {
        let fields = ["ann,true".to_owned(), "arn:aws:iam::1:user/a\",b/ann".to_owned(), "N/A".to_owned()];
        assert_eq!(row(&fields), "\"ann,true\",\"arn:aws:iam::1:user/a\"\",b/ann\",N/A");
    }
}
