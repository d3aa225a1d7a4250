//! Says where a document stands in the text index, and so who finds it, and how it is asked for.
//!
//! Every word is indexed behind the mark of its shelf: a search reads only the lists of shelves that
//! the reader may see, and never filters a list that belongs to everybody. Holds no SQL.

use std::collections::HashSet;

use domain::{Memory, OwnerId, ProjectId, Standing, TenantId, View, digest, words};

use crate::Who;

/// The most bytes of words that one document brings: PostgreSQL takes at most 1 MiB.
const MOST_BYTES: usize = 400 * 1024;
/// A mark is a letter and 40 bits: among a million shelves two are alike with odds of one in two.
/// That would only miscount words; who may see a row is asked again where the row is read.
const MARK_CHARS: usize = 9;

/// Where a document stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shelf {
    /// Who alone may find it; empty: everybody of the tenant.
    pub(crate) owner: String,
    /// Its project; empty: none.
    pub(crate) project: String,
    /// Whether it is held today.
    pub(crate) held: bool,
}

impl Shelf {
    /// Returns the shelf of a memory.
    pub(crate) fn of_memory(memory: &Memory, standing: Standing) -> Self {
        let (owner, project) = match memory.is_private() {
            true => (memory.owner.as_str(), ""),
            false => ("", memory.project.as_ref().map_or("", ProjectId::as_str)),
        };
        Self {
            owner: owner.to_owned(),
            project: project.to_owned(),
            held: standing.is_held(),
        }
    }

    /// Returns the shelf of a turn: verbatim words are their owner's alone.
    pub(crate) fn of_turn(owner: &OwnerId, project: Option<&ProjectId>) -> Self {
        Self {
            owner: owner.as_str().to_owned(),
            project: project.map_or("", ProjectId::as_str).to_owned(),
            held: true,
        }
    }

    /// Returns a memory's words as the index takes them, apart by spaces.
    pub(crate) fn memory_words(&self, tenant: &TenantId, tokens: &[String]) -> String {
        let mut marks = Vec::with_capacity(2);
        if self.owner.is_empty() {
            marks.push(shared(tenant, self.held));
            if !self.project.is_empty() {
                marks.push(of_project(tenant, &self.project, self.held));
            }
        } else {
            marks.push(of_user(tenant, &self.owner, self.held));
        }
        marked(&marks, tokens)
    }

    /// Returns a turn's words as the index takes them, apart by spaces.
    pub(crate) fn turn_words(&self, tenant: &TenantId, tokens: &[String]) -> String {
        let mut words = marked(&[of_speaker(tenant, &self.owner)], tokens);
        if !self.project.is_empty() {
            // Turns are many and long: their words stand in one list, the project beside them.
            words.push(' ');
            words.push_str(&said_in(tenant, &self.owner, &self.project));
        }
        words
    }
}

/// The lists that a reader's search goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    lists: Vec<String>,
    only_with: Option<Vec<String>>,
}

impl Reach {
    /// Returns the lists of the memories in view; of these projects, or of all.
    pub(crate) fn memories(who: &Who, view: &View, projects: Option<&[String]>) -> Self {
        let tenant = &who.tenant;
        let mut lists = Vec::with_capacity(4);
        for held in shelves_of(view) {
            match projects {
                None => lists.push(shared(tenant, *held)),
                Some(some) => {
                    lists.extend(
                        some.iter()
                            .map(|project| of_project(tenant, project, *held)),
                    );
                }
            }
            lists.push(of_user(tenant, who.owner.as_str(), *held));
        }
        Self {
            lists,
            only_with: None,
        }
    }

    /// Returns the list of the reader's turns; of these projects, or of all.
    pub(crate) fn turns(who: &Who, projects: Option<&[String]>) -> Self {
        let (tenant, owner) = (&who.tenant, who.owner.as_str());
        let marks = |some: &[String]| some.iter().map(|p| said_in(tenant, owner, p)).collect();
        Self {
            lists: vec![of_speaker(tenant, owner)],
            only_with: projects.map(marks),
        }
    }

    /// Returns the question for a term: quoted, so that nothing of it is read as an operator.
    pub(crate) fn question(&self, term: &str) -> String {
        let term: String = term
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '_')
            .take(words::MAX_TOKEN_CHARS)
            .collect();
        let words = self.lists.iter().map(|list| format!("\"{list}_{term}\""));
        let asked: Vec<String> = match &self.only_with {
            None => words.collect(),
            Some(marks) => words
                .flat_map(|word| {
                    marks
                        .iter()
                        .map(move |mark| format!("{word} AND \"{mark}\""))
                })
                .collect(),
        };
        asked.join(" OR ")
    }
}

