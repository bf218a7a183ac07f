//! Flags.

use clap::{Args, ValueEnum};
use names::{AccountId, Region};
use std::net::IpAddr;
use std::path::PathBuf;

/// Flags of `up`.
#[derive(Debug, Clone, Args)]
pub struct Up {
    /// The address to listen on; other than loopback demands --root-credentials random.
    #[arg(long, default_value = "127.0.0.1", env = "CLOUDCHAMBER_HOST")]
    pub host: IpAddr,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 4566, env = "CLOUDCHAMBER_PORT")]
    pub port: u16,
    /// Where state is kept.
    #[arg(long, default_value_os_t = default_data_dir(), env = "CLOUDCHAMBER_DATA_DIR")]
    pub data_dir: PathBuf,
    /// Keep all state in memory: gone when the program ends.
    #[arg(long)]
    pub ephemeral: bool,
    /// What an acknowledged write survives.
    #[arg(long, value_enum, default_value_t = Durability::Process)]
    pub durability: Durability,
    /// The first account.
    #[arg(long, default_value_t = AccountId::DEFAULT)]
    pub account: AccountId,
    /// The region of calls whose signature names none.
    #[arg(long, default_value_t = Region::US_EAST_1)]
    pub region: Region,
    /// The first account's root access key: test/test, or a generated pair (kept in the data directory).
    #[arg(long, value_enum, default_value_t = RootCredentials::Test)]
    pub root_credentials: RootCredentials,
    /// What Lambda functions can reach: only this cloud, or whatever this machine can.
    #[arg(long, value_enum, default_value_t = LambdaNetwork::Endpoint)]
    pub lambda_network: LambdaNetwork,
    /// Run functions even where the kernel cannot isolate them fully; the log says what is missing.
    #[arg(long)]
    pub weak_sandbox: bool,
    /// The Python that runs functions; it needs boto3.
    #[arg(long, env = "CLOUDCHAMBER_PYTHON", default_value = "python3")]
    pub python: PathBuf,
    /// The Node.js that runs functions of the runtimes nodejs.
    #[arg(long, env = "CLOUDCHAMBER_NODE", default_value = "node")]
    pub node: PathBuf,
    /// A directory node_modules with the AWS SDK for JavaScript, for functions in Node.js.
    #[arg(long, env = "CLOUDCHAMBER_NODE_MODULES")]
    pub node_modules: Option<PathBuf>,
    /// Relay mail to an SMTP server as well, such as smtp://user:password@host:587.
    #[arg(long, env = "CLOUDCHAMBER_SMTP")]
    pub smtp: Option<String>,
    /// Whose mail --smtp relays: the first account's, or that of all accounts, labs' too.
    #[arg(long, value_enum, default_value_t = SmtpAccounts::First, env = "CLOUDCHAMBER_SMTP_ACCOUNTS")]
    pub smtp_accounts: SmtpAccounts,
    /// The default encryption of new buckets: none is the AWS of before January 2023, for guides of that time.
    #[arg(long, value_enum, default_value_t = S3DefaultEncryption::Aes256, env = "CLOUDCHAMBER_S3_DEFAULT_ENCRYPTION")]
    pub s3_default_encryption: S3DefaultEncryption,
    /// Concurrent executions of functions of one account in a region, 1000 on AWS: a lower one keeps a student of a class from taking all environments.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(i32).range(1..=1000), env = "CLOUDCHAMBER_ACCOUNT_CONCURRENCY")]
    pub account_concurrency: i32,
    /// A folder of labs of your own, each a folder with a lab.yaml (see docs/labs.md); they stand beside the built-in ones.
    #[arg(long, env = "CLOUDCHAMBER_LABS")]
    pub labs: Option<PathBuf>,
    /// What is logged: error, warn, info, debug, or filters such as pipeline=debug.
    #[arg(long, default_value = "info", env = "CLOUDCHAMBER_LOG")]
    pub log: String,
}

/// Flags of commands that talk to a running cloud.
#[derive(Debug, Clone, Args)]
pub struct Client {
    /// Where the cloud listens.
    #[arg(long, default_value = "http://127.0.0.1:4566", env = "AWS_ENDPOINT_URL")]
    pub endpoint: String,
    /// Where its state is kept (for generated credentials).
    #[arg(long, default_value_os_t = default_data_dir(), env = "CLOUDCHAMBER_DATA_DIR")]
    pub data_dir: PathBuf,
    /// The region to export.
    #[arg(long, default_value_t = Region::US_EAST_1)]
    pub region: Region,
}

/// See the flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Durability {
    /// kill -9 of the program at once, loss of power within 100 ms.
    Process,
    /// Loss of power too: fsync before the answer.
    Power,
}

/// See the flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RootCredentials {
    /// test/test, only while listening on loopback.
    Test,
    /// Generated at the first start.
    Random,
}

/// Whose mail is relayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SmtpAccounts {
    /// The first account's.
    First,
    /// That of all accounts.
    All,
}

/// The default encryption of new buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum S3DefaultEncryption {
    /// SSE-S3, as on AWS since January 2023.
    Aes256,
    /// None.
    None,
}

/// See the flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LambdaNetwork {
    /// Only this cloud.
    Endpoint,
    /// Whatever this machine can reach.
    Host,
}

fn default_data_dir() -> PathBuf {
    std::env::var_os("HOME")
        .map_or_else(|| PathBuf::from(".cloudchamber"), |home| PathBuf::from(home).join(".cloudchamber"))
}
