//! Finds the address or the command in a lesson that came in from outside and that nobody took up.
//!
//! It must not object to what the user named, or to a place where the assistant really went.

use std::sync::LazyLock;

use domain::{Part, PartKind, Speaker, Turn};
use regex::Regex;

use super::disguise::plain;
use super::{foreign, own, voice};

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let hosts = r"(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|example|test|xyz|app|cloud|site|online|top|info|biz|ru|cn|tk|ai|me|cc|sh|co|eu|de|uk|fr|invalid)";
    let all = format!(
        r"(?:https?|ftp|ssh|wss?)://[^\s`'\x22<>)\]]+|[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{{2,}}|\b(?:\d{{1,3}}\.){{3}}\d{{1,3}}\b|\b{hosts}(?:/[^\s`'\x22<>)\]]*)?"
    );
    Regex::new(&all).expect("a pattern in the source")
});

static COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    let runners = concat!(
        r"(?:npx|bunx|uvx|curl|wget|iwr|irm|(?:npm|pnpm|yarn|bun) (?:i|install|add|run|exec|dlx)|pip3? install|uv (?:add|run)|cargo (?:add|install)|",
        r"go (?:get|install)|gem install|brew install|apt(?:-get)? install|docker (?:run|pull)|git (?:clone|remote add|submodule add|config)|bash|sh|powershell|deno run)",
    );
    Regex::new(&format!(r"\b{runners} +[^\s`'\x22,;]+")).expect("a pattern in the source")
});

/// Returns the first address of a lesson that only outside text names; where nobody vouches for the
/// lesson but data, also the first command.
pub(super) fn by_outsiders(text: &str, turns: &[Turn], vouched: bool) -> Option<String> {
    let text = plain(text);
    let addresses = ADDRESS.find_iter(&text).map(|found| found.as_str());
    let addresses = addresses
        .map(tidy)
        .filter(|name| !is_near(name) && !is_file(name));
    let commands = COMMAND.find_iter(&text).map(|found| found.as_str());
    let commands = commands.filter(|_| !vouched);
    let names: Vec<&str> = addresses.chain(commands).collect();
    if names.is_empty() {
        return None;
    }
    let named = Named::in_turns(turns);
    let found = names.into_iter().find(|name| named.is_from_outside(name));
    found.map(ToOwned::to_owned)
}

fn tidy(name: &str) -> &str {
    name.trim_end_matches(['.', ',', ';', ':', '!', '?', '/'])
}

/// Says whether an address lies on this machine or in the nets that nobody routes.
fn is_near(name: &str) -> bool {
    let host = name.split_once("://").map_or(name, |(_, rest)| rest);
    ["localhost", "127.", "0.0.0.0", "10.", "192.168.", "[::1]"]
        .iter()
        .any(|near| host.starts_with(near))
}

/// Says whether a name is rather a file: `install.sh`, `socket.io`.
fn is_file(name: &str) -> bool {
    !name.contains("://") && !name.contains('@') && !name.contains('/') && {
        let dots = name.matches('.').count();
        dots == 1
            && [
                ".sh", ".io", ".me", ".cc", ".ai", ".test", ".dev", ".co", ".app", ".de",
            ]
            .iter()
            .any(|end| name.ends_with(end))
    }
}

/// What was said, by those who may name a place and by those who may not.
struct Named {
    /// The user's own words and what the assistant called.
    taken_up: String,
    /// What the assistant said, with what data said before it.
    told: Vec<(Speaker, String)>,
}

impl Named {
    fn in_turns(turns: &[Turn]) -> Self {
        let mut named = Self {
            taken_up: String::new(),
            told: Vec::new(),
        };
        for turn in turns {
            for (index, part) in turn.parts.iter().enumerate() {
                named.hear(turn, index, part);
            }
        }
        named
    }

    fn hear(&mut self, turn: &Turn, index: usize, part: &Part) {
        let called = matches!(part.kind, PartKind::Call { .. });
        match part.speaker {
            _ if foreign::is_data(part) => self.told.push((Speaker::Outside, plain(&part.text))),
            Speaker::Assistant if !called => {
                self.told.push((Speaker::Assistant, plain(&part.text)));
            }
            Speaker::Assistant => self.taken_up.push_str(&plain(&part.text)),
            Speaker::User if called => self.taken_up.push_str(&plain(&part.text)),
            Speaker::User => {
                if voice::is_own(turn, index) {
                    self.taken_up
                        .push_str(&plain(&own::stretches(&part.text).join("\n")));
                }
                let rest = foreign::handed_on(turn, index);
                self.told.push((Speaker::Outside, plain(&rest)));
            }
            _ => {}
        }
    }

    /// Says whether data named it before the assistant did, and nobody took it up.
    fn is_from_outside(&self, name: &str) -> bool {
        let first = self.told.iter().find(|(_, text)| text.contains(name));
        !self.taken_up.contains(name)
            && first.is_some_and(|(speaker, _)| *speaker == Speaker::Outside)
    }
}
