//! Models over real HTTP: a scripted server on loopback says every kind of thing, and each test
//! looks at the outcome, at how often it was asked, and at what went over the wire.

mod around;
mod house;
mod keys;
mod limits;
mod trouble;
mod wire;
