//! A project with those that turned out to be the same one: they are read as one, wherever one is named.
//!
//! A merge moves no row, so it costs the same for a thousand memories as for a million, and taking it
//! back restores every row's own project.

use domain::{ProjectId, StoreError, TenantId};

use crate::engine::{Tx, sql, values};

sql! {
    FAMILY in "projects":
        "SELECT p.id FROM projects AS p
         WHERE p.tenant = $1 AND COALESCE(p.merged_into, p.id) =
            (SELECT COALESCE(q.merged_into, q.id) FROM projects AS q WHERE q.tenant = $1 AND q.id = $2)
         ORDER BY p.id";
}

/// Returns the names of a project and of all that are one with it; nothing where no project is named.
pub(crate) async fn of(
    tx: &mut Tx,
    tenant: &TenantId,
    project: Option<&ProjectId>,
) -> Result<Option<Vec<String>>, StoreError> {
    let Some(project) = project else {
        return Ok(None);
    };
    let rows = tx.all(FAMILY, &values![tenant, project]).await?;
    let mut family: Vec<String> = rows
        .iter()
        .map(|row| row.text("id"))
        .collect::<Result<_, _>>()?;
    if family.is_empty() {
        family.push(project.to_string());
    }
    Ok(Some(family))
}
