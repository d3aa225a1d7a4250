//! A draft: what one block of a reply says, field by field, whether it was XML or JSON.
//!
//! It must not judge the fields; a draft may say anything and lack anything.

use crate::secrets;

use super::names::Name;

/// A part of a draft with its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// What it says.
    pub(super) text: String,
    /// What stands beside it.
    pub(super) beside: Vec<(Name, String)>,
}

/// What one block of a reply says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    /// Which block it is.
    pub(super) block: Name,
    /// Its fields, in order.
    pub(super) fields: Vec<(Name, Field)>,
}

impl Field {
    /// Returns a word that stands beside the text.
    pub(super) fn beside(&self, name: Name) -> Option<&str> {
        let found = self.beside.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the field without secrets: all that is read out of a reply passes here.
    pub(super) fn redacted(self) -> Self {
        let clean = |text: String| secrets::redact(&text).text.into_owned();
        let beside = self.beside.into_iter();
        Self {
            text: clean(self.text),
            beside: beside.map(|(name, value)| (name, clean(value))).collect(),
        }
    }
}

impl Draft {
    /// Opens a draft with the words beside its name.
    pub(super) fn new(block: Name, beside: Vec<(Name, String)>) -> Self {
        let mut draft = Self {
            block,
            fields: Vec::new(),
        };
        for (name, text) in beside {
            draft.push(
                name,
                Field {
                    text,
                    beside: Vec::new(),
                },
            );
        }
        draft
    }

    /// Adds a field, without its secrets.
    pub(super) fn push(&mut self, name: Name, field: Field) {
        self.fields.push((name, field.redacted()));
    }

    /// Returns the fields of a name, in order.
    pub(super) fn all(&self, name: Name) -> impl Iterator<Item = &Field> {
        let found = self.fields.iter().filter(move |(known, _)| *known == name);
        found.map(|(_, field)| field)
    }

    /// Returns the first text of a name that says anything.
    pub(super) fn text(&self, name: Name) -> Option<&str> {
        let mut texts = self.all(name).map(|field| field.text.trim());
        texts.find(|text| !text.is_empty())
    }

    /// Changes every text.
    pub(super) fn map(&mut self, change: impl Fn(&str) -> String) {
        for (_, field) in &mut self.fields {
            field.text = change(&field.text);
            for (_, value) in &mut field.beside {
                *value = change(value);
            }
        }
    }
}
