//! Holds the reading of replies to hand-written ones; none of them tells how well a model extracts.
//!
//! Public doors only: what stands inside the crate is tested there.

mod cut;
mod forms;
mod hostile;
mod kit;
mod laws;
mod outcomes;
mod quotes;
mod single;
