//! The vector of a text by the built-in table: the mean of the rows of its pieces, brought to length 1.
//!
//! One text gives the same bytes on every machine: additions stand in the order of the text, and
//! nothing is left to the processor's choice.

use std::sync::LazyLock;

use async_trait::async_trait;
use domain::{EmbedError, Embedder, Vector, VectorModel};

use crate::table::DIMENSIONS;
use crate::wordpiece::each_piece;

/// So much of a text is read, to the last whole character: some 4,000 pieces. What lies behind would
/// move the mean of so many no more.
pub const READ_BYTES: usize = 16 * 1024;

/// The name holds the beginning of the table's hash, so that another table is another model.
const NAME: &str = "dormouse-static-256-894d9b1b";

static MODEL: LazyLock<VectorModel> = LazyLock::new(|| VectorModel::new(NAME, DIMENSIONS));

/// Returns the name and the dimensions of the table in this program.
pub fn built_in_model() -> &'static VectorModel {
    &MODEL
}

/// Returns the vector of a text. `None`: it holds no piece that the table knows.
pub fn built_in(text: &str) -> Option<Vector> {
    let mut sum = [0.0; DIMENSIONS];
    each_piece(beginning(text), |piece| piece.add_to(&mut sum));
    // The length takes the place of the count: a mean and a sum have one direction.
    Vector::new(&MODEL, sum.to_vec())
        .expect("a sum of so few finite rows is finite, and as long as one")
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ_BYTES)]
}

/// The built-in table behind the door that all makers of vectors share.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn;

#[async_trait]
impl Embedder for BuiltIn {
    fn model(&self) -> &VectorModel {
        &MODEL
    }

    fn host(&self) -> Option<&str> {
        None
    }

    async fn embed(&self, texts: &[&str]) -> Result<Vec<Option<Vector>>, EmbedError> {
        Ok(texts.iter().map(|text| built_in(text)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_holds_the_beginning_of_the_hash_of_the_table() {
        let hash = blake3::hash(include_bytes!("../table/static_256.bin")).to_hex();
        assert_eq!(NAME.rsplit('-').next(), Some(&hash[..8]));
    }

    #[test]
    fn a_text_without_a_known_piece_has_no_vector() {
        for text in ["", " \n", "\u{200b}", "🦀🦀", &"x".repeat(101)] {
            assert_eq!(built_in(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_lies_behind_the_limit_changes_nothing_and_cuts_no_character() {
        let full = "é ".repeat(READ_BYTES);
        let longer = format!("{full} quite another matter");
        assert_eq!(built_in(&full), built_in(&longer));
        assert!(built_in(&format!("a{full}")).is_some());
        let just_before = format!("{} matter", "é ".repeat(READ_BYTES / 4));
        assert_ne!(built_in(&just_before), built_in(&full));
    }

    #[test]
    fn what_belongs_together_is_nearer_than_what_does_not() {
        let vector = |text| built_in(text).expect("plain words");
        let near = |one, other| vector(one).cosine(&vector(other)).expect("one model");
        let question = "how do I fix the sqlite database locked error in tokio tests";
        let answer = "the tests fail because another connection holds the database lock";
        assert!(
            near(question, answer) > near(question, "bananas ripen faster in a paper bag") + 0.2
        );
    }

    #[tokio::test]
    async fn a_batch_keeps_the_order_and_answers_each_text() -> Result<(), EmbedError> {
        let texts = ["run the tests", "", "use pnpm, never npm"];
        let made = BuiltIn.embed(&texts).await?;
        assert_eq!(made, texts.map(built_in));
        assert!(made[1].is_none() && made[0] != made[2]);
        Ok(())
    }
}