/// Returns whether what is held, or also what was held, is looked through.
pub(crate) fn shelves_of(view: &View) -> &'static [bool] {
    match (view.as_of, view.known_at) {
        (None, None) => &[true],
        _ => &[true, false],
    }
}

fn marked(marks: &[String], tokens: &[String]) -> String {
    let mut seen = HashSet::with_capacity(tokens.len());
    let mut words = String::new();
    for token in tokens.iter().filter(|token| seen.insert(token.as_str())) {
        if words.len() > MOST_BYTES {
            break;
        }
        for mark in marks {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(mark);
            words.push('_');
            words.push_str(token);
        }
    }
    words
}

fn shared(tenant: &TenantId, held: bool) -> String {
    mark('t', &[tenant.as_str(), when(held)])
}

fn of_project(tenant: &TenantId, project: &str, held: bool) -> String {
    mark('p', &[tenant.as_str(), project, when(held)])
}

fn of_user(tenant: &TenantId, owner: &str, held: bool) -> String {
    mark('u', &[tenant.as_str(), owner, when(held)])
}

fn of_speaker(tenant: &TenantId, owner: &str) -> String {
    mark('o', &[tenant.as_str(), owner])
}

fn said_in(tenant: &TenantId, owner: &str, project: &str) -> String {
    mark('w', &[tenant.as_str(), owner, project])
}

fn when(held: bool) -> &'static str {
    if held { "held" } else { "past" }
}

fn mark(letter: char, parts: &[&str]) -> String {
    let mut mark = digest(letter, parts);
    mark.truncate(MARK_CHARS);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(owner: &str) -> Who {
        Who {
            tenant: TenantId::new("acme"),
            owner: OwnerId::new(owner),
        }
    }

    fn shelf(owner: &str, project: &str) -> Shelf {
        Shelf {
            owner: owner.to_owned(),
            project: project.to_owned(),
            held: true,
        }
    }

    fn holds(words: &str, question: &str) -> bool {
        let words: HashSet<&str> = words.split(' ').collect();
        question.split(" OR ").any(|any| {
            any.split(" AND ")
                .all(|all| words.contains(all.trim_matches('"')))
        })
    }

    #[test]
    fn a_reader_asks_for_what_the_shelf_was_given_and_for_nothing_else() {
        let tokens = ["pnpm".to_owned()];
        let of = |shelf: Shelf| shelf.memory_words(&who("ann").tenant, &tokens);
        let (shop, private, loose) = (
            of(shelf("", "shop")),
            of(shelf("ann", "")),
            of(shelf("", "")),
        );
        let asks = |owner: &str, project: Option<&str>| {
            let projects = project.map(|project| [project.to_owned()]);
            let projects = projects.as_ref().map(<[String; 1]>::as_slice);
            Reach::memories(&who(owner), &View::default(), projects).question("pnpm")
        };
        assert!(holds(&shop, &asks("ann", Some("shop"))) && holds(&shop, &asks("bob", None)));
        assert!(!holds(&shop, &asks("ann", Some("blog"))));
        assert!(
            holds(&private, &asks("ann", Some("blog"))) && !holds(&private, &asks("bob", None))
        );
        assert!(holds(&loose, &asks("bob", None)) && !holds(&loose, &asks("bob", Some("shop"))));
    }

    #[test]
    fn turns_are_asked_for_by_their_owner_alone() {
        let said = shelf("ann", "shop").turn_words(&who("ann").tenant, &["用户".to_owned()]);
        let asks = |owner: &str, project: Option<&str>| {
            let projects = project.map(|project| [project.to_owned(), "other".to_owned()]);
            let projects = projects.as_ref().map(<[String; 2]>::as_slice);
            Reach::turns(&who(owner), projects).question("用户")
        };
        assert!(holds(&said, &asks("ann", None)) && holds(&said, &asks("ann", Some("shop"))));
        assert!(!holds(&said, &asks("ann", Some("blog"))) && !holds(&said, &asks("bob", None)));
    }

    #[test]
    fn nothing_of_a_term_leaves_its_quotes() {
        let reach = Reach::turns(&who("ann"), None);
        let question = reach.question("a\" OR \"b* NEAR('c')\\");
        assert_eq!(question.matches('"').count(), 2);
        assert!(question.ends_with("_aORbNEARc\""), "{question}");
    }

    #[test]
    fn a_word_stands_once_and_an_endless_text_ends() {
        let tenant = who("ann").tenant;
        let twice = ["a".to_owned(), "a".to_owned()];
        assert_eq!(
            shelf("ann", "")
                .memory_words(&tenant, &twice)
                .split(' ')
                .count(),
            1
        );
        let many: Vec<String> = (0..200_000).map(|n| format!("word{n}")).collect();
        assert!(shelf("", "shop").memory_words(&tenant, &many).len() < 1 << 19);
    }
}
