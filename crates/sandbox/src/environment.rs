//! One environment: a sandbox with a runtime in it that takes one event after the other.

use crate::endpoint;
use crate::faults::{self, StartError};
use crate::invocation::{Invocation, InvocationResult, Outcome};
use crate::logs::Output;
use crate::memory::Meter;
use crate::process::{End, Process, Started};
use crate::runtime_api::{Event, RuntimeApi};
use crate::start::{EnvironmentSpec, Runtime, Scratch};
use bytes::Bytes;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// How often memory is looked at while code runs.
const TICK: Duration = Duration::from_millis(25);

const INVALID_ENTRYPOINT: &str = "Runtime.InvalidEntrypoint";

/// A running environment. Dropping it ends everything in it.
pub struct Environment {
    spec: EnvironmentSpec,
    process: Arc<Process>,
    api: Arc<RuntimeApi>,
    events: mpsc::UnboundedReceiver<Event>,
    end: watch::Receiver<Option<End>>,
    output: Arc<Output>,
    meter: Meter,
    born: Instant,
    phase: Phase,
    // Below: what ends with the environment, by being dropped.
    _tasks: JoinSet<()>,
    _scratch: Option<Scratch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Cold,
    Idle,
    Busy,
    Ended,
}

/// What an environment is made of.
pub(crate) struct Parts {
    pub(crate) spec: EnvironmentSpec,
    pub(crate) started: Started,
    /// The Runtime API's, if it is not inside.
    pub(crate) listener: Option<std::net::TcpListener>,
    pub(crate) secret: String,
    pub(crate) meter: Meter,
    pub(crate) scratch: Option<Scratch>,
    pub(crate) endpoint: SocketAddr,
}

impl Environment {
    pub(crate) fn new(parts: Parts) -> Result<Environment, StartError> {
        let (sender, events) = mpsc::unbounded_channel();
        let api = Arc::new(RuntimeApi::new(parts.secret, sender));
        let mut tasks = JoinSet::new();
        let mut inside = parts.started.listeners.into_iter();
        let wrap = |listener: std::net::TcpListener| {
            listener.set_nonblocking(true).and_then(|()| tokio::net::TcpListener::from_std(listener))
        };
        if let Some(listener) = parts.listener.or_else(|| inside.next()) {
            let listener = wrap(listener).map_err(StartError::system("serve the Runtime API"))?;
            tasks.spawn(Arc::clone(&api).serve(listener));
        }
        if let Some(listener) = inside.next() {
            let listener = wrap(listener).map_err(StartError::system("connect the endpoint"))?;
            tasks.spawn(endpoint::forward(listener, endpoint::reachable(parts.endpoint)));
        }
        let nonblocking =
            rustix::io::ioctl_fionbio(&parts.started.output, true).map_err(std::io::Error::from);
        let output = nonblocking.and_then(|()| Output::new(parts.started.output));
        let output = Arc::new(output.map_err(StartError::system("read a function's output"))?);
        let followed = Arc::clone(&output);
        tasks.spawn(async move { followed.follow().await });
        let (ended, end) = watch::channel(None);
        let status = parts.started.status;
        tasks.spawn(async move {
            let how = status.end().await;
            // The socket stays open until someone has read this: its end is the end of the sandbox.
            let _ = ended.send(Some(how));
            std::future::pending::<()>().await;
        });
        Ok(Environment {
            spec: parts.spec,
            process: Arc::new(parts.started.process),
            api,
            events,
            end,
            output,
            meter: parts.meter,
            born: now(),
            phase: Phase::Cold,
            _tasks: tasks,
            _scratch: parts.scratch,
        })
    }

