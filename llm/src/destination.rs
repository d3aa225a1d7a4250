//! Tells async-openai where a request goes and with which headers.
//!
//! Takes the place of async-openai's own configurations, which fill what they are not given from
//! `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_ORG_ID` and `OPENAI_PROJECT_ID`.

use async_openai::config::Config;
use domain::Sent;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::address::Address;
use crate::failure::Failure;
use crate::settings::Provider;

/// One address with one key.
#[derive(Clone)]
pub(crate) struct Destination {
    base: String,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    nothing: SecretString,
}

impl Destination {
    /// Puts the key where the provider looks for it; without a key there is no such header.
    pub(crate) fn new(
        address: &Address,
        provider: &Provider,
        key: Option<&SecretString>,
    ) -> Result<Self, Failure> {
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            let (name, value) = header(provider, key.expose_secret())?;
            headers.insert(name, value);
        }
        Ok(Self {
            base: address.base.clone(),
            query: address.query.clone(),
            headers,
            nothing: SecretString::from(String::new()),
        })
    }
}

fn header(provider: &Provider, key: &str) -> Result<(HeaderName, HeaderValue), Failure> {
    let (name, text) = match provider {
        Provider::Azure(_) => (HeaderName::from_static("api-key"), key.to_owned()),
        _ => (AUTHORIZATION, format!("Bearer {key}")),
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| Failure::Shut {
        why: "the key holds a letter that no key has".to_owned(),
        sent: Sent::Nothing,
    })?;
    value.set_sensitive(true);
    Ok((name, value))
}

impl Config for Destination {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        self.query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    /// Returns nothing: the key stands in the headers, and chat completions ask for it nowhere else.
    fn api_key(&self) -> &SecretString {
        &self.nothing
    }
}
