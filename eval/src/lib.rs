//! Figures: how fast the house works, and how right it is, on recorded transcripts.
//!
//! Every figure in the docs comes from here, with the command that prints it. Nothing here passes or
//! fails: it measures and says on what.

mod embed;
mod extract;
mod folder;
mod gold;
mod ground;
mod lock;
mod made_up;
mod reading;
mod rules;
mod scratch;
mod stopwatch;
mod store;

pub use embed::{EmbedFigures, Embedded, embed, embed_one};
pub use extract::{ExtractFigures, Kept, Overhead, Stopped, extract};
pub use ground::{Caught, GroundFigures, Measured, Rejected, ground};
pub use reading::{ReadingFigures, reading};
pub use rules::{RuleFound, rules};
pub use scratch::Scratch;
pub use store::{StoreFigures, store};
