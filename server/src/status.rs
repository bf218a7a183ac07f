//! `cloudchamber status`.

use crate::settings::Client;
use crate::{Problem, client, say};

pub(crate) fn run(settings: &Client) -> Result<(), Problem> {
    let answer = client::send("GET", &settings.endpoint, "/_cloudchamber/health", None, "")?;
    say(answer.body.trim_end());
    Ok(())
}
