//! Looks beyond an episode for a name that a lesson uses and its own episode does not.
//!
//! Grounding decides; what is brought here may found a name, and never a figure or a quote.

use domain::{Candidate, Episode, Record, Turn};
use extractors::ground::{self, Beyond, Ungrounded};

use crate::{Ports, StepError};

/// So many turns of the session around the first quote are looked at: some hours of work, and never
/// all of a session that lasted for days.
const TURNS: usize = 400;

/// Returns why a candidate does not stand on its quotes. The session is read only for one that fails
/// for a name alone.
pub(super) async fn check(
    ports: &Ports<'_>,
    candidate: &Candidate,
    (episode, turns): (&Episode, &[Turn]),
    near: &[Record],
) -> Result<Option<Ungrounded>, StepError> {
    let doubt = ground::check(candidate, turns).err();
    if !matches!(doubt, Some(Ungrounded::Unknown(_))) {
        return Ok(doubt);
    }
    let first = candidate.evidence.first().map(|quote| &quote.turn);
    let session = ports.library.conversation(&episode.session, first, TURNS);
    let held = near.iter().filter(|record| record.standing.is_held());
    let known: Vec<String> = held.map(|record| record.memory.lesson.text()).collect();
    let beyond = Beyond {
        turns: &session.await?,
        known: &known,
    };
    Ok(ground::check_with(candidate, turns, beyond).err())
}
