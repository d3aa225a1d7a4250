//! Which project a working directory belongs to.
//!
//! Each folder is looked at once for each step; the store's own names win over new ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::{Exclusion, Library, Place, Project, ProjectId, StoreError};

/// The projects of the working directories that a step has met.
#[derive(Debug, Default)]
pub(crate) struct Places {
    known: BTreeMap<String, Known>,
    exclusions: Vec<Exclusion>,
    kept_from_models: BTreeSet<ProjectId>,
    seen: BTreeMap<ProjectId, Project>,
}

/// What is known of a working directory.
#[derive(Debug, Default)]
struct Known {
    project: Option<ProjectId>,
    lies_in: Vec<String>,
}

impl Places {
    /// Looks up the project of every working directory.
    pub(crate) async fn of<'a>(
        library: &dyn Library,
        ceiling: Option<&Path>,
        cwds: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, StoreError> {
        let exclusions = library.exclusions().await?;
        let mut places = Self {
            exclusions,
            kept_from_models: library.kept_from_models().await?,
            ..Self::default()
        };
        for cwd in cwds {
            if !places.known.contains_key(cwd) {
                let known = places.look_up(library, ceiling, cwd).await?;
                places.known.insert(cwd.to_owned(), known);
            }
        }
        Ok(places)
    }

    async fn look_up(
        &mut self,
        library: &dyn Library,
        ceiling: Option<&Path>,
        cwd: &str,
    ) -> Result<Known, StoreError> {
        let found = extractors::project::locate(Path::new(cwd), ceiling);
        let Some(fresh) = Project::from_aliases(found.aliases) else {
            return Ok(Known::default());
        };
        let project = match library.project_named(&fresh.aliases).await? {
            Some(known) => Project {
                aliases: fresh.aliases,
                ..known
            },
            None => fresh,
        };
        let id = project.id.clone();
        let entry = self.seen.entry(id.clone()).or_insert_with(|| Project {
            aliases: Vec::new(),
            ..project.clone()
        });
        entry.aliases.extend(project.aliases);
        entry.aliases.sort();
        entry.aliases.dedup();
        Ok(Known {
            project: Some(id),
            lies_in: found.lies_in,
        })
    }

    /// Returns the project of a place that was looked up.
    pub(crate) fn project(&self, place: &Place) -> Option<ProjectId> {
        self.known.get(place.cwd.as_deref()?)?.project.clone()
    }

    /// Returns whether nothing of this place may be read.
    pub(crate) fn excludes(&self, place: &Place) -> bool {
        let cwd = place.cwd.as_deref().unwrap_or_default();
        let known = self.known.get(cwd);
        let lies_in = known.map_or(&[][..], |known| &known.lies_in);
        let folders = || std::iter::once(cwd).chain(lies_in.iter().map(String::as_str));
        let project = known.and_then(|known| known.project.as_ref());
        self.exclusions
            .iter()
            .any(|out| out.covers(folders(), project))
    }

    /// Returns whether no model reads a project.
    pub(crate) fn keeps_from_models(&self, project: Option<&ProjectId>) -> bool {
        project.is_some_and(|project| self.kept_from_models.contains(project))
    }

    /// Returns the projects that these places belong to, with the names they were seen under.
    pub(crate) fn projects(self, wanted: impl Fn(&ProjectId) -> bool) -> Vec<Project> {
        self.seen
            .into_values()
            .filter(|project| wanted(&project.id))
            .collect()
    }
}
