//! A server on loopback that speaks HTTP as its script says, well or badly, and writes down what it saw.
//!
//! For tests alone, and therefore behind a feature; it knows no model and judges no request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Step {
    /// Answers.
    Answer(Answer),
    /// Answers, a little later.
    Slow(Duration, Answer),
    /// Says how long its answer is, sends half of it and hangs up.
    CutOff(Answer),
    /// Says nothing and keeps the line open.
    Hang,
    /// Hangs up without a word.
    HangUp,
    /// Answers with a body of so many bytes, as long as somebody listens.
    Flood(usize),
}

/// An answer, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, but for the body's length, which is added.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// A request as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its first line, such as `POST /v1/chat/completions HTTP/1.1`.
    pub line: String,
    /// Its headers in their order, names in lowercase.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
}

type Script = Box<dyn FnMut(&Seen, usize) -> Step + Send>;

/// What the server's threads share with who started it.
struct Shared {
    script: Mutex<Script>,
    seen: Mutex<Vec<Seen>>,
    flooded: Mutex<usize>,
    // Requests that are being answered now, and the most that ever were.
    busy: Mutex<(usize, usize)>,
    // Each is closed when the server goes, which ends the threads that wait on them.
    lines: Mutex<Vec<TcpStream>>,
    over: Mutex<bool>,
}

/// A server that runs until it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Starts a server that takes one step a request and repeats the last one for ever.
    pub fn start(steps: Vec<Step>) -> Self {
        Self::answering(move |_, number| {
            let last = steps.len().saturating_sub(1);
            steps.get(number.min(last)).cloned().unwrap_or(Step::HangUp)
        })
    }

    /// Starts a server that decides by the request, and by how many came before it.
    pub fn answering(script: impl FnMut(&Seen, usize) -> Step + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let shared = Arc::new(Shared {
            script: Mutex::new(Box::new(script)),
            seen: Mutex::default(),
            flooded: Mutex::default(),
            busy: Mutex::default(),
            lines: Mutex::default(),
            over: Mutex::default(),
        });
        let inside = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &inside));
        Self { address, shared }
    }

    /// Returns the address to put into `llm.base_url`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Returns host and port.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Returns every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// Returns the most slow answers that were waited for at one time.
    pub fn most_at_once(&self) -> usize {
        lock(&self.shared.busy).1
    }

    /// Returns how many bytes of a flood somebody took.
    pub fn flooded(&self) -> usize {
        *lock(&self.shared.flooded)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        *lock(&self.shared.over) = true;
        for line in lock(&self.shared.lines).drain(..) {
            let _ = line.shutdown(std::net::Shutdown::Both);
        }
        // Wakes the thread that waits for the next caller.
        let _ = TcpStream::connect(self.address);
    }
}

impl Step {
    /// A reply with these words.
    pub fn says(words: &str) -> Self {
        Self::Answer(Answer::says(words))
    }

    /// An answer with this status and this body, which is JSON or a page by how it begins.
    pub fn status(status: u16, body: &str) -> Self {
        Self::Answer(Answer::new(status, body))
    }
}

impl Answer {
    /// An answer whose kind is told by how its body begins.
    pub fn new(status: u16, body: &str) -> Self {
        let kind = match body.trim_start().starts_with('<') {
            true => "text/html; charset=utf-8",
            false => "application/json",
        };
        Self {
            status,
            headers: vec![("content-type".to_owned(), kind.to_owned())],
            body: body.to_owned(),
        }
    }

    /// A whole reply with these words, in OpenAI's own shape.
    pub fn says(words: &str) -> Self {
        Self::new(200, &completion(words, "stop").to_string())
    }

    /// The same with another header, or with another value for it.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(held, _)| held != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Seen {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter();
        all.find(|(held, _)| held == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON, or null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Returns a chat completion that says these words and ended for this reason.
pub fn completion(words: &str, finish: &str) -> Value {
    json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_800_000_000,
        "model": "scripted",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": words, "refusal": null},
            "finish_reason": finish,
        }],
        "usage": {"prompt_tokens": 30, "completion_tokens": 7, "total_tokens": 37},
    })
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for line in listener.incoming() {
        if *lock(&shared.over) {
            return;
        }
        let Ok(line) = line else { continue };
        if let Ok(copy) = line.try_clone() {
            lock(&shared.lines).push(copy);
        }
        let shared = Arc::clone(shared);
        // A caller that hangs up is no fault of the server.
        thread::spawn(move || serve(&line, &shared).ok());
    }
}

fn serve(line: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut reader = BufReader::new(line);
    let Some(seen) = read(&mut reader)? else {
        return Ok(());
    };
    let number = {
        let mut all = lock(&shared.seen);
        all.push(seen.clone());
        all.len() - 1
    };
    let step = (lock(&shared.script))(&seen, number);
    match step {
        Step::Answer(answer) => write(line, &answer, answer.body.len()),
        Step::Slow(wait, answer) => {
            begin(shared);
            thread::sleep(wait);
            // Before the answer: whoever has it may be back at once.
            lock(&shared.busy).0 -= 1;
            write(line, &answer, answer.body.len())
        }
        Step::CutOff(answer) => write(line, &answer, answer.body.len() / 2),
        Step::HangUp => Ok(()),
        Step::Flood(bytes) => flood(line, bytes, shared),
        Step::Hang => {
            // Ends when the caller hangs up or the server goes.
            let _ = reader.read(&mut [0])?;
            Ok(())
        }
    }?;
    line.shutdown(std::net::Shutdown::Both)
}

fn read(reader: &mut BufReader<&TcpStream>) -> std::io::Result<Option<Seen>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Seen {
        line: line.trim_end().to_owned(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }))
}

fn write(mut line: &TcpStream, answer: &Answer, bytes: usize) -> std::io::Result<()> {
    let mut text = format!(
        "HTTP/1.1 {} Scripted\r\nconnection: close\r\n",
        answer.status
    );
    for (name, value) in &answer.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n", answer.body.len()));
    line.write_all(text.as_bytes())?;
    line.write_all(&answer.body.as_bytes()[..bytes])
}

fn flood(mut line: &TcpStream, bytes: usize, shared: &Shared) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n";
    line.write_all(format!("{head}content-length: {bytes}\r\n\r\n\"").as_bytes())?;
    let piece = [b'a'; 64 * 1024];
    let mut sent = 1;
    while sent < bytes {
        let next = piece.len().min(bytes - sent);
        line.write_all(&piece[..next])?;
        sent += next;
        *lock(&shared.flooded) = sent;
    }
    Ok(())
}

fn begin(shared: &Shared) {
    let mut busy = lock(&shared.busy);
    busy.0 += 1;
    busy.1 = busy.1.max(busy.0);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
