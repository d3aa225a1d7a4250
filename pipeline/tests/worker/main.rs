//! The worker over a real store: what its steps decide, and what the loop makes of it.
//!
//! No model is ever reached from here; one that follows a script stands in for it.

mod apart;
mod heeded;
mod house;
mod line;
mod luck;
mod matters;
mod model;
mod poison;
mod rounds;
mod steps;