    /// The name that it was started with.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.spec.id
    }

    /// Whose code it runs, as it was started with.
    #[must_use]
    pub fn function(&self) -> &str {
        &self.spec.function
    }

    /// Whether it can take another event. False once its runtime has ended, whatever the reason.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        matches!(self.phase, Phase::Cold | Phase::Idle) && self.end.borrow().is_none()
    }

    /// Gives the function an event and waits for what comes of it.
    ///
    /// The first call waits for initialization, too. If the future is dropped before it is done, the environment cannot be
    /// used again: nobody knows what the function is doing.
    pub async fn invoke(&mut self, invocation: Invocation) -> Outcome {
        let mut began = now();
        let cold = self.phase == Phase::Cold;
        let usable = self.is_usable() || cold;
        self.phase = Phase::Busy;
        if !cold {
            self.output.begin(began);
        }
        let request_id = invocation.request_id.clone();
        let limit = invocation.deadline;
        let mut init_duration = None;
        let result = if usable {
            // A runtime that initializes gets the event once that is over, so that what it prints before is known from what it prints after.
            let mut waiting = Some(invocation);
            if !cold && let Some(invocation) = waiting.take() {
                self.api.offer(invocation, limit);
            }
            let mut until = if cold { self.born + self.spec.timeout_init + limit } else { began + limit };
            loop {
                match self.next_event(until).await {
                    Happened::Event(Event::Ready) if cold => {
                        // The event is the function's from here on.
                        began = now();
                        self.output.begin(began);
                        init_duration = Some(began.duration_since(self.born));
                        until = began + limit;
                        if let Some(invocation) = waiting.take() {
                            self.api.offer(invocation, limit);
                        }
                    }
                    Happened::Event(Event::Ready) => {}
                    Happened::Event(event) => break self.answered(event, &request_id).await,
                    Happened::End(end) => break self.gone(end, &request_id),
                    Happened::OutOfMemory => {
                        break InvocationResult::OutOfMemory { payload: faults::out_of_memory(&request_id) };
                    }
                    Happened::Late => {
                        break InvocationResult::TimedOut { payload: faults::timed_out(&request_id, limit) };
                    }
                }
            }
        } else {
            self.gone(End::Killed, &request_id)
        };
        let duration = began.elapsed();
        let max_memory_used_mb = self.meter.highest_mb();
        match result {
            InvocationResult::Response(_) | InvocationResult::FunctionError { .. }
                if self.phase == Phase::Busy =>
            {
                self.phase = Phase::Idle;
            }
            _ => self.kill().await,
        }
        let platform_line = platform_line(&result, &request_id, limit);
        Outcome {
            result,
            logs: self.output.finish(),
            platform_line,
            init_duration,
            duration,
            max_memory_used_mb,
        }
    }

    /// Ends everything in the environment and waits until it is gone.
    pub async fn kill(&mut self) {
        self.phase = Phase::Ended;
        self.process.kill();
        self.process.ended().await;
    }

    /// Waits for the runtime's end.
    pub(crate) async fn ended(&mut self) -> End {
        match self.end.wait_for(Option::is_some).await {
            Ok(end) => end.clone().unwrap_or(End::Killed),
            Err(_) => End::Killed,
        }
    }

    async fn next_event(&mut self, until: Instant) -> Happened {
        loop {
            let left = until.saturating_duration_since(now());
            if left.is_zero() {
                return Happened::Late;
            }
            let either = async {
                tokio::select! {
                    // What the runtime said before it ended comes first.
                    biased;
                    Some(event) = self.events.recv() => Happened::Event(event),
                    Ok(end) = self.end.wait_for(Option::is_some) => Happened::End(end.clone().unwrap_or(End::Killed)),
                }
            };
            if let Ok(happened) = tokio::time::timeout(left.min(TICK), either).await {
                return happened;
            }
            if self.meter.exceeded() {
                return Happened::OutOfMemory;
            }
        }
    }

    async fn answered(&mut self, event: Event, request_id: &str) -> InvocationResult {
        match event {
            Event::Response(payload) => InvocationResult::Response(payload),
            Event::Error { error_type, payload } => InvocationResult::FunctionError { error_type, payload },
            Event::TooLarge => InvocationResult::FunctionError {
                error_type: "Function.ResponseSizeTooLarge".to_owned(),
                payload: faults::too_large(),
            },
            Event::InitError { error_type, payload } => {
                // The runtime goes on to end itself; what it still prints belongs to this invocation.
                let _ = tokio::time::timeout(Duration::from_secs(1), self.ended()).await;
                self.phase = Phase::Ended;
                InvocationResult::FunctionError { error_type, payload: with_request_id(&payload, request_id) }
            }
            // Sent once, before anything else, and handled where it is received.
            Event::Ready => {
                InvocationResult::Exited { status: None, payload: faults::exited(request_id, None) }
            }
        }
    }

    fn gone(&mut self, end: End, request_id: &str) -> InvocationResult {
        if self.meter.ran_out() {
            return InvocationResult::OutOfMemory { payload: faults::out_of_memory(request_id) };
        }
        match end {
            End::Exited(status) => InvocationResult::Exited {
                status: Some(status),
                payload: faults::exited(request_id, Some(status)),
            },
            End::NotExecuted(number) => InvocationResult::FunctionError {
                error_type: INVALID_ENTRYPOINT.to_owned(),
                payload: faults::invalid_entrypoint(request_id, &self.why_not_executed(number)),
            },
            End::NotSetUp(why) => {
                tracing::error!(environment = self.spec.id, why, "an environment could not be set up");
                InvocationResult::Exited { status: None, payload: faults::exited(request_id, None) }
            }
            End::Killed => {
                let killed = Some(9);
                InvocationResult::Exited { status: None, payload: faults::exited(request_id, killed) }
            }
        }
    }

    fn why_not_executed(&self, number: i32) -> String {
        let folders = std::iter::once(&self.spec.code_dir).chain(&self.spec.layers);
        let exists =
            folders.map(|folder| folder.join("bootstrap")).any(|path| path.symlink_metadata().is_ok());
        if self.spec.runtime == Runtime::Provided && !exists {
            return "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]".to_owned();
        }
        // In the words of Go, in which Lambda's first process is written.
        let why = match number {
            2 => "no such file or directory".to_owned(),
            8 => "exec format error".to_owned(),
            13 => "permission denied".to_owned(),
            other => format!("errno {other}"),
        };
        format!("fork/exec /var/task/bootstrap: {why}")
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.process.kill();
    }
}

