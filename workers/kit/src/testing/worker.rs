//! A Runtime API for one worker process, in the test's process: bytes in, bytes out.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use penstock_protocol::Bytes;
use penstock_protocol::frame::FrameError;
use serde_json::Value;

use super::{PATIENCE, deadline_ms, decode};

/// A real worker process and the Runtime API it talks to. Killed when dropped.
#[derive(Debug)]
pub struct Worker {
    process: Child,
    log: Option<JoinHandle<String>>,
    events: Sender<Invocation>,
    init_errors: Receiver<Bytes>,
}

/// How a worker process ended.
#[derive(Debug)]
pub struct Exit {
    /// What the operating system says.
    pub status: ExitStatus,
    /// What it posted to `/runtime/init/error`.
    pub init_error: Option<Value>,
    /// What it wrote to standard error.
    pub log: String,
}

/// What the worker answers to one invocation, chunk by chunk.
#[derive(Debug)]
pub struct Response {
    pieces: Receiver<Piece>,
    complete: bool,
}

/// A payload, and where the answer goes.
type Invocation = (String, Sender<Piece>);

#[derive(Debug)]
enum Piece {
    Chunk(Bytes),
    End,
}

impl Worker {
    /// Starts `command` as Lambda starts a function. The caller sets `PENSTOCK_TOOL`.
    ///
    /// # Panics
    /// If the process does not start.
    pub fn start(mut command: Command) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (events, pending) = channel();
        let (init_error, init_errors) = channel();
        let api =
            Api { pending: Arc::new(Mutex::new(pending)), open: Arc::default(), count: Arc::default(), init_error };
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let api = api.clone();
                thread::spawn(move || drop(api.serve(&connection)));
            }
        });
        command
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "test")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .stderr(Stdio::piped());
        let mut process = command.spawn().expect("the worker starts");
        let mut stderr = process.stderr.take().expect("stderr is piped");
        let log = thread::spawn(move || {
            let mut log = Vec::new();
            drop(stderr.read_to_end(&mut log));
            String::from_utf8_lossy(&log).into_owned()
        });
        Self { process, log: Some(log), events, init_errors }
    }

    /// Hands the worker one invocation, as soon as it asks.
    ///
    /// # Panics
    /// If the Runtime API has ended.
    pub fn invoke(&self, payload: &(impl ToString + ?Sized)) -> Response {
        let (sender, pieces) = channel();
        self.events.send((payload.to_string(), sender)).expect("the Runtime API runs");
        Response { pieces, complete: false }
    }

    /// Kills the process.
    ///
    /// # Panics
    /// If it cannot be killed.
    pub fn kill(&mut self) {
        self.process.kill().expect("the worker can be killed");
    }

    /// Waits for the process to end by itself, or by [`kill`](Self::kill).
    ///
    /// # Panics
    /// If it cannot be waited for.
    pub fn exit(mut self) -> Exit {
        let status = self.process.wait().expect("the worker can be waited for");
        let log = self.log.take().and_then(|log| log.join().ok()).unwrap_or_default();
        let init_error = self.init_errors.try_recv().ok();
        Exit { status, init_error: init_error.and_then(|json| serde_json::from_slice(&json).ok()), log }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Response {
    /// Waits for the next chunk; none after the last.
    ///
    /// # Panics
    /// If the worker is silent for a minute.
    pub fn chunk(&mut self) -> Option<Bytes> {
        match self.pieces.recv_timeout(PATIENCE) {
            Ok(Piece::Chunk(chunk)) => Some(chunk),
            Ok(Piece::End) => {
                self.complete = true;
                None
            }
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => None,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => panic!("the worker is silent"),
        }
    }

    /// Whether the worker ended the response itself. Known after the last chunk.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The remaining chunks, waited for.
    pub fn rest(&mut self) -> Vec<Bytes> {
        std::iter::from_fn(|| self.chunk()).collect()
    }

    /// The frames of the whole response.
    ///
    /// # Errors
    /// [`FrameError`] if the stream breaks the worker contract.
    pub fn frames(mut self) -> std::result::Result<Vec<Value>, FrameError> {
        decode(self.rest())
    }
}

#[derive(Clone)]
struct Api {
    pending: Arc<Mutex<Receiver<Invocation>>>,
    open: Arc<Mutex<HashMap<String, Sender<Piece>>>>,
    count: Arc<AtomicU64>,
    init_error: Sender<Bytes>,
}

impl Api {
    fn serve(&self, connection: &TcpStream) -> Result<()> {
        connection.set_nodelay(true)?;
        let mut reader = BufReader::new(connection);
        while let Some(head) = Head::read(&mut reader)? {
            let steps: Vec<&str> = head.path.trim_start_matches("/2018-06-01/runtime/").split('/').collect();
            match *steps.as_slice() {
                ["invocation", "next"] => self.next(connection)?,
                ["invocation", id, "response"] => {
                    let Some(sender) = self.open.lock().expect("no panic holds it").remove(id) else { continue };
                    head.body(&mut reader, |chunk| drop(sender.send(Piece::Chunk(chunk))))?;
                    drop(sender.send(Piece::End));
                    accept(connection)?;
                }
                ["init", "error"] => {
                    head.body(&mut reader, |chunk| drop(self.init_error.send(chunk)))?;
                    accept(connection)?;
                }
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    fn next(&self, mut connection: &TcpStream) -> Result<()> {
        let Ok((payload, sender)) = self.pending.lock().expect("no panic holds it").recv() else { return Ok(()) };
        let id = self.count.fetch_add(1, Ordering::Relaxed).to_string();
        self.open.lock().expect("no panic holds it").insert(id.clone(), sender);
        let (deadline, length) = (deadline_ms(PATIENCE), payload.len());
        write!(
            connection,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: {id}\r\n\
             lambda-runtime-deadline-ms: {deadline}\r\ncontent-length: {length}\r\n\r\n{payload}"
        )
    }
}

fn accept(mut connection: &TcpStream) -> Result<()> {
    connection.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
}

struct Head {
    path: String,
    chunked: bool,
    length: u64,
}

impl Head {
    fn read(reader: &mut impl BufRead) -> Result<Option<Self>> {
        let first = line(reader)?;
        let Some(path) = first.split(' ').nth(1) else { return Ok(None) };
        let mut head = Self { path: path.to_owned(), chunked: false, length: 0 };
        loop {
            let header = line(reader)?.to_ascii_lowercase();
            match header.split_once(':') {
                None => return Ok(Some(head)),
                Some(("transfer-encoding", _)) => head.chunked = true,
                Some(("content-length", length)) => head.length = length.trim().parse().unwrap_or(0),
                Some(_) => {}
            }
        }
    }

    fn body(&self, reader: &mut impl BufRead, mut take: impl FnMut(Bytes)) -> Result<()> {
        if !self.chunked {
            take(exactly(reader, self.length)?);
            return Ok(());
        }
        loop {
            let size = u64::from_str_radix(&line(reader)?, 16).map_err(|_| ErrorKind::InvalidData)?;
            let chunk = exactly(reader, size)?;
            line(reader)?;
            if chunk.is_empty() {
                return Ok(());
            }
            take(chunk);
        }
    }
}

fn exactly(reader: &mut impl BufRead, length: u64) -> Result<Bytes> {
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| ErrorKind::InvalidData)?];
    reader.read_exact(&mut bytes)?;
    Ok(bytes.into())
}

fn line(reader: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
