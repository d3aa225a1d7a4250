//! The words and doors that every room shares: types, traits, and the pure rules that belong to them.
//!
//! No I/O, no database, no runtime: a value made here can be printed, compared and stored by anyone.

mod ask;
mod belief;
mod changes;
mod doors;
mod episode;
mod error;
mod evidence;
mod ids;
mod job;
mod lesson;
mod link;
mod memory;
mod model;
mod notice;
mod project;
mod session;
mod shown;
mod slot;
mod source;
pub mod time;
mod turn;
mod vector;
pub mod words;
pub mod xml;

pub use ask::{Ask, Ended, Reply, Request, Schema, Usage};
pub use belief::{Belief, BeliefEvent, Reason, Weight};
pub use changes::{Changes, NewMemory, NextJob};
pub use doors::{Census, Holding, Library, Lookup, Queue, TurnHit, View};
pub use episode::Episode;
pub use error::{StoreError, Transient};
pub use evidence::{Candidate, Evidence};
pub use ids::{
    AskId, BeliefId, EpisodeId, EvidenceId, JobId, LinkId, MemoryId, OwnerId, ProjectId, RunId,
    SessionId, SourceId, TenantId, TurnId, digest,
};
pub use job::{Author, Claimed, Finished, Job, Run, Wrote};
pub use lesson::{Kind, Lesson, Scope, UnknownWord};
pub use link::{Link, LinkKind, Standing};
pub use memory::{Memory, Record, Revision, Validity};
pub use model::{
    Budget, Call, CallEnd, CallId, Desk, Model, ModelError, Price, Reserved, Rest, Sent, Shows,
};
pub use notice::{Notice, Occasion};
pub use project::{Alias, AliasKind, Exclusion, Project};
pub use session::{Agent, Session};
pub use shown::{Shown, ShownEvidence};
pub use slot::Slot;
pub use source::{Cursor, Format, Source};
pub use time::Clock;
pub use turn::{Part, PartKind, Place, Speaker, Turn};
pub use vector::{EmbedError, Embedder, Vector, VectorError, VectorModel};
