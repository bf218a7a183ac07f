//! `cloudchamber env`: exports to eval.

use crate::credentials::RootKey;
use crate::settings::Client;
use crate::{Problem, say};

pub(crate) fn run(client: &Client) -> Result<(), Problem> {
    let key = RootKey::stored(&client.data_dir).unwrap_or_else(RootKey::test);
    for (name, value) in exports(&client.endpoint, &key, client.region.as_str()) {
        say(&format!("export {name}='{}'", value.replace('\'', r"'\''")));
    }
    Ok(())
}

/// What AWS's clients read.
pub(crate) fn exports(endpoint: &str, key: &RootKey, region: &str) -> [(&'static str, String); 4] {
    [
        ("AWS_ENDPOINT_URL", endpoint.to_owned()),
        ("AWS_ACCESS_KEY_ID", key.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", key.secret_access_key.clone()),
        ("AWS_DEFAULT_REGION", region.to_owned()),
    ]
}
