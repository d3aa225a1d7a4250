//! The words and variables with which Claude Code is started so that it answers and does nothing else.
//!
//! Each was tried with the real client (2.1.197) on loopback; docs/models.md says what was seen.

use std::ffi::OsString;
use std::path::PathBuf;

use domain::Request;

use super::{ClaudeCli, OFF};

/// Everything a child is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) program: PathBuf,
    pub(super) words: Vec<OsString>,
    pub(super) set: Vec<(&'static str, String)>,
    pub(super) unset: &'static [&'static str],
    /// What is said on its stdin.
    pub(super) prompt: String,
}

/// No hook of anybody's, no memory, and no file: a transcript may hold `@/some/path`, which the
/// client would read and send along. The rule and the variable below each stop that alone.
const SETTINGS: &str = r#"{"disableAllHooks":true,"autoMemoryEnabled":false,"permissions":{"deny":["Read","Read(**)","Read(//**)"]}}"#;

/// What each of these turns off is turned off by an argument as well, where there is one: the
/// client passes over variables that it does not know, and stops at arguments.
const OFFS: [(&str, &str); 9] = [
    (OFF, "1"),
    ("CLAUDE_CODE_DISABLE_ATTACHMENTS", "1"),
    ("CLAUDE_CODE_DISABLE_AUTO_MEMORY", "1"),
    ("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1"),
    ("CLAUDE_CODE_DISABLE_CLAUDE_MDS", "1"),
    ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ("CLAUDE_CODE_SAFE_MODE", "1"),
    ("CLAUDE_CODE_SKIP_PROMPT_HISTORY", "1"),
    ("DISABLE_AUTOUPDATER", "1"),
];

/// Of the session whose hook started us; the child is no part of it.
const OF_A_SESSION: [&str; 14] = [
    "AI_AGENT",
    "CLAUDECODE",
    "CLAUDE_CODE_CHILD_SESSION",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CODE_MESSAGING_SOCKET",
    "CLAUDE_CODE_MESSAGING_TOKEN",
    "CLAUDE_CODE_SESSION_ATTENDED",
    "CLAUDE_CODE_SESSION_ID",
    "CLAUDE_CODE_SIMPLE",
    "CLAUDE_ENV_FILE",
    "CLAUDE_PID",
    "CLAUDE_PLUGIN_DATA",
    "CLAUDE_PLUGIN_ROOT",
    "CLAUDE_PROJECT_DIR",
];

/// Thoughts count as output; without room for them a reply would be cut before it begins.
const ROOM_FOR_THOUGHTS: u32 = 16_384;
/// Linux takes 128 KiB in one argument; what is longer goes in front of the rest.
const LONGEST_ARGUMENT: usize = 64 * 1024;

/// Builds a call.
pub(super) fn call(settings: &ClaudeCli, request: &Request) -> Call {
    let (system, prompt) = placed(request);
    let mut words: Vec<OsString> = [
        "-p",
        // The stream tells each message apart: of a reply that was cut, the client would show only
        // what it had the model add.
        "--output-format",
        "stream-json",
        "--verbose",
        "--no-session-persistence",
        "--strict-mcp-config",
        "--tools",
        "",
        "--disable-slash-commands",
        "--setting-sources",
        "",
        "--settings",
        SETTINGS,
        "--system-prompt",
    ]
    .map(OsString::from)
    .to_vec();
    words.push(system.into());
    if !settings.model.is_empty() {
        words.extend(["--model".into(), settings.model.clone().into()]);
    }
    let longest = request.max_output_tokens.saturating_add(ROOM_FOR_THOUGHTS);
    let mut set: Vec<_> = OFFS
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    set.push(("CLAUDE_CODE_MAX_OUTPUT_TOKENS", longest.to_string()));
    set.push(("CLAUDE_CODE_MAX_RETRIES", "2".to_owned()));
    Call {
        program: settings.program.clone(),
        words,
        set,
        unset: &OF_A_SESSION,
        prompt,
    }
}

fn placed(request: &Request) -> (String, String) {
    let (system, user) = (request.system.trim(), request.user.as_str());
    if system.is_empty() || system.len() > LONGEST_ARGUMENT {
        let before = if system.is_empty() {
            "Answer what follows."
        } else {
            system
        };
        return (
            "Do what you are asked, exactly.".to_owned(),
            format!("{before}\n\n{user}"),
        );
    }
    // A prompt that begins with a slash would be a command of the client.
    match user.trim_start().starts_with('/') {
        true => (system.to_owned(), format!("Answer what follows.\n\n{user}")),
        false => (system.to_owned(), user.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(system: &str, user: &str) -> Request {
        Request {
            system: system.to_owned(),
            user: user.to_owned(),
            schema: None,
            max_output_tokens: 100,
        }
    }

    #[test]
    fn no_prompt_is_ever_a_command_or_an_argument_too_long() {
        let check = |system: &str, user: &str, prompt: &str| {
            let call = call(&ClaudeCli::usual(PathBuf::new()), &request(system, user));
            assert_eq!(call.prompt, prompt);
            assert!(call.words.iter().all(|word| word.len() <= LONGEST_ARGUMENT));
        };
        check("Be exact.", "what?", "what?");
        check("Be exact.", " /clear", "Answer what follows.\n\n /clear");
        check("", "/clear", "Answer what follows.\n\n/clear");
        let long = "x".repeat(LONGEST_ARGUMENT + 1);
        check(&long, "/clear", &format!("{long}\n\n/clear"));
    }

    #[test]
    fn the_settings_are_json_and_turn_hooks_off() {
        let value: serde_json::Value = serde_json::from_str(SETTINGS).expect("JSON");
        assert_eq!(value["disableAllHooks"], true);
        assert_eq!(value["permissions"]["deny"][0], "Read");
    }
}
