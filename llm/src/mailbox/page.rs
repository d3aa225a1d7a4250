//! What people read in the mailbox: how it works, and each request as a page.
//!
//! Changes no word of a request.

use std::io::{self, Write};

use domain::Ask;

use super::folder::{self, Folder};

/// How to answer.
const README: &str = include_str!("README.md");

/// Writes how the folder works, where it does not stand there yet.
pub(crate) fn explain(folder: &Folder) -> io::Result<()> {
    let path = folder.path().join("README.md");
    match folder::read(&path) {
        Ok(there) if there == README.as_bytes() => Ok(()),
        _ => folder::replace(&path, |out| out.write_all(README.as_bytes())),
    }
}

/// Writes a request as a page.
pub(crate) fn write(folder: &Folder, name: &str, ask: &Ask) -> io::Result<()> {
    folder::replace(&folder.page(name), |out| {
        out.write_all(text(name, ask).as_bytes())
    })
}

fn text(name: &str, ask: &Ask) -> String {
    let Ask {
        about,
        prompt,
        model,
        request,
        ..
    } = ask;
    format!(
        "<!-- {name}: {about}, prompt {prompt}, for {model}.\n\
         Put the answer, and nothing else, into ../replies/{name}.md; at most {longest} tokens. -->\n\n\
         {system}\n\n\
         ----------------------------------------------------------------\n\n\
         {user}\n",
        longest = request.max_output_tokens,
        system = request.system.trim_end(),
        user = request.user.trim_end(),
    )
}
