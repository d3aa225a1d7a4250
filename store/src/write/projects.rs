//! Projects and the names they go by.
//!
//! A name that is taken stays with who has it; two projects become one by a person's word alone.

use domain::{Project, StoreError};

use super::Hand;
use crate::engine::{Tx, Value, batch, values};

batch! {
    ADD_PROJECTS in "projects":
        "INSERT INTO projects (tenant, id, name)", 3,
        "ON CONFLICT (tenant, id) DO NOTHING";
    ADD_ALIASES in "project_aliases":
        "INSERT INTO project_aliases (tenant, kind, value, project)", 4,
        "ON CONFLICT (tenant, kind, value) DO NOTHING";
}

/// Adds projects and aliases that are new.
pub(crate) async fn write(
    tx: &mut Tx,
    hand: &Hand,
    projects: &[Project],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = projects
        .iter()
        .map(|project| values![&hand.tenant, &project.id, &project.name].into())
        .collect();
    tx.insert(ADD_PROJECTS, &rows).await?;
    let aliases = projects
        .iter()
        .flat_map(|project| project.aliases.iter().map(move |alias| (project, alias)));
    let rows: Vec<Vec<Value<'_>>> = aliases
        .map(|(project, alias)| {
            values![&hand.tenant, alias.kind.as_str(), &alias.value, &project.id].into()
        })
        .collect();
    tx.insert(ADD_ALIASES, &rows).await?;
    Ok(())
}
