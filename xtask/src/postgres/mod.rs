//! A PostgreSQL with pgvector for the tests: installed, started, stopped and removed.
//!
//! It listens on the loopback only and keeps nothing; no person's server is ever touched.
//!
//! A process of its own, the keeper, owns the server and watches its input. However the task
//! runner ends (done, failed, Ctrl-C, killed), that input closes, and the keeper stops the
//! server and removes its folder.

mod account;
mod cluster;
mod install;

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use self::cluster::Cluster;
use crate::{say, suite};

/// The word that starts the keeper; people have no use for it.
pub(crate) const KEEP: &str = "keep-postgres";

/// A running server; dropping it stops the server and removes its folder.
pub(crate) struct Server {
    keeper: Child,
    url: String,
}

impl Server {
    /// Installs the server if it is missing and starts it on a free port.
    pub(crate) fn start(root: &Path) -> Result<Self> {
        let bin = install::programs(root)?;
        let mut keeper = Command::new(this_program()?)
            .arg(KEEP)
            .arg(&bin)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C at the terminal must not reach the keeper before it has cleaned up.
            .process_group(0)
            .spawn()
            .context("starting the keeper of the server")?;
        let mut url = String::new();
        let stdout = keeper.stdout.as_mut().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut url)?;
        let server = Self {
            keeper,
            url: url.trim_end().to_owned(),
        };
        ensure!(
            server.url.starts_with("postgres://"),
            "the keeper ended; its reason stands above"
        );
        Ok(server)
    }

    /// Returns the URL of the server's first database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            say::problem(&format!("the keeper of the server did not end: {error}"));
        }
    }
}

/// Starts a server, prints its URL and keeps it until the input ends.
pub(crate) fn serve(root: &Path) -> Result<()> {
    let server = Server::start(root)?;
    say::line(&format!("{}={}", suite::URL_VARIABLE, server.url()));
    say::line("Ctrl-C, or the end of the input, stops it.");
    until_input_ends()
}

/// Is the keeper: owns the server until the input ends.
pub(crate) fn keep(bin: &Path) -> Result<()> {
    let cluster = Cluster::start(bin)?;
    say::line(&cluster.url());
    until_input_ends()
}

fn until_input_ends() -> Result<()> {
    let mut ignored = [0; 64];
    while std::io::stdin().read(&mut ignored)? > 0 {}
    Ok(())
}

/// Returns this program, also after a build has replaced it on disk.
fn this_program() -> Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        return Ok(running);
    }
    std::env::current_exe().context("finding this program")
}
