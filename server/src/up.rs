//! `cloudchamber up`.

use crate::settings::Up;
use crate::{Problem, env, say};
use cloudchamber::cloud::Cloud;
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
    let endpoint = format!("http://{}", cloud.address);
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
    say("Try: aws sts get-caller-identity");
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
