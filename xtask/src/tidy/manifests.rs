//! Every crate takes its lints, its licence and its edition from the workspace.
//!
//! Reads the crates' manifests; what the workspace says itself is not judged here.

use toml::{Table, Value};

use super::Problem;
use crate::files::TextFile;
use crate::metadata::Package;

/// What each crate takes from the workspace.
const INHERITED: [&[&str]; 3] = [&["lints"], &["package", "license"], &["package", "edition"]];

/// Returns what a crate's manifest says for itself and should inherit.
pub(crate) fn check(files: &[TextFile], members: &[&Package]) -> Vec<Problem> {
    let folders = members.iter().filter_map(|member| member.folder.as_deref());
    folders
        .flat_map(|folder| {
            let path = format!("{folder}/Cargo.toml");
            let text = files
                .iter()
                .find(|file| file.path == path)
                .map_or("", |file| &file.text);
            of_manifest(&path, text)
        })
        .collect()
}

fn of_manifest(path: &str, text: &str) -> Vec<Problem> {
    let Ok(manifest) = text.parse::<Table>() else {
        return vec![Problem::in_file(path, "the manifest is not TOML")];
    };
    INHERITED
        .iter()
        .filter(|way| !inherits(&manifest, way))
        .map(|way| {
            Problem::in_file(
                path,
                format!("`{}.workspace = true` is missing", way.join(".")),
            )
        })
        .collect()
}

fn inherits(manifest: &Table, way: &[&str]) -> bool {
    let mut value = manifest.get(way[0]);
    for key in &way[1..] {
        value = value.and_then(|value| value.get(key));
    }
    value
        .and_then(|value| value.get("workspace"))
        .and_then(Value::as_bool)
        == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::shown;

    fn check(text: &str, expect: &[&str]) {
        assert_eq!(shown(&of_manifest("a/Cargo.toml", text)), expect, "{text}");
    }

    const GOOD: &str =
        "[package]\nlicense.workspace = true\nedition.workspace = true\n[lints]\nworkspace = true";

    #[test]
    fn a_crate_inherits_lints_licence_and_edition() {
        check(GOOD, &[]);
        let missing = "a/Cargo.toml: `package.license.workspace = true` is missing";
        check(
            &GOOD.replace("license.workspace = true", "license = \"MIT\""),
            &[missing],
        );
        let missing = "a/Cargo.toml: `lints.workspace = true` is missing";
        check(&GOOD.replace("[lints]\nworkspace = true", ""), &[missing]);
    }
}
