//! Which project a working directory belongs to.
//!
//! Each folder is looked at once for each step; the store's own names win over new ones.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{Exclusion, Library, Place, Project, ProjectId, StoreError};

/// The projects of the working directories that a step has met.
#[derive(Debug, Default)]
pub(crate) struct Places {
    known: BTreeMap<String, Option<ProjectId>>,
    exclusions: Vec<Exclusion>,
    seen: BTreeMap<ProjectId, Project>,
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
            ..Self::default()
        };
        for cwd in cwds {
            if !places.known.contains_key(cwd) {
                let project = places.look_up(library, ceiling, cwd).await?;
                places.known.insert(cwd.to_owned(), project);
            }
        }
        Ok(places)
    }

    async fn look_up(
        &mut self,
        library: &dyn Library,
        ceiling: Option<&Path>,
        cwd: &str,
    ) -> Result<Option<ProjectId>, StoreError> {
        let aliases = extractors::project::aliases(Path::new(cwd), ceiling);
        let Some(fresh) = Project::from_aliases(aliases) else {
            return Ok(None);
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
        Ok(Some(id))
    }

    /// Returns the project of a place that was looked up.
    pub(crate) fn project(&self, place: &Place) -> Option<ProjectId> {
        self.known.get(place.cwd.as_deref()?).cloned().flatten()
    }

    /// Returns whether nothing of this place may be read.
    pub(crate) fn excludes(&self, place: &Place) -> bool {
        let cwd = place.cwd.as_deref().unwrap_or_default();
        let project = self.project(place);
        self.exclusions
            .iter()
            .any(|out| out.covers(cwd, project.as_ref()))
    }

    /// Returns the projects that these places belong to, with the names they were seen under.
    pub(crate) fn projects(self, wanted: impl Fn(&ProjectId) -> bool) -> Vec<Project> {
        self.seen
            .into_values()
            .filter(|project| wanted(&project.id))
            .collect()
    }
}
