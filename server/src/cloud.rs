//! A cloud put together: store, services, pipeline, gateway, work.

use crate::Problem;
use crate::credentials::RootKey;
use crate::lab_accounts::LabAccounts;
use crate::scripts::Scripts;
use crate::services::{Choices, registrations};
use crate::settings::{Durability, LambdaNetwork, RootCredentials, S3DefaultEncryption, SmtpAccounts, Up};
use blobs::Blobs;
use clock::{SharedClock, SystemClock};
use gateway::{Gateway, Listening};
use pipeline::{Parts, Pipeline};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use store::{Backend, Store, StoreError};

/// A cloud that runs until it is dropped.
pub struct Cloud {
    /// Where it listens.
    pub address: SocketAddr,
    /// The first account's root access key.
    pub root: RootKey,
    /// What proves labs on this cloud.
    pub bench: labs::Bench,
    _listening: [Listening; 2],
    _work: workflow::Running,
    _scratch: tempfile::TempDir,
}

impl Cloud {
    /// Starts a cloud.
    pub async fn start(settings: &Up) -> Result<Self, Problem> {
        if !settings.host.is_loopback() && settings.root_credentials == RootCredentials::Test {
            return Err(Problem::new(format!(
                "listening on {} would let anyone who reaches this machine sign as root with the well-known test/test. Add --root-credentials random.",
                settings.host
            )));
        }
        let shares_loopback = settings.weak_sandbox || settings.lambda_network == LambdaNetwork::Host;
        if shares_loopback && settings.root_credentials == RootCredentials::Test {
            tracing::warn!(
                "functions share this machine's loopback, where the well-known test/test is root: code in any of them can be root. Add \
                 --root-credentials random to run functions that you do not trust."
            );
        }
        let clock: SharedClock = Arc::new(SystemClock::new());
        let (store, blobs) = open(settings, &clock)?;
        let data_dir = (!settings.ephemeral).then_some(settings.data_dir.as_path());
        let root = RootKey::choose(settings.root_credentials, data_dir)?;
        // Bound before anything is started, so that functions and links are given the port that was free.
        let listener = gateway::bind(SocketAddr::new(settings.host, settings.port))
            .await
            .map_err(|error| cannot_listen(settings, &error))?;
        let address = listener.address();
        // Functions come in by a door of their own, so that they are known for what they are.
        let door = gateway::bind(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0))
            .await
            .map_err(|error| Problem::new(format!("cannot listen for functions on 127.0.0.1: {error}")))?;
        // An unspecified address is one to listen on, not one to reach.
        let reached = match address.ip() {
            ip if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
            _ => address,
        };
        let endpoint = format!("http://{reached}");

        let scratch = tempfile::tempdir()
            .map_err(|error| Problem::new(format!("cannot make a directory for unpacked code: {error}")))?;
        let cache = data_dir.unwrap_or(scratch.path()).join("lambda-code");
        let scripts = data_dir.unwrap_or(scratch.path()).join("automation-scripts");
        let functions = Arc::new(lambda::Sandboxed::new(sandbox_of(settings, reached, door.address())));
        let choices = Choices {
            lambda: lambda::Settings {
                account_concurrency: settings.account_concurrency,
                ..lambda::Settings::new(Arc::clone(&functions) as Arc<dyn lambda::Runtime>, cache)
            },
            s3: s3::Settings {
                default_encryption: settings.s3_default_encryption == S3DefaultEncryption::Aes256,
            },
            sns: sns::Settings {
                mail_dir: data_dir.map(|data_dir| data_dir.join("mail")),
                smtp: settings.smtp.clone(),
                relay_only: (settings.smtp_accounts == SmtpAccounts::First).then_some(settings.account),
            },
            ssm: ssm::Settings::new(
                Arc::new(Scripts::new(Arc::clone(&functions) as Arc<dyn lambda::Runtime>)),
                scripts,
            ),
        };
        let mut registrations = registrations(&choices);
        let accounts: Arc<dyn labs::Accounts> = Arc::new(LabAccounts);
        let routes = crate::lab_accounts::serve(&mut registrations, settings, &accounts)?;
        let identities = registrations
            .iter()
            .find_map(|registration| registration.identities.clone())
            .ok_or_else(|| Problem::new("no service keeps identities: this build is broken"))?;
        let pipeline = Pipeline::new(
            Parts { store: store.clone(), blobs, clock: Arc::clone(&clock), endpoint },
            &registrations,
            identities,
        );
        let first = settings.account;
        let root_key = iam::accounts::RootKey {
            access_key_id: root.access_key_id.clone(),
            secret: contract::Secret(root.secret_access_key.clone()),
            well_known: root.well_known,
        };
        pipeline
            .at_start(Arc::new(move |_, call, tx| {
                iam::accounts::ensure_account(tx, first, &root_key, "", call.now)?;
                iam::accounts::close_again(call, tx)
            }))
            .await
            .map_err(|error| {
                Problem::new(format!("the first account cannot be prepared: {}", error.message))
            })?;

