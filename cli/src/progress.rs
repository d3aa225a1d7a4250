//! Shows on a terminal that long work goes on.
//!
//! Writes to stderr only, and nothing at all where nobody looks.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Returns a bar over so many bytes.
pub(crate) fn bytes(total: u64, what: &str) -> ProgressBar {
    bar(total, what, "{msg} [{bar:30}] {bytes}/{total_bytes} {eta}")
}

/// Returns a bar over so many things.
pub(crate) fn count(total: u64, what: &str) -> ProgressBar {
    bar(total, what, "{msg} [{bar:30}] {pos}/{len} {eta}")
}

fn bar(total: u64, what: &str, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).expect("the template is ours");
    // indicatif draws nothing where stderr is no terminal.
    let bar = ProgressBar::new(total).with_style(style.progress_chars("=> "));
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
