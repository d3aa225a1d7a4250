//! Statements as registered constants: what is not in a registry cannot be run.
//!
//! The registries let one test prepare every statement on both engines.

/// A statement, in the words of each engine; mostly they are the same words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql {
    /// Only a test asks which statement it is.
    #[cfg(test)]
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    /// The columns of an answer whose rows SQLite tells as one text.
    pub(crate) told: Option<&'static [&'static str]>,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// Declares statements as constants, and `STATEMENTS` with all of them.
///
/// Each names the table that a bad cell is blamed on. Where the engines differ, PostgreSQL's words
/// stand beside SQLite's: `NAME in "table": "…", postgres: "…";`. An answer of many rows can be told as
/// one text by SQLite, whose every row costs two thread switches: its columns are then named,
/// `NAME in "table" told (id at): "…";`, and it is read like any other.
macro_rules! sql {
    ($($(#[$doc:meta])* $name:ident in $table:literal $(told ($($column:ident)+))?:
       $text:expr $(, postgres: $other:expr)?;)+) => {
        $(
            $(#[$doc])*
            const $name: $crate::engine::Sql = $crate::engine::Sql {
                #[cfg(test)]
                name: concat!(module_path!(), "::", stringify!($name)),
                table: $table,
                told: $crate::engine::sql!(@told $($($column)+)?),
                sqlite: $crate::engine::sql!(@sqlite $text $(, $($column)+)?),
                postgres: $crate::engine::sql!(@either $text $(, $other)?),
            };
        )+
        /// Every statement of this file, for the test that prepares them all.
        #[cfg(test)]
        pub(crate) const STATEMENTS: &[$crate::engine::Sql] = &[$($name),+];
    };
    (@told) => { None };
    (@told $($column:ident)+) => { Some(&[$(stringify!($column)),+]) };
    (@sqlite $text:expr) => { $text };
    (@sqlite $text:expr, $first:ident $($column:ident)*) => {
        concat!(
            "SELECT json_group_array(json_array(", stringify!($first), $(", ", stringify!($column),)*
            ")) AS told FROM (", $text, ")"
        )
    };
    (@either $text:expr) => { $text };
    (@either $text:expr, $other:expr) => { $other };
}
pub(crate) use sql;

/// An insert of many rows at once: `head VALUES (…), (…) tail`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    #[cfg(test)]
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    pub(crate) head: &'static str,
    pub(crate) width: usize,
    pub(crate) tail: &'static str,
}

/// Declares inserts of many rows, and `BATCHES` with all of them.
macro_rules! batch {
    ($($(#[$doc:meta])* $name:ident in $table:literal: $head:expr, $width:literal, $tail:expr;)+) => {
        $(
            $(#[$doc])*
            const $name: $crate::engine::Batch = $crate::engine::Batch {
                #[cfg(test)]
                name: concat!(module_path!(), "::", stringify!($name)),
                table: $table,
                head: $head,
                width: $width,
                tail: $tail,
            };
        )+
        /// Every insert of many rows of this file, for the test that prepares them all.
        #[cfg(test)]
        pub(crate) const BATCHES: &[$crate::engine::Batch] = &[$($name),+];
    };
}
pub(crate) use batch;

impl Batch {
    /// Rows go out in these sizes, so that each insert has three texts to prepare and no more.
    pub(crate) const SIZES: [usize; 3] = [64, 8, 1];

    /// Returns the statement for so many rows, as PostgreSQL reads it.
    pub(crate) fn numbered(&self, rows: usize) -> String {
        self.text(rows, |text, place| {
            text.push('$');
            text.push_str(&place.to_string());
        })
    }

    /// Returns the statement for so many rows, as SQLite reads it best: it takes `$1` for a name, and
    /// looks through all names for each.
    pub(crate) fn unnumbered(&self, rows: usize) -> String {
        self.text(rows, |text, _| text.push('?'))
    }

    fn text(&self, rows: usize, mark: impl Fn(&mut String, usize)) -> String {
        let mut text = format!("{} VALUES ", self.head);
        text.reserve(rows * (self.width * 3 + 2) + self.tail.len());
        for place in 0..rows * self.width {
            text.push_str(match place {
                0 => "(",
                _ if place % self.width == 0 => "), (",
                _ => ", ",
            });
            mark(&mut text, place + 1);
        }
        text.push_str(") ");
        text.push_str(self.tail);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_numbers_its_placeholders_through() {
        let batch = Batch {
            name: "test",
            table: "t",
            head: "INSERT INTO t (a, b)",
            width: 2,
            tail: "ON CONFLICT DO NOTHING",
        };
        assert_eq!(
            batch.numbered(2),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING"
        );
        assert_eq!(
            batch.unnumbered(1),
            "INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT DO NOTHING"
        );
    }
}
