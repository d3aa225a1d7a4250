//! Writes what the demo prints into the README, between its two marks.
//!
//! Invents nothing: the text is what the binary has just printed.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

const BEGIN: &str = "```console\n$ dormouse demo\n";
const END: &str = "```\n<!-- end of demo -->";

/// Runs the demo and puts its output into the README.
pub(crate) fn renew(root: &Path) -> Result<()> {
    let ran = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "cli", "--", "demo"])
        .env("TZ", "UTC")
        .current_dir(root)
        .output()
        .context("the demo does not start")?;
    if !ran.status.success() {
        bail!("the demo failed:\n{}", String::from_utf8_lossy(&ran.stderr));
    }
    let readme = root.join("README.md");
    let text = std::fs::read_to_string(&readme)?;
    let renewed = replaced(&text, &String::from_utf8(ran.stdout)?)?;
    // Written beside and renamed, so that the README is never half a page.
    let beside = root.join("README.md.new");
    #[expect(clippy::disallowed_methods, reason = "this is the file beside")]
    std::fs::write(&beside, renewed)?;
    Ok(std::fs::rename(beside, readme)?)
}

fn replaced(readme: &str, picture: &str) -> Result<String> {
    let begin = readme
        .find(BEGIN)
        .context("the README has no demo to renew")?
        + BEGIN.len();
    let end = readme[begin..]
        .find(END)
        .context("the README's demo has no end")?
        + begin;
    Ok(format!("{}{picture}{}", &readme[..begin], &readme[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_renewed() {
        let readme = format!("# a\n{BEGIN}old\nlines\n{END}\nb\n");
        let renewed = replaced(&readme, "new\n").expect("has marks");
        assert_eq!(renewed, format!("# a\n{BEGIN}new\n{END}\nb\n"));
        assert!(replaced("# a\n", "new\n").is_err());
    }
}