        let gateway = Gateway::new(
            Arc::clone(&pipeline),
            &registrations,
            gateway::Options {
                account: settings.account,
                region: settings.region,
                well_known_credentials: settings.host.is_loopback(),
                ephemeral: settings.ephemeral,
                version: env!("CARGO_PKG_VERSION"),
                console: crate::console::file,
            },
        );
        let work = workflow::start(pipeline.context(), workflow::Work::of(&registrations));
        let any = lambda::has_functions(&store.view())
            .map_err(|error| Problem::new(format!("functions cannot be looked up: {error}")))?;
        tokio::spawn(async move {
            Arc::clone(&functions).prepare().await;
            if any {
                lambda::Runtime::warm_up(&*functions).await;
            }
        });
        let listening = [listener.serve(Arc::clone(&gateway)), door.serve_functions(gateway)];
        let bench = labs::Bench { context: pipeline.context().clone(), accounts, routes };
        Ok(Self { address, root, bench, _listening: listening, _work: work, _scratch: scratch })
    }
}

fn sandbox_of(settings: &Up, endpoint: SocketAddr, door: SocketAddr) -> sandbox::Configuration {
    let mut configuration = sandbox::Configuration::new(endpoint);
    configuration.functions_endpoint = Some(door);
    configuration.python.clone_from(&settings.python);
    configuration.node.clone_from(&settings.node);
    configuration.node_modules.clone_from(&settings.node_modules);
    configuration.strict = !settings.weak_sandbox;
    configuration.network = match settings.lambda_network {
        LambdaNetwork::Endpoint => sandbox::Network::Endpoint,
        LambdaNetwork::Host => sandbox::Network::Host,
    };
    configuration
}

fn open(settings: &Up, clock: &SharedClock) -> Result<(Store, Blobs), Problem> {
    if settings.ephemeral {
        let store = Store::open(Backend::Memory, Arc::clone(clock))
            .map_err(|error| Problem::new(error.to_string()))?;
        return Ok((store, Blobs::in_memory(Arc::clone(clock))));
    }
    let data_dir = &settings.data_dir;
    std::fs::create_dir_all(data_dir).map_err(|error| {
        Problem::new(format!("cannot make the data directory {}: {error}", data_dir.display()))
    })?;
    let (rows, bodies) = match settings.durability {
        Durability::Process => (store::Durability::Process, blobs::Durability::Process),
        Durability::Power => (store::Durability::Power, blobs::Durability::Power),
    };
    let backend = Backend::Disk { path: data_dir.join("store"), durability: rows };
    let store = Store::open(backend, Arc::clone(clock))
        .map_err(|error: StoreError| Problem::new(error.to_string()))?;
    let blobs = Blobs::open(&data_dir.join("blobs"), bodies, Arc::clone(clock)).map_err(|error| {
        Problem::new(format!("cannot open the bodies in {}: {error}", data_dir.display()))
    })?;
    Ok((store, blobs))
}

fn cannot_listen(settings: &Up, error: &std::io::Error) -> Problem {
    let what = if error.kind() == std::io::ErrorKind::AddrInUse {
        "another program listens there. Stop it, or choose another port with --port"
    } else {
        "see the error"
    };
    Problem::new(format!("cannot listen on {}:{} ({error}): {what}.", settings.host, settings.port))
}
