//! The worker: one job in, one value of changes out; the loop that runs jobs; the schedule.
//!
//! Knows no database: it reads through the library's door and writes through the queue's.

mod asking;
mod backoff;
mod dedupe;
mod error;
mod extract;
mod foresee;
mod going;
mod ingest;
mod line;
mod lock;
mod places;
mod ports;
mod reread;
mod run;
pub mod schedule;
mod shut;
pub mod spool;
mod sweep;
mod waking;
mod worker;

pub use asking::{Question, Spending, ask};
pub use dedupe::{Verdict, judge};
pub use error::{StepError, WorkError};
pub use foresee::{Foreseen, foresee};
pub use lock::{Lock, LockError};
pub use ports::{Ports, Rules};
pub use reread::{Unread, prompt_of_today, unread};
pub use run::run;
pub use shut::is_shut;
pub use worker::{Did, Stop, Tally, drain, turn, watch};
