//! Where requests go: the address a person gave, checked once, so that nothing surprises later.
//!
//! Connects to nothing and resolves no name.

use std::net::IpAddr;

use reqwest::Url;

use crate::settings::{Azure, Provider};
use crate::setup::SetupError;

/// An address that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// What the path of a request is put behind.
    pub(crate) base: String,
    /// What stands in the address after `?`.
    pub(crate) query: Vec<(&'static str, String)>,
    /// Host and port, as a person reads them.
    pub(crate) host: String,
    /// Whether the way is closed to those on it.
    pub(crate) way: Way,
}

/// How words travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Within this machine.
    Inside,
    /// Through TLS.
    Closed,
    /// Readable by whoever is between.
    Open,
}

/// Checks an address and adds what the provider's dialect adds to it.
pub(crate) fn of(provider: &Provider, base_url: &str) -> Result<Address, SetupError> {
    let url = parsed(provider, base_url.trim())?;
    let base = url.as_str().trim_end_matches('/');
    let (base, query) = match provider {
        Provider::Azure(azure) => azures(azure, base)?,
        _ => (base.to_owned(), Vec::new()),
    };
    let name = url.host_str().unwrap_or_default();
    let host = match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    };
    let way = match (is_loopback(name), url.scheme()) {
        (true, _) => Way::Inside,
        (false, "https") => Way::Closed,
        (false, _) => Way::Open,
    };
    Ok(Address {
        base,
        query,
        host,
        way,
    })
}

fn parsed(provider: &Provider, given: &str) -> Result<Url, SetupError> {
    let text = match (given, provider.own_address()) {
        ("", Some(own)) => own,
        ("", None) => return Err(nowhere(provider)),
        (given, _) => given,
    };
    // The address itself is not shown: a password may stand in it.
    let bad = |why: &str| SetupError::BadAddress {
        why: why.to_owned(),
    };
    let url =
        Url::parse(text).map_err(|error| bad(&format!("{error}; write it as https://host/v1")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(bad("it must begin with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad(
            "it holds a name or a password; a key belongs where llm.api_key_env or llm.api_key_command says",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it goes on after ? or #; leave that off"));
    }
    if url.path().trim_end_matches('/').ends_with("/completions") {
        return Err(bad(
            "leave /chat/completions off; it is added to every request",
        ));
    }
    Ok(url)
}

fn nowhere(provider: &Provider) -> SetupError {
    SetupError::NoAddress {
        provider: provider.name(),
        example: match provider {
            Provider::Azure(_) => "https://NAME.openai.azure.com",
            _ => "http://127.0.0.1:8000/v1",
        },
    }
}

type Parts = (String, Vec<(&'static str, String)>);

/// A resource's address is copied from the portal with more or less behind it.
fn azures(azure: &Azure, base: &str) -> Result<Parts, SetupError> {
    let root = base.strip_suffix("/v1").unwrap_or(base);
    let root = root.strip_suffix("/openai").unwrap_or(root);
    let Azure::Classic {
        deployment,
        api_version,
    } = azure
    else {
        return Ok((format!("{root}/openai/v1"), Vec::new()));
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if deployment.is_empty() || !deployment.chars().all(plain) {
        return Err(SetupError::OutOfRange {
            key: "llm.azure_deployment",
            given: format!("{deployment:?}"),
            range: "the name of a deployment: letters, digits, - _ and .",
        });
    }
    let base = format!("{root}/openai/deployments/{deployment}");
    Ok((base, vec![("api-version", api_version.clone())]))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let numbers = bare.parse::<IpAddr>();
    bare.eq_ignore_ascii_case("localhost") || numbers.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(provider: &Provider, given: &str, base: &str, host: &str, way: Way) {
        let address = of(provider, given).expect("the address is sound");
        assert_eq!(
            (address.base.as_str(), address.host.as_str(), address.way),
            (base, host, way),
            "{given}"
        );
    }

    fn refused(given: &str, says: &str) {
        let error = of(&Provider::Compatible, given).expect_err("it is not sound");
        assert!(error.to_string().contains(says), "{given}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    fn classic() -> Provider {
        Provider::Azure(Azure::Classic {
            deployment: "gpt-x".to_owned(),
            api_version: "2024-10-21".to_owned(),
        })
    }

    #[test]
    fn a_provider_with_an_address_of_its_own_needs_none() {
        let own = |provider, base: &str, host, way| check(&provider, "", base, host, way);
        own(
            Provider::OpenAi,
            "https://api.openai.com/v1",
            "api.openai.com",
            Way::Closed,
        );
        own(
            Provider::Anthropic,
            "https://api.anthropic.com/v1",
            "api.anthropic.com",
            Way::Closed,
        );
        own(
            Provider::Ollama,
            "http://127.0.0.1:11434/v1",
            "127.0.0.1:11434",
            Way::Inside,
        );
        for provider in [Provider::Compatible, classic()] {
            let error = of(&provider, " ").expect_err("nobody knows where it is");
            assert!(
                error.to_string().contains("llm.base_url is empty"),
                "{error}"
            );
        }
    }

    #[test]
    fn only_this_machine_is_inside() {
        let at = |given, host, way| check(&Provider::Compatible, given, given, host, way);
        at("http://localhost:1234/v1", "localhost:1234", Way::Inside);
        at("http://[::1]:1234/v1", "[::1]:1234", Way::Inside);
        at("http://127.8.8.8/v1", "127.8.8.8", Way::Inside);
        at("http://192.168.0.7:8000/v1", "192.168.0.7:8000", Way::Open);
        at(
            "http://localhost.evil.example/v1",
            "localhost.evil.example",
            Way::Open,
        );
        at("https://openrouter.ai/api/v1", "openrouter.ai", Way::Closed);
    }

    #[test]
    fn azures_two_ways_are_built_from_whatever_the_portal_shows() {
        let (v1, host) = (Provider::Azure(Azure::V1), "x.openai.azure.com");
        for given in [
            "https://x.openai.azure.com/",
            "https://x.openai.azure.com/openai/v1/",
        ] {
            check(
                &v1,
                given,
                "https://x.openai.azure.com/openai/v1",
                host,
                Way::Closed,
            );
            let base = "https://x.openai.azure.com/openai/deployments/gpt-x";
            check(&classic(), given, base, host, Way::Closed);
        }
        let address = of(&classic(), "https://x.openai.azure.com").expect("it is sound");
        assert_eq!(address.query, [("api-version", "2024-10-21".to_owned())]);
    }

    #[test]
    fn what_would_surprise_later_is_refused_now() {
        refused("api.example.com/v1", "write it as https://host/v1");
        refused("ftp://api.example.com", "must begin with https://");
        refused(
            "https://me:hunter2@api.example.com/v1",
            "holds a name or a password",
        );
        refused("https://api.example.com/v1?key=hunter2", "goes on after ?");
        refused(
            "https://api.example.com/v1/chat/completions",
            "leave /chat/completions off",
        );
    }

    #[test]
    fn a_deployment_cannot_lead_elsewhere() {
        let azure = Provider::Azure(Azure::Classic {
            deployment: "../x".to_owned(),
            api_version: "1".to_owned(),
        });
        assert!(of(&azure, "https://x.openai.azure.com").is_err());
    }
}
