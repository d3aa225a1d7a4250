//! What can be wrong with a person's choice of a model.
//!
//! Each says what to do next, and none shows a key or what might be one.

use std::time::Duration;

/// Why a model cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// No model is named.
    #[error("llm.provider is {provider}, but llm.model is empty: name the model to ask")]
    NoModel {
        /// The provider.
        provider: &'static str,
    },
    /// The provider has no address of its own.
    #[error(
        "llm.provider is {provider}, but llm.base_url is empty: give the address of the server, such as {example}"
    )]
    NoAddress {
        /// The provider.
        provider: &'static str,
        /// How one looks.
        example: &'static str,
    },
    /// The address cannot be used.
    #[error("llm.base_url cannot be used: {why}")]
    BadAddress {
        /// What is wrong with it, and what would be right.
        why: String,
    },
    /// The provider takes no batches, or not in the form that we speak.
    #[error(
        "llm.provider is {provider}, which takes no batches as OpenAI does: answer the mailbox another way"
    )]
    NoBatches {
        /// The provider.
        provider: &'static str,
    },
    /// The provider answers nobody without a key.
    #[error(
        "llm.provider is {provider}, which wants a key: name the variable that holds it in llm.api_key_env, or the command that prints it in llm.api_key_command"
    )]
    NoKey {
        /// The provider.
        provider: &'static str,
    },
    /// A key would travel where anyone on the way can read it.
    #[error(
        "llm.base_url is plain http, and the key of {provider} would travel in the open: write https"
    )]
    OpenWay {
        /// The provider.
        provider: &'static str,
    },
    /// What stands for a variable's name is none.
    #[error(
        "llm.api_key_env holds no variable's name: write the name of the variable there, never the key itself"
    )]
    BadVariable,
    /// The variable is not there.
    #[error("the variable {name} is not set: export it, or name another one in llm.api_key_env")]
    NoVariable {
        /// Its name, if it looks like one.
        name: String,
    },
    /// The key is none.
    #[error("the key from {from} cannot be used: {why}")]
    BadKey {
        /// Where it came from.
        from: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is no command.
    #[error("llm.api_key_command is empty: name the program that prints the key, and its words")]
    NoCommand,
    /// A value lies outside its range.
    #[error("{key} is {given}, but must be {range}")]
    OutOfRange {
        /// The setting.
        key: &'static str,
        /// What it is.
        given: String,
        /// What it may be.
        range: &'static str,
    },
    /// The proxy's address cannot be used.
    #[error("the proxy named in {variable} cannot be used: give it as http://host:port")]
    BadProxy {
        /// Where it is named.
        variable: &'static str,
    },
    /// TLS or the like cannot be set up on this machine.
    #[error("no connection of any kind can be made from here")]
    Client(#[source] reqwest::Error),
}

/// Checks that a value lies in its range.
pub(crate) fn within<T: PartialOrd + ToString + Copy>(
    key: &'static str,
    given: T,
    least: T,
    most: T,
    range: &'static str,
) -> Result<(), SetupError> {
    if given >= least && given <= most {
        return Ok(());
    }
    let given = given.to_string();
    Err(SetupError::OutOfRange { key, given, range })
}

/// Checks that one wait fits into another.
pub(crate) fn fits(key: &'static str, inner: Duration, outer: Duration) -> Result<(), SetupError> {
    if !inner.is_zero() && inner <= outer {
        return Ok(());
    }
    Err(SetupError::OutOfRange {
        key,
        given: format!("{inner:?}"),
        range: "more than nothing, and no longer than the whole deadline",
    })
}
