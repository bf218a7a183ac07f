//! `cloudchamber up`.

use crate::settings::Up;
use crate::{Problem, env, say};
use cloudchamber::cloud::Cloud;
use cloudchamber::credentials::RootKey;
use std::io::IsTerminal;
use tokio::signal::unix::{SignalKind, signal};

/// Starts a cloud and serves it until it is told to stop.
pub(crate) fn run(settings: Up) -> Result<(), Problem> {
    log(&settings.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        let cloud = Cloud::start(&settings).await?;
        announce(&cloud, &settings);
        stopped().await?;
        say("Stopped. Everything that was acknowledged is kept.");
        Ok(())
    })
}

fn log(filter: &str) -> Result<(), Problem> {
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .map_err(|error| Problem::new(format!("--log {filter} is not a filter: {error}")))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    Ok(())
}

fn announce(cloud: &Cloud, settings: &Up) {
    // An unspecified address is one to listen on, not one to ask.
    let reached = match cloud.address.ip() {
        ip if ip.is_unspecified() => format!("localhost:{}", cloud.address.port()),
        _ => cloud.address.to_string(),
    };
    let endpoint = format!("http://{reached}");
    let place = if settings.ephemeral {
        "in memory".to_owned()
    } else {
        format!("in {}", settings.data_dir.display())
    };
    say(&format!(
        "Cloudchamber {} at {endpoint}, account {}, state {place}",
        env!("CARGO_PKG_VERSION"),
        settings.account
    ));
    say("");
    for (name, value) in env::exports(&endpoint, &cloud.root, settings.region.as_str()) {
        say(&format!("export {name}={value}"));
    }
    say("");
    for line in profile(&endpoint, &cloud.root, settings.region.as_str()) {
        say(&line);
    }
    say("");
    console(&endpoint, cloud, settings);
    say("Try: aws sts get-caller-identity");
}

/// For `~/.aws/config`, so that `aws --profile cloudchamber` comes here.
fn profile(endpoint: &str, key: &RootKey, region: &str) -> [String; 6] {
    [
        "# or, in ~/.aws/config, for --profile cloudchamber:".into(),
        "[profile cloudchamber]".into(),
        format!("endpoint_url = {endpoint}"),
        format!("region = {region}"),
        format!("aws_access_key_id = {}", key.access_key_id),
        format!("aws_secret_access_key = {}", key.secret_access_key),
    ]
}

fn console(endpoint: &str, cloud: &Cloud, settings: &Up) {
    if !cloudchamber::console::is_built() {
        say("Console: not built into this server (`cargo xtask console`, then build again).");
        return;
    }
    let key = &cloud.root.access_key_id;
    let secret = if cloud.root.well_known { "secret access key test" } else { "the secret access key above" };
    say(&format!("Console: {endpoint}/console/"));
    say(&format!(
        "  Sign in as root of account {}: access key ID {key}, {secret}. IAM users sign in by password.",
        settings.account
    ));
}

async fn stopped() -> Result<(), Problem> {
    let listen =
        |kind| signal(kind).map_err(|error| Problem::new(format!("cannot wait for signals: {error}")));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
