use std::ffi::OsString;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use penstock_protocol::manifest::Kind;
use serde_json::Value;
use tokio::net::TcpListener;

use super::heard::Heard;
use super::subject::Subject;
use super::{Order, OrderError};
use crate::dev::functions;
use crate::host::{Function, Host, Options};

/// The command under test, as a function of a local host of its own.
pub(super) struct Worker<'a> {
    host: Host,
    name: String,
    pub(super) subject: &'a Subject,
}

impl<'a> Worker<'a> {
    pub(super) async fn start(order: &Order, command: Command, subject: &'a Subject) -> Result<Self, OrderError> {
        let name = subject.definition.id().replace(':', "-");
        let mut environment = functions::logging();
        environment.extend(functions::users_aws());
        environment.extend(functions::configured(&subject.manifest.environment));
        environment.insert("PENSTOCK_TOOL".to_owned(), subject.definition.id().into());
        environment.extend(order.environment.iter().cloned());
        let function = Function {
            arguments: command.arguments,
            directory: command.directory,
            environment,
            timeout: subject.timeout(),
            memory_megabytes: subject.manifest.memory_megabytes,
            ..Function::new(name.clone(), command.program)
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let options = Options { region: functions::region(), ..Options::default() };
        Ok(Self { host: Host::start(listener, vec![function], &options)?, name, subject })
    }

    /// Calls it with an event, as its contract has it, and hears it out.
    pub(super) async fn call(&self, event: &Value) -> Result<Heard, OrderError> {
        let reply = self.host.invoke(&self.name, self.subject.payload(event))?;
        let is_tool = self.subject.manifest.kind == Kind::Tool;
        Ok(Heard::read(self.subject.contract(), is_tool, reply).await)
    }

    /// Processes started so far.
    pub(super) fn launches(&self) -> Result<usize, OrderError> {
        Ok(self.host.launches(&self.name)?)
    }

    pub(super) fn last_line(&self) -> Option<String> {
        self.host.last_output(&self.name).ok()?.pop()
    }

    pub(super) async fn stop(self) {
        self.host.shut_down().await;
    }
}

/// A command line as the local host runs it.
pub(super) struct Command {
    program: PathBuf,
    arguments: Vec<OsString>,
    /// Where it runs.
    pub(super) directory: PathBuf,
    /// Where its program is, if that is known.
    pub(super) folder: Option<PathBuf>,
}

impl Command {
    /// A `bootstrap` runs in its own folder, as on Lambda; any other command here.
    pub(super) fn new(command: &[OsString]) -> Result<Self, OrderError> {
        let (program, arguments) = command.split_first().ok_or(OrderError::NoCommand)?;
        let here = std::env::current_dir()?;
        let path = PathBuf::from(program);
        let is_path = path.components().count() > 1;
        let program = if is_path {
            // Symbolic links stay: the interpreter of a virtual environment knows itself by its path.
            let absolute = std::path::absolute(&path)?;
            if !absolute.is_file() {
                return Err(OrderError::NoProgram(path.display().to_string()));
            }
            absolute
        } else {
            path
        };
        let folder = program.parent().filter(|_| is_path).map(PathBuf::from);
        let is_bootstrap = program.file_name().is_some_and(|name| name == "bootstrap");
        let directory = folder.clone().filter(|_| is_bootstrap).unwrap_or(here);
        Ok(Self { program, arguments: arguments.to_vec(), directory, folder })
    }
}
