//! Builds the HTTP client: TLS with ring, no redirects, no proxy but one that cannot see the words.
//!
//! Reads no environment by itself; what `reqwest` would read there is turned off.

use std::sync::Once;

use reqwest::redirect::Policy;
use reqwest::{Client, NoProxy, Proxy, Url};

use crate::address::{Address, Way};
use crate::settings::Patience;
use crate::setup::SetupError;

/// The names under which a proxy is given, in the order in which they are looked at.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Builds a client for one address.
pub(crate) fn build(
    address: &Address,
    patience: &Patience,
    variable: fn(&str) -> Option<String>,
) -> Result<Client, SetupError> {
    install_tls();
    let mut builder = Client::builder()
        .user_agent(concat!("dormouse/", env!("CARGO_PKG_VERSION")))
        // A redirect could carry words to a host that nobody chose.
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(patience.connect)
        .timeout(patience.answer)
        .no_proxy();
    if let Some(proxy) = proxy(address, variable)? {
        builder = builder.proxy(proxy);
    }
    builder.build().map_err(SetupError::Client)
}

/// `reqwest` without a provider of its own panics at the first client, so one is put in before.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the binary has put one in already, and that one serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Only what goes through TLS goes through a proxy: it then sees a host and a port, and neither key
/// nor words. Plain http would show it both, and this machine needs none to reach itself.
fn proxy(
    address: &Address,
    variable: fn(&str) -> Option<String>,
) -> Result<Option<Proxy>, SetupError> {
    if address.way != Way::Closed {
        return Ok(None);
    }
    let given = |name: &&'static str| variable(name).filter(|text| !text.trim().is_empty());
    let Some((name, text)) = PROXIES.iter().find_map(|name| Some((*name, given(name)?))) else {
        return Ok(None);
    };
    let bad = || SetupError::BadProxy { variable: name };
    let url = Url::parse(text.trim()).map_err(|_| bad())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad());
    }
    let except = variable("NO_PROXY").or_else(|| variable("no_proxy"));
    let except = except.and_then(|text| NoProxy::from_string(&text));
    let proxy = Proxy::https(url).map_err(|_| bad())?;
    Ok(Some(proxy.no_proxy(except)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address;
    use crate::settings::Provider;

    fn at(base_url: &str) -> Address {
        address::of(&Provider::Compatible, base_url).expect("the address is sound")
    }

    fn everywhere(_: &str) -> Option<String> {
        Some("http://127.0.0.1:3128".to_owned())
    }

    #[test]
    fn only_what_goes_through_tls_goes_through_a_proxy() {
        let has = |base_url| {
            proxy(&at(base_url), everywhere)
                .expect("it is sound")
                .is_some()
        };
        assert!(has("https://api.example.com/v1"));
        assert!(!has("http://192.168.0.7:8000/v1"));
        assert!(!has("http://127.0.0.1:11434/v1"));
        assert!(!has("https://localhost:8443/v1"));
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_named_by_its_variable_alone() {
        let socks = |name: &str| {
            (name == "ALL_PROXY").then(|| "socks5://me:hunter2@127.0.0.1:1".to_owned())
        };
        let error = proxy(&at("https://api.example.com/v1"), socks).expect_err("it is no http");
        assert!(error.to_string().contains("ALL_PROXY"), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
