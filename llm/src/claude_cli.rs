//! Asks through the command line of a client that the person already uses.
//!
//! Never runs unless a person chose it.
