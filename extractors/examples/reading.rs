//! Measures how fast transcripts are read and how much memory that takes.
//!
//! Writes nothing: `cargo run --release -p extractors --example reading -- FILE...`

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use domain::{Format, Source};
use extractors::{Budget, Report, Sniffed, read, sniff};

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let known = sniff(Path::new(&path))?;
        if known == Sniffed::Known(Format::ClaudeCodeJsonl) {
            measure(&path)?;
        } else {
            println!("{path}: {known:?}");
        }
    }
    println!("peak memory {}", peak_memory()?);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn measure(path: &str) -> Result<(), Box<dyn Error>> {
    let mut source = Source::unread(path, Format::ClaudeCodeJsonl);
    let (mut turns, mut kept, mut goes) = (0, 0, 0);
    let mut report = Report::default();
    let start = Instant::now();
    loop {
        let reading = read(&source, Budget::default())?;
        let parts = reading.turns.iter().flat_map(|turn| &turn.parts);
        kept += parts.map(|part| part.text.len()).sum::<usize>();
        turns += reading.turns.len();
        goes += 1;
        report.add(&reading.report);
        source.cursor = reading.cursor;
        if !reading.more {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = report.bytes as f64 / 1e6;
    println!(
        "{path}: {megabytes:.1} MB in {seconds:.2} s, {:.0} MB/s; {turns} turns, {:.1} MB kept, \
         {goes} goes",
        megabytes / seconds,
        kept as f64 / 1e6
    );
    Ok(())
}

fn peak_memory() -> Result<String, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let words = line.ok_or("this system does not tell")?;
    Ok(words.trim_start_matches("VmHWM:").trim().to_owned())
}
