//! Our reading of a text against the teacher's own tokenizer, on texts that were made to differ.
//!
//! `recipe/fixture.py` wrote the expected pieces and vectors, by way of other people's code.

use embed::{built_in, pieces};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    text: String,
    pieces: Vec<u32>,
    every_51st: Option<Vec<f32>>,
}

fn expected() -> Vec<Expected> {
    let lines = include_str!("data/pieces.jsonl").lines();
    let parsed = lines.map(|line| serde_json::from_str(line).expect("written by the recipe"));
    parsed.collect()
}

#[test]
fn every_text_falls_into_the_teachers_pieces() {
    let all = expected();
    assert!(all.len() >= 300, "only {} texts", all.len());
    for one in all {
        assert_eq!(pieces(&one.text), one.pieces, "{:?}", one.text);
    }
}

#[test]
fn every_vector_is_the_mean_of_the_rows_of_its_pieces() {
    for one in expected() {
        let made = built_in(&one.text);
        assert_eq!(made.is_some(), one.every_51st.is_some(), "{:?}", one.text);
        let made = made.map_or_else(Vec::new, |vector| {
            vector.numbers().iter().copied().step_by(51).collect()
        });
        for (found, wanted) in made.iter().zip(one.every_51st.unwrap_or_default()) {
            assert!(
                (found - wanted).abs() < 2e-5,
                "{found} for {wanted} in {:?}",
                one.text
            );
        }
    }
}
