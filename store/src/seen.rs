//! The conditions under which a reader may see a memory, written once for every statement that asks.
//!
//! Only text: each macro is a piece of SQL over `m`, a row of `memories`. The placeholders are the same
//! everywhere: $2 tenant, $3 owner, $4 projects, $5 kinds, $6 as of, $7 known at.

/// Whether the reader may see it at all.
macro_rules! visible {
    () => {
        "m.tenant = $2 AND (m.scope <> 'user' OR m.owner = $3)"
    };
}
pub(crate) use visible;

/// Whether it is of the project and kind that are wanted, and true in the world at that time.
macro_rules! wanted {
    () => {
        "(CAST($4 AS TEXT) IS NULL OR m.scope = 'user' OR m.project IN (SELECT value FROM json_each($4)))
         AND (CAST($5 AS TEXT) IS NULL OR m.kind IN (SELECT value FROM json_each($5)))
         AND (CAST($6 AS BIGINT) IS NULL OR (m.valid_from <= $6 AND (m.valid_to IS NULL OR $6 < m.valid_to)))"
    };
}
pub(crate) use wanted;

/// Whether a row was written by then: by a run that had begun, or by an import, whose rows were known
/// elsewhere before and keep their own dates. `r` is that run; $7 is the time.
macro_rules! written_by_then {
    ($run:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM runs AS r WHERE r.tenant = m.tenant AND r.id = ",
            $run,
            " AND (r.started_at <= $7 OR r.verb = 'import'))"
        )
    };
}
pub(crate) use written_by_then;

/// Whether it is held: today, as of a time, or as it was known at a time.
///
/// As of a time: by today's knowledge, so what is forgotten today stays hidden, and what was superseded
/// shows until its end. Known at a time: by the links that stood then. A link that was changed or taken
/// back since stands in `former` as it was, and then its row of today says nothing of that time; one
/// that was written later had not been thought of, whatever date it bears, unless it has ended: of
/// those from before there was `former` only the dates tell.
macro_rules! held {
    () => {
        concat!(
            "(CAST($7 AS BIGINT) IS NOT NULL OR m.standing IN ('active', 'disputed')
              OR (CAST($6 AS BIGINT) IS NOT NULL AND m.standing = 'superseded'
                  AND ($6 < m.valid_to OR EXISTS (
                      SELECT 1 FROM links AS l
                      WHERE l.tenant = m.tenant AND l.from_memory = m.id
                        AND l.kind = 'superseded-by' AND l.ended_at IS NULL AND $6 < l.at))))
             AND (CAST($7 AS BIGINT) IS NULL OR (m.recorded_at <= $7 AND (m.retired_at IS NULL OR $7 < m.retired_at)
                  AND NOT EXISTS (
                      SELECT 1 FROM links AS l
                      WHERE l.tenant = m.tenant AND l.from_memory = m.id
                        AND l.kind IN ('forgotten', 'quarantined', 'superseded-by', 'archived-behind', 'proposed')
                        AND l.at <= $7 AND (l.ended_at IS NULL OR $7 < l.ended_at)
                        AND (l.ended_at IS NOT NULL OR ", $crate::seen::written_by_then!("l.run"), ")
                        AND NOT EXISTS (
                            SELECT 1 FROM former AS f
                            WHERE f.tenant = l.tenant AND f.memory = l.from_memory AND f.id = l.id
                              AND $7 < f.until))
                  AND NOT EXISTS (
                      SELECT 1 FROM former AS f
                      WHERE f.tenant = m.tenant AND f.memory = m.id
                        AND f.kind IN ('forgotten', 'quarantined', 'superseded-by', 'archived-behind', 'proposed')
                        AND f.linked_at <= $7 AND (f.ended_at IS NULL OR $7 < f.ended_at) AND $7 < f.until
                        AND (f.ended_at IS NOT NULL OR ", $crate::seen::written_by_then!("f.writer"), ")
                        AND NOT EXISTS (
                            SELECT 1 FROM former AS g
                            WHERE g.tenant = f.tenant AND g.memory = f.memory AND g.id = f.id
                              AND g.number < f.number AND $7 < g.until))))"
        )
    };
}
pub(crate) use held;
