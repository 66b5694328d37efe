//! A small HTTP server: one request a connection, so that it can answer anything whatever.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::site::Site;

/// A request.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    /// Null where there is no JSON.
    pub(crate) body: Value,
}

/// An answer. `{origin}` in it becomes the server's own origin.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// What is written, each part after a pause.
    pub(crate) parts: Vec<(Duration, String)>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

impl Answer {
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), parts: Vec::new() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status).header("content-type", "application/json").part(0, body.to_string())
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn part(mut self, pause: u64, text: String) -> Self {
        self.parts.push((Duration::from_millis(pause), text));
        self
    }

    fn write(&self, origin: &str, stream: &mut TcpStream) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} Status\r\nconnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head = format!("{head}{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").replace("{origin}", origin).as_bytes())?;
        for (pause, part) in &self.parts {
            std::thread::sleep(*pause);
            stream.write_all(part.replace("{origin}", origin).as_bytes())?;
        }
        Ok(())
    }
}

/// Serves a site until the test ends; answers the URL of its endpoint.
pub(crate) fn start(site: Site) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
    let url = format!("{origin}/mcp");
    let site = Arc::new(site);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let (site, origin) = (Arc::clone(&site), origin.clone());
            std::thread::spawn(move || {
                let asked = read(&stream)?;
                // Who asked may have left.
                site.answer(&asked).write(&origin, &mut stream).ok()
            });
        }
    });
    url
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap_or(0))];
    reader.read_exact(&mut body).ok()?;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Some(Asked { method, path: path.to_owned(), query: query.to_owned(), headers, body })
}
