//! The schema and its numbered steps, the same numbers on both engines.
//!
//! A step that was released is never edited; a store from the future is never touched.

use domain::StoreError;

use crate::engine::{Pool, Row, Tx, sql};

/// One step, in the words of each engine. Each text notes its own number when it is done.
struct Step {
    number: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

const STEPS: &[Step] = &[
    Step {
        number: 1,
        sqlite: include_str!("../migrations/sqlite/0001_first.sql"),
        postgres: include_str!("../migrations/postgres/0001_first.sql"),
    },
    Step {
        number: 2,
        sqlite: include_str!("../migrations/sqlite/0002_calls.sql"),
        postgres: include_str!("../migrations/postgres/0002_calls.sql"),
    },
    Step {
        number: 3,
        sqlite: include_str!("../migrations/sqlite/0003_former.sql"),
        postgres: include_str!("../migrations/postgres/0003_former.sql"),
    },
];

/// What SQLite's `application_id` says of our files: the letters `dorm`.
const OURS: i64 = 0x646f_726d;

/// Which schema will do.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    /// Any that we know: it will be brought up.
    AtMost,
    /// The newest alone: it will not be touched.
    Exactly,
}

sql! {
    /// The last step taken. On a server the table is made first, by `PREPARE`.
    VERSION in "schema": "SELECT user_version AS version FROM pragma_user_version",
        postgres: "SELECT COALESCE(MAX(number), 0) AS version FROM schema_steps";
    /// A store from outside, in one look, for each look is a good part of a short command: how many
    /// tables there are, none in one that has not begun; whose file it is, which a server need not
    /// say; and the last step taken, which a server can be asked for only where it has the table.
    LOOK in "schema":
        "SELECT (SELECT COUNT(*) FROM sqlite_schema) AS tables,
                (SELECT application_id FROM pragma_application_id) AS mark,
                (SELECT user_version FROM pragma_user_version) AS version",
        postgres:
        "SELECT COUNT(*) AS tables, CAST(1685025389 AS BIGINT) AS mark, CAST(NULL AS BIGINT) AS version
         FROM information_schema.tables
         WHERE table_schema = current_schema() AND table_name = 'schema_steps'";
    /// Two programs may open a new store at once. On a file the transaction itself holds the other off.
    ALONE in "schema": "SELECT 1 AS alone",
        postgres: "SELECT CAST(pg_advisory_xact_lock(1685025389) AS TEXT) AS alone";
    /// Makes the place where a server notes the steps.
    PREPARE in "schema": "SELECT 1 AS prepared",
        postgres: "CREATE TABLE IF NOT EXISTS schema_steps (number BIGINT PRIMARY KEY)";
}

/// Looks at a store without touching it, and refuses what is not ours or not of our time.
pub(crate) async fn judge(pool: &Pool, wanted: Wanted) -> Result<(), StoreError> {
    let Some(look) = pool.first(LOOK, &[]).await? else {
        return refuse_other_times(0, wanted);
    };
    let tables = look.int("tables")?;
    let found = match look.int_or_none("version")? {
        _ if tables == 0 => 0,
        Some(version) => version,
        None => number(pool.first(VERSION, &[]).await?, "version")?,
    };
    if tables > 0 && look.int("mark")? != OURS {
        return Err(StoreError::Damaged {
            place: pool.place().to_owned(),
            detail: "it is another program's database".to_owned(),
        });
    }
    refuse_other_times(found, wanted)
}

fn refuse_other_times(found: i64, wanted: Wanted) -> Result<(), StoreError> {
    let known = STEPS.last().map_or(0, |step| step.number);
    match wanted {
        _ if found > known => Err(StoreError::Newer { found, known }),
        Wanted::Exactly if found < known => Err(StoreError::Refused(format!(
            "the store has schema {found} and must first be brought up to {known}: run `dormouse work` once"
        ))),
        Wanted::Exactly | Wanted::AtMost => Ok(()),
    }
}

/// Takes the steps that are missing, all in one transaction.
pub(crate) async fn bring_up(pool: &Pool) -> Result<(), StoreError> {
    let mut tx = pool.write().await?;
    tx.first(ALONE, &[]).await?;
    tx.run(PREPARE, &[]).await?;
    let found = number(tx.first(VERSION, &[]).await?, "version")?;
    refuse_other_times(found, Wanted::AtMost)?;
    for step in STEPS.iter().filter(|step| step.number > found) {
        take(&mut tx, step).await?;
    }
    tx.commit().await
}

async fn take(tx: &mut Tx, step: &Step) -> Result<(), StoreError> {
    tx.script(step.sqlite, step.postgres).await
}

fn number(row: Option<Row>, column: &'static str) -> Result<i64, StoreError> {
    row.map_or(Ok(0), |row| row.int(column))
}
