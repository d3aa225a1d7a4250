//! Sends a request, and sends it again where that may help, within a deadline.
//!
//! A tower service around the one that sends once. The deadline and the waits are tokio's time;
//! what a server's date means is asked of the house's clock.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use domain::Clock;
use reqwest::Response;
use tokio::time::{Instant, sleep, timeout};
use tower::{Service, ServiceExt};
use tracing::debug;

use crate::failure::Failure;
use crate::judge::{Verdict, judge};
use crate::patience::{Next, Tried, chance, next};
use crate::settings::Patience;
use crate::wire::{Broken, Exchange};

/// Tries one ask's request until there is an answer or an end.
#[derive(Clone)]
pub(crate) struct Tries<S> {
    pub(crate) once: S,
    pub(crate) patience: Patience,
    /// When everything must be over.
    pub(crate) until: Instant,
    /// The ask's name: the source of chance, and what the log calls it.
    pub(crate) ask: String,
    pub(crate) host: String,
    pub(crate) clock: Arc<dyn Clock>,
}

impl<S> Service<HttpRequestFactory> for Tries<S>
where
    S: Service<HttpRequestFactory, Response = Exchange, Error = Broken>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, OpenAIError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let tries = self.clone();
        Box::pin(async move {
            let answer = tries.run(request).await;
            let body = answer.map_err(|failure| OpenAIError::Boxed(Box::new(failure)))?;
            Ok(Response::from(http::Response::new(body)))
        })
    }
}

impl<S> Tries<S>
where
    S: Service<HttpRequestFactory, Response = Exchange, Error = Broken> + Clone,
{
    async fn run(self, request: HttpRequestFactory) -> Result<Vec<u8>, Failure> {
        let mut tried = Tried::default();
        loop {
            let (why, asked, loss) = match self.once(request.clone()).await {
                Verdict::Answer(body) => return Ok(body),
                Verdict::End(failure) => return Err(failure),
                Verdict::Again { why, asked, loss } => (why, asked, loss),
            };
            tried = tried.and(loss);
            let chance = chance(&self.ask, tried.times);
            match next(&self.patience, tried, asked, self.left(), chance) {
                Next::Wait(wait) => {
                    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                    // What the server said stays out of the log: it may repeat what it was sent.
                    debug!(ask.id = %self.ask, host = %self.host, tries = tried.times, ?loss, wait_ms,
                        "{} did not answer ask {}; it is asked again", self.host, self.ask);
                    sleep(wait).await;
                }
                Next::Leave(again) => {
                    return Err(Failure::Down {
                        why: counted(why, tried.times),
                        again,
                        sent: tried.sent,
                    });
                }
            }
        }
    }

    async fn once(&self, request: HttpRequestFactory) -> Verdict {
        let most = self.patience.answer.min(self.left());
        let silent = || Broken::Silent("no answer in time".to_owned());
        let outcome = timeout(most, self.once.clone().oneshot(request)).await;
        judge(outcome.unwrap_or_else(|_| Err(silent())), self.clock.now())
    }

    fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

fn counted(why: String, times: u32) -> String {
    match times {
        1 => why,
        _ => format!("{why} (after {times} tries)"),
    }
}

#[cfg(test)]
mod tests;
