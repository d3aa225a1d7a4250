//! Gets a key from where a person said it is.
//!
//! Shows it to nobody: not in an error, not in a log, not in `Debug`.

use std::process::Stdio;
use std::time::Duration;

use domain::Sent;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::process::Command;
use tokio::sync::Mutex;

use crate::failure::Failure;
use crate::settings::{KeyFrom, Provider};
use crate::setup::SetupError;

/// The longest key that any provider is known to give is an access token of some thousand bytes.
const LONGEST: usize = 16_384;

/// Where a key is had from, and the key once it was.
#[derive(Debug)]
pub(crate) enum Keys {
    /// There is none.
    None,
    /// It was there from the start.
    Known(SecretString),
    /// A command prints it, when it is first needed.
    Printed(Printed),
}

/// A key that a command prints.
pub(crate) struct Printed {
    words: Vec<String>,
    deadline: Duration,
    last: Mutex<Option<SecretString>>,
}

impl std::fmt::Debug for Printed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Printed(***)")
    }
}

/// Finds out where the key is; a variable is read now, a command runs when it is needed.
pub(crate) fn find(
    provider: &Provider,
    from: &KeyFrom,
    deadline: Duration,
    variable: fn(&str) -> Option<String>,
) -> Result<Keys, SetupError> {
    match from {
        KeyFrom::Nowhere => match provider {
            Provider::Ollama | Provider::Compatible => Ok(Keys::None),
            _ => Err(SetupError::NoKey {
                provider: provider.name(),
            }),
        },
        KeyFrom::Variable(name) => {
            if !is_name(name) {
                return Err(SetupError::BadVariable);
            }
            let Some(text) = variable(name) else {
                return Err(SetupError::NoVariable { name: shown(name) });
            };
            let from = "the variable in llm.api_key_env";
            let key = usable(&text).map_err(|why| SetupError::BadKey { from, why })?;
            Ok(Keys::Known(key))
        }
        KeyFrom::Command(words) if words.first().is_none_or(String::is_empty) => {
            Err(SetupError::NoCommand)
        }
        KeyFrom::Command(words) => Ok(Keys::Printed(Printed {
            words: words.clone(),
            deadline,
            last: Mutex::new(None),
        })),
    }
}

impl Keys {
    /// Returns the key, running its command if that has not been done.
    pub(crate) async fn get(&self) -> Result<Option<SecretString>, Failure> {
        match self {
            Self::None => Ok(None),
            Self::Known(key) => Ok(Some(key.clone())),
            Self::Printed(printed) => {
                // Held while the command runs, so that it is asked once and not by everyone.
                let mut last = printed.last.lock().await;
                if last.is_none() {
                    let sent = Sent::Nothing;
                    let printing = printed.print().await;
                    let key = printing.map_err(|why| Failure::Shut { why, sent })?;
                    *last = Some(key);
                }
                Ok(last.clone())
            }
        }
    }

    /// Forgets a key that was not accepted; says whether another one can be had.
    pub(crate) async fn renew(&self, refused: Option<&SecretString>) -> bool {
        let Self::Printed(printed) = self else {
            return false;
        };
        let mut last = printed.last.lock().await;
        let same = |key: &SecretString| {
            refused.is_some_and(|refused| refused.expose_secret() == key.expose_secret())
        };
        // Somebody else may have had a new one printed meanwhile; that one stays.
        if last.as_ref().is_some_and(same) {
            *last = None;
        }
        true
    }
}

impl Printed {
    async fn print(&self) -> Result<SecretString, String> {
        let what = "the command in llm.api_key_command";
        let mut command = Command::new(&self.words[0]);
        command
            .args(&self.words[1..])
            .stdin(Stdio::null())
            // What it complains of may hold what it was to keep secret.
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let output = tokio::time::timeout(self.deadline, command.output())
            .await
            .map_err(|_| {
                format!(
                    "{what} printed no key in {:?}; run it by hand",
                    self.deadline
                )
            })?
            .map_err(|error| format!("{what} cannot be run: {error}"))?;
        if !output.status.success() {
            return Err(format!(
                "{what} ended with {}; run it by hand",
                output.status
            ));
        }
        let text = String::from_utf8(output.stdout)
            .map_err(|_| format!("{what} printed something that is no text"))?;
        usable(&text).map_err(|why| format!("what {what} printed cannot be used: {why}"))
    }
}

