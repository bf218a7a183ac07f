//! `cloudchamber account`.

use crate::credentials::RootKey;
use crate::settings::Client;
use crate::{Problem, client, say};
use clap::{Args, Subcommand};
use names::AccountId;
use wire::Document;

/// Creates and lists accounts of a running cloud.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Account {
    /// Creates an account, and prints its root's access key.
    Create(Create),
    /// Lists accounts.
    List(Client),
    /// Closes an account for good: its credentials stop at once, and what is in it is removed.
    Close(Close),
}

/// Flags of `account create`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Create {
    /// Its name.
    #[arg(long, default_value = "")]
    name: String,
    /// Its id, twelve digits; a free one where left out.
    #[arg(long)]
    id: Option<AccountId>,
    #[command(flatten)]
    client: Client,
}

/// Flags of `account close`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Close {
    /// Its id, twelve digits.
    id: AccountId,
    /// Do it: there is no way back.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    client: Client,
}

pub(crate) fn run(account: Account) -> Result<(), Problem> {
    let (mut path, mut method) = ("/_cloudchamber/accounts".to_owned(), "GET");
    let (client, body) = match account {
        Account::List(client) => (client, String::new()),
        Account::Close(close) if !close.yes => {
            return Err(Problem::new(
                "what is in a closed account is removed, and its number is never given again. Add --yes if you mean it.",
            ));
        }
        Account::Close(close) => {
            method = "DELETE";
            path = format!("{path}/{}", close.id);
            (close.client, String::new())
        }
        Account::Create(create) => {
            let mut body = Document::object().with("Name", create.name);
            if let Some(id) = create.id {
                body.set("AccountId", id.to_string());
            }
            method = "POST";
            (create.client, body.to_string())
        }
    };
    let key = RootKey::stored(&client.data_dir).unwrap_or_else(RootKey::test);
    let answer = client::send(method, &client.endpoint, &path, Some(&key), &body)?;
    if answer.status >= 300 {
        return Err(Problem::new(format!(
            "the cloud refused ({}): {}",
            answer.status,
            answer.body.trim_end()
        )));
    }
    say(answer.body.trim_end());
    Ok(())
}
