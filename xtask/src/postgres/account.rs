//! Chooses who runs the server: PostgreSQL refuses to run as root.
//!
//! Changes no account; it only says how a command is started under another one.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo;

/// The user under whom the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// Whoever started us.
    Ours,
    /// A user without rights, by number.
    Other { user: u32, group: u32 },
}

impl Account {
    /// Returns ourselves, or a user without rights if we are root.
    pub(crate) fn choose() -> Result<Self> {
        let ours = cargo::output(Command::new("id").arg("-u"))?;
        if ours.trim_ascii() != b"0" {
            return Ok(Self::Ours);
        }
        let users = fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
        without_rights(&users).context(
            "we are root, and there is no user `postgres` or `nobody` to run PostgreSQL as",
        )
    }

    /// Returns a command that runs under this account.
    pub(crate) fn command(self, program: impl AsRef<OsStr>) -> Command {
        let Self::Other { user, group } = self else {
            return Command::new(program);
        };
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={user}"))
            .arg(format!("--regid={group}"))
            .args(["--clear-groups", "--"])
            .arg(program);
        command
    }

    /// Gives a file or folder to this account.
    pub(crate) fn own(self, path: &Path) -> Result<()> {
        if let Self::Other { user, group } = self {
            std::os::unix::fs::chown(path, Some(user), Some(group))
                .with_context(|| format!("giving {} to user {user}", path.display()))?;
        }
        Ok(())
    }
}

fn without_rights(users: &str) -> Option<Account> {
    let find = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        let (Some(Ok(user)), Some(Ok(group))) = (numbers.next(), numbers.next()) else {
            return None;
        };
        Some(Account::Other { user, group })
    };
    find("postgres").or_else(|| find("nobody"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_is_chosen_before_nobody_and_root_never() {
        let users = "root:x:0:0::/:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n";
        assert_eq!(
            without_rights(users),
            Some(Account::Other {
                user: 65534,
                group: 65533
            })
        );
        let both = format!("{users}postgres:x:101:104::/:/bin/sh\n");
        assert_eq!(
            without_rights(&both),
            Some(Account::Other {
                user: 101,
                group: 104
            })
        );
        assert_eq!(without_rights("root:x:0:0::/:/bin/sh\n"), None);
    }
}
