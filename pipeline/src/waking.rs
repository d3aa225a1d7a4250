//! Wakes jobs that wait for something outside, when it may have come.
//!
//! A worker that starts tries one job for each thing that is waited for, and no more: a host that is
//! still down costs one call, however many jobs wait for it.

use domain::StoreError;

use crate::Ports;

/// Wakes whoever got a reply, and one job for each other thing that is waited for.
pub(crate) async fn look_again(ports: &Ports<'_>) -> Result<(), StoreError> {
    let waited_for = ports.queue.waited_for().await?;
    let arrived = ports.model.map(|model| model.arrived(&waited_for));
    let arrived = arrived.unwrap_or_default();
    let now = ports.clock.now();
    for on in waited_for {
        if arrived.contains(&on) {
            ports.queue.wake(&on, now, usize::MAX).await?;
        } else if !is_awaited(ports, &on) && !is_known(ports, &on) {
            ports.queue.wake(&on, now, 1).await?;
        }
    }
    Ok(())
}

/// Wakes everybody but those whose reply the model will announce itself.
pub(crate) async fn everybody(ports: &Ports<'_>) -> Result<(), StoreError> {
    let now = ports.clock.now();
    for on in ports.queue.waited_for().await? {
        if !is_awaited(ports, &on) {
            ports.queue.wake(&on, now, usize::MAX).await?;
        }
    }
    Ok(())
}

/// Says whether this worker has just found out that nothing has changed.
fn is_known(ports: &Ports<'_>, on: &str) -> bool {
    let rest = ports.model.and_then(domain::Model::rests);
    rest.is_some_and(|rest| rest.why.to_string() == on)
}

fn is_awaited(ports: &Ports<'_>, on: &str) -> bool {
    ports.model.is_some_and(|model| model.awaits(on))
}