/// Takes off the line's end that every command and many files add.
fn usable(text: &str) -> Result<SecretString, &'static str> {
    let key = text.trim();
    if key.is_empty() {
        return Err("it is empty");
    }
    if key.len() > LONGEST {
        return Err("it is longer than any key");
    }
    if key.contains(char::is_whitespace) || HeaderValue::from_str(key).is_err() || !key.is_ascii() {
        return Err("it holds a space, a line's end or a letter that no key has");
    }
    Ok(SecretString::from(key.to_owned()))
}

fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// A name in capitals is a name; anything else might be the key, put in the wrong place.
fn shown(name: &str) -> String {
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if name.len() <= 60 && name.chars().all(capital) {
        return name.to_owned();
    }
    "that llm.api_key_env names".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(from: &KeyFrom) -> Result<Keys, SetupError> {
        let variable = |name: &str| match name {
            "GOOD" => Some(" sk-one\n".to_owned()),
            "EMPTY" => Some(" \n".to_owned()),
            "BROKEN" => Some("sk-o\nne".to_owned()),
            _ => None,
        };
        find(&Provider::OpenAi, from, Duration::from_secs(5), variable)
    }

    fn refused(from: &KeyFrom, says: &str) {
        let error = found(from).expect_err("there is no key").to_string();
        assert!(error.contains(says), "{error}");
        assert!(!error.contains("sk"), "{error}");
    }

    fn command(script: &str) -> KeyFrom {
        KeyFrom::Command(["sh", "-c", script].map(str::to_owned).to_vec())
    }

    #[tokio::test]
    async fn a_variables_key_comes_without_its_lines_end() {
        let keys = found(&KeyFrom::Variable("GOOD".to_owned())).expect("it is set");
        let key = keys
            .get()
            .await
            .expect("it is known")
            .expect("there is one");
        assert_eq!(key.expose_secret(), "sk-one");
        assert!(!format!("{keys:?}").contains("sk-one"));
    }

    #[test]
    fn what_is_no_key_is_said_without_showing_it() {
        let variable = |name: &str| KeyFrom::Variable(name.to_owned());
        refused(&variable("EMPTY"), "it is empty");
        refused(&variable("BROKEN"), "a line's end");
        refused(&variable("MISSING"), "the variable MISSING is not set");
        refused(&variable("sk-abc123"), "never the key itself");
        refused(
            &variable("sk0123456789abcdef"),
            "the variable that llm.api_key_env names",
        );
        refused(
            &KeyFrom::Command(Vec::new()),
            "llm.api_key_command is empty",
        );
        refused(&KeyFrom::Nowhere, "wants a key");
    }

    #[tokio::test]
    async fn a_command_is_run_once_and_again_after_its_key_was_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let count = folder.path().join("count");
        let script = format!("echo x >> {0}; wc -l < {0} | tr -d ' '", count.display());
        let keys = found(&command(&script)).expect("a command is named");
        let first = keys.get().await.expect("it prints");
        let again = keys
            .get()
            .await
            .expect("it is known")
            .expect("there is one");
        assert_eq!(again.expose_secret(), "1");
        assert!(keys.renew(first.as_ref()).await);
        let second = keys.get().await.expect("it prints").expect("there is one");
        assert_eq!(second.expose_secret(), "2");
        // The first one was refused to somebody who was slow to say so.
        assert!(keys.renew(first.as_ref()).await);
        let still = keys
            .get()
            .await
            .expect("it is known")
            .expect("there is one");
        assert_eq!(still.expose_secret(), "2");
    }

    #[tokio::test]
    async fn a_command_that_fails_says_so_without_its_own_words() {
        for (script, says) in [
            ("echo sk-secret >&2; exit 3", "exit status: 3"),
            ("echo", "it is empty"),
            ("printf 'a b'", "holds a space"),
        ] {
            let keys = found(&command(script)).expect("a command is named");
            let failure = keys.get().await.expect_err("it prints no key").to_string();
            assert!(
                failure.contains(says) && !failure.contains("sk-secret"),
                "{failure}"
            );
        }
    }

    #[tokio::test]
    async fn a_command_that_hangs_is_not_waited_for() {
        let from = command("exec sleep 600");
        let soon = Duration::from_millis(50);
        let keys = find(&Provider::OpenAi, &from, soon, |_| None).expect("a command is named");
        let failure = keys.get().await.expect_err("it prints nothing").to_string();
        assert!(failure.contains("printed no key in 50ms"), "{failure}");
    }
}
