//! One request and its answer, read to a limit.
//!
//! Judges nothing and tries nothing twice.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_openai::middleware::HttpRequestFactory;
use reqwest::header::HeaderMap;
use reqwest::{Client, Response, StatusCode};
use tower::Service;

/// The longest reply asked for is some 100 kB; what is longer than this is no reply, and is not
/// held in memory to find out.
pub(crate) const LONGEST_BODY: usize = 4 * 1024 * 1024;

/// What came back.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
}

/// How much of the body was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All of it.
    Whole,
    /// As much as is read at all; the connection was closed on the rest.
    Overlong,
}

/// Why nothing came back.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The host was not reached: nothing was sent.
    Unreached(String),
    /// The host is not who it says it is: nothing was sent.
    Untrusted(String),
    /// It was sent, and no whole answer came.
    Silent(String),
    /// The request could not be built.
    Unbuilt(String),
}

/// Sends once.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    client: Client,
}

impl Once {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }
}

impl Service<HttpRequestFactory> for Once {
    type Response = Exchange;
    type Error = Broken;
    type Future = Pin<Box<dyn Future<Output = Result<Exchange, Broken>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let client = self.client.clone();
        Box::pin(async move {
            let request = request.build().await;
            let request = request.map_err(|error| Broken::Unbuilt(error.to_string()))?;
            let response = client.execute(request).await.map_err(broken)?;
            read(response).await
        })
    }
}

pub(crate) async fn read(mut response: Response) -> Result<Exchange, Broken> {
    let mut exchange = Exchange {
        status: response.status(),
        headers: response.headers().clone(),
        body: Vec::new(),
        end: End::Whole,
    };
    while let Some(piece) = response.chunk().await.map_err(broken)? {
        let room = LONGEST_BODY - exchange.body.len();
        exchange
            .body
            .extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            exchange.end = End::Overlong;
            break;
        }
    }
    Ok(exchange)
}

pub(crate) fn broken(error: reqwest::Error) -> Broken {
    let error = error.without_url();
    if error.is_builder() {
        return Broken::Unbuilt(reason(&error));
    }
    let why = reason(&error);
    if error.is_connect() && why.contains("certificate") {
        return Broken::Untrusted(why);
    }
    if error.is_connect() && error.is_timeout() {
        return Broken::Unreached("no connection in time".to_owned());
    }
    if error.is_connect() {
        return Broken::Unreached(why);
    }
    if error.is_timeout() {
        return Broken::Silent("no answer in time".to_owned());
    }
    Broken::Silent(why)
}

/// The innermost cause says most: `connection refused` rather than `error sending request`.
fn reason(error: &dyn Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
