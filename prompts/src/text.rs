//! The prompts' texts: a version, then sections with placeholders.
//!
//! Fills in one pass, so that a value that looks like a placeholder stays what it is. It must not
//! know what the sections say.

/// A prompt's text file, and the schema of its reply.
pub(crate) struct Text {
    /// What it is called.
    pub(crate) name: &'static str,
    source: &'static str,
    /// The reply's JSON schema; empty where another prompt's holds.
    pub(crate) schema: &'static str,
}

macro_rules! texts {
    ($($constant:ident $name:literal $schema:expr;)+) => {
        $(pub(crate) const $constant: Text = Text {
            name: $name,
            source: include_str!(concat!("../text/", $name, ".txt")),
            schema: $schema,
        };)+
        const ALL: &[Text] = &[$($constant),+];
    };
}

texts! {
    EXTRACT "extract" include_str!("../text/extract.schema.json");
    REST "rest" "";
    STRUCTURE "structure" include_str!("../text/structure.schema.json");
    MERGE "merge" include_str!("../text/merge.schema.json");
    JUDGE "judge" include_str!("../text/judge.schema.json");
    BRIEF "brief" include_str!("../text/brief.schema.json");
}

/// Returns every prompt's name with its version: `extract/1`.
pub fn versions() -> Vec<String> {
    ALL.iter().map(Text::prompt).collect()
}

impl Text {
    /// Returns its name with its version.
    pub(crate) fn prompt(&self) -> String {
        let first = self.source.lines().next().unwrap_or_default();
        let version = first
            .strip_prefix("version: ")
            .expect("a prompt opens with its version: the tidy rules and a test hold it to that");
        format!("{}/{version}", self.name)
    }

    /// Returns a section as it stands, without the line breaks around it.
    pub(crate) fn section(&self, name: &str) -> &'static str {
        let sections = self.source.split("\n== ").skip(1);
        let mut named = sections.filter_map(|section| section.split_once('\n'));
        let (_, body) = named
            .find(|(heading, _)| *heading == name)
            .expect("only sections that the text has are asked for: each is filled in a test");
        body.trim_matches('\n')
    }

    /// Returns a section with `{{name}}` replaced by the value of that name.
    pub(crate) fn fill(&self, section: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.section(section);
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after
                .split_once("}}")
                .expect("a placeholder is closed: each text is filled in a test");
            let (_, value) = values
                .iter()
                .find(|(known, _)| *known == name)
                .expect("a placeholder has its value: each text is filled in a test");
            out.push_str(before);
            out.push_str(value);
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Text = Text {
        name: "small",
        source: "version: 7\n\n== a\n\none {{x}} two {{y}}{{x}}\n\n== b\nthree\n",
        schema: "",
    };

    #[test]
    fn a_value_that_looks_like_a_placeholder_stays_what_it_is() {
        let filled = SMALL.fill("a", &[("x", "{{y}}"), ("y", "!")]);
        assert_eq!(filled, "one {{y}} two !{{y}}");
        assert_eq!(SMALL.section("b"), "three");
    }

    #[test]
    fn every_text_says_its_version_and_every_name_once() {
        assert_eq!(SMALL.prompt(), "small/7");
        let versions = versions();
        let mut names: Vec<&str> = versions
            .iter()
            .filter_map(|version| version.split_once('/'))
            .filter(|(_, number)| number.parse::<u32>().is_ok())
            .map(|(name, _)| name)
            .collect();
        names.dedup();
        assert_eq!(names.len(), ALL.len(), "{versions:?}");
    }
}