enum Happened {
    Event(Event),
    End(End),
    OutOfMemory,
    Late,
}

#[expect(clippy::disallowed_methods, reason = "deadlines of real processes are real time")]
fn now() -> Instant {
    Instant::now()
}

/// What Lambda writes after its report about an end that the function itself could not write about.
fn platform_line(result: &InvocationResult, request_id: &str, limit: Duration) -> Option<String> {
    let reason = match result {
        InvocationResult::Response(_) => return None,
        InvocationResult::TimedOut { .. } => {
            let seconds = limit.as_secs_f64();
            return Some(format!(
                "{} {request_id} Task timed out after {seconds:.2} seconds\n\n",
                timestamp()
            ));
        }
        InvocationResult::Exited { .. } | InvocationResult::OutOfMemory { .. } => "Runtime.ExitError",
        InvocationResult::FunctionError { error_type, .. } if error_type == INVALID_ENTRYPOINT => {
            INVALID_ENTRYPOINT
        }
        InvocationResult::FunctionError { .. } => return None,
    };
    let document: serde_json::Value = serde_json::from_slice(result.payload()).ok()?;
    Some(format!("{}\n{reason}\n", document.get("errorMessage")?.as_str()?))
}

/// The real time as Lambda's own log lines have it: it stands beside those that the function prints.
#[expect(clippy::disallowed_methods, reason = "the log of a real process has real time in it")]
fn timestamp() -> String {
    let now = jiff::Timestamp::try_from(std::time::SystemTime::now()).unwrap_or_default();
    now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A runtime that fails to initialize knows no request yet; the answer has it.
fn with_request_id(payload: &Bytes, request_id: &str) -> Bytes {
    let Ok(serde_json::Value::Object(mut document)) = serde_json::from_slice(payload) else {
        return payload.clone();
    };
    if let Some(place) = document.get_mut("requestId") {
        *place = request_id.into();
    }
    serde_json::Value::Object(document).to_string().into()
}
