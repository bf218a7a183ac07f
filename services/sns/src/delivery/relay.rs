//! Passing mail on: to a folder of `.eml` files, and to an SMTP relay.

mod smtp;

use crate::Settings;
use crate::state::Mail;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io;
use std::path::Path;

/// Passes a mail on to wherever it is to go. Doing it again does no harm in a folder; a relay may get it twice.
pub(super) async fn pass_on(mail: &Mail, settings: &Settings) -> Result<(), String> {
    let text = eml(mail);
    if let Some(folder) = &settings.mail_dir {
        write(folder, mail, &text).await.map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let is_relayed = settings.relay_only.is_none_or(|only| only == mail.scope.account);
    if let Some(relay) = settings.smtp.as_ref().filter(|_| is_relayed) {
        smtp::send(relay, &mail.to, &text).await.map_err(|error| format!("the relay {relay}: {error}"))?;
    }
    Ok(())
}

async fn write(folder: &Path, mail: &Mail, text: &str) -> io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    // Ids are made of hexadecimal digits, hyphens and dots.
    let stamp = mail.sent.compact();
    let unfinished = folder.join(format!(".{}.part", mail.id));
    tokio::fs::write(&unfinished, text).await?;
    tokio::fs::rename(&unfinished, folder.join(format!("{stamp}-{}.eml", mail.id))).await
}

/// RFC 5322, with base 64 for all that is not plain ASCII.
fn eml(mail: &Mail) -> String {
    let date = mail.sent.http_date().replace("GMT", "+0000");
    let (name, address) = mail.from.split_once(" <").unwrap_or((&mail.from, "no-reply@sns.amazonaws.com>"));
    let encoded: Vec<String> = STANDARD
        .encode(mail.body.replace('\n', "\r\n"))
        .as_bytes()
        .chunks(76)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    let headers = [
        format!("From: {} <{address}", word(name)),
        format!("To: {}", mail.to),
        format!("Subject: {}", word(&mail.subject)),
        format!("Date: {date}"),
        format!("Message-ID: <{}@sns.amazonaws.com>", mail.id),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=UTF-8".to_owned(),
        "Content-Transfer-Encoding: base64".to_owned(),
    ];
    format!("{}\r\n\r\n{}\r\n", headers.join("\r\n"), encoded.join("\r\n"))
}

/// RFC 2047's encoded words, where a text is not plain ASCII; control characters never pass.
fn word(text: &str) -> String {
    let text: String = text.chars().filter(|character| !character.is_control()).collect();
    if text.is_ascii() {
        return text;
    }
    let mut words = Vec::new();
    let mut part = String::new();
    for character in text.chars() {
        if part.len() + character.len_utf8() > 45 {
            words.push(std::mem::take(&mut part));
        }
        part.push(character);
    }
    words.push(part);
    words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use names::{AccountId, Region, Scope, Timestamp};

    fn mail(subject: &str) -> Mail {
        Mail {
            scope: Scope::new(AccountId::DEFAULT, Region::US_EAST_1),
            id: "1-2".into(),
            sent: Timestamp::from_seconds(1_795_253_400),
            to: "ann@example.com".into(),
            from: "AWS Notifications <no-reply@sns.amazonaws.com>".into(),
            subject: subject.into(),
            body: "one\ntwo".into(),
            topic_arn: String::new(),
            kind: "Notification".into(),
            link: String::new(),
        }
    }

    #[test]
    fn a_file_is_a_whole_message() {
        let text = eml(&mail("Alarm"));
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(headers.contains("From: AWS Notifications <no-reply@sns.amazonaws.com>\r\nTo: ann@example.com\r\nSubject: Alarm\r\n"));
        assert!(headers.contains("Date: Sat, 21 Nov 2026 09:30:00 +0000\r\n"));
        assert_eq!(STANDARD.decode(body.trim()).unwrap(), b"one\r\ntwo");
    }

    #[test]
    fn no_subject_adds_a_header() {
        let text = eml(&mail("x\r\nBcc: eve@example.com"));
        assert!(!text.contains("\r\nBcc:"));
        assert_eq!(word("Überlauf"), "=?UTF-8?B?w5xiZXJsYXVm?=");
    }

    #[tokio::test]
    async fn a_relay_gets_mail_of_who_may_have_it_sent() {
        // Nobody listens there: what is relayed fails.
        let only = |account: &str| Settings {
            smtp: Some("smtp://127.0.0.1:1".into()),
            relay_only: Some(account.parse().unwrap()),
            ..Settings::default()
        };
        assert_eq!(pass_on(&mail("Alarm"), &only("111122223333")).await, Ok(()));
        let error = pass_on(&mail("Alarm"), &only("000000000000")).await.unwrap_err();
        assert!(error.starts_with("the relay smtp://127.0.0.1:1: "), "{error}");
        let all = Settings { relay_only: None, ..only("111122223333") };
        assert!(pass_on(&mail("Alarm"), &all).await.is_err());
    }

    #[tokio::test]
    async fn a_folder_gets_one_file_per_message() {
        let folder = std::env::temp_dir().join(format!("sns-mail-{}", std::process::id()));
        let settings = Settings { mail_dir: Some(folder.clone()), ..Settings::default() };
        for _ in 0..2 {
            pass_on(&mail("Alarm"), &settings).await.unwrap();
        }
        let files: Vec<_> =
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["20261121T093000Z-1-2.eml"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
