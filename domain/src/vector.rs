//! Vectors for texts, each with the name of the model that made it, and the door to such models.
//!
//! Two vectors are compared only where one model made both: anything else is an error, never a number.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::Transient;

/// Names a model of vectors and says how long they are. Equal names with equal length: one model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VectorModel {
    name: Arc<str>,
    dimensions: usize,
}

impl VectorModel {
    /// Names a model; whoever changes what it answers changes the name.
    pub fn new(name: &str, dimensions: usize) -> Self {
        Self {
            name: name.into(),
            dimensions,
        }
    }

    /// Returns the name, as it is kept beside each vector.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns how many numbers each of its vectors has.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }
}

/// Where a text lies among all texts: a direction, of length 1, of one model.
///
/// There is no zero vector and none with a number that is none; a text without one has no `Vector`.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    model: VectorModel,
    numbers: Vec<f32>,
}

impl Vector {
    /// Brings what a model answered to length 1. `None`: all numbers are zero, and it says nothing.
    pub fn new(model: &VectorModel, mut numbers: Vec<f32>) -> Result<Option<Self>, VectorError> {
        if numbers.len() != model.dimensions {
            return Err(VectorError::Dimensions {
                model: model.name().to_owned(),
                wanted: model.dimensions,
                found: numbers.len(),
            });
        }
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(VectorError::NotANumber {
                model: model.name().to_owned(),
            });
        }
        // In double precision no square of a single one overflows or vanishes, and one order of
        // additions gives one sum on every machine.
        let squares: f64 = numbers.iter().map(|&n| f64::from(n) * f64::from(n)).sum();
        if squares == 0.0 {
            return Ok(None);
        }
        let length = squares.sqrt();
        for number in &mut numbers {
            *number = (f64::from(*number) / length) as f32;
        }
        let model = model.clone();
        Ok(Some(Self { model, numbers }))
    }

    /// Returns the model that made it.
    pub fn model(&self) -> &VectorModel {
        &self.model
    }

    /// Returns its numbers, as many as the model has dimensions.
    pub fn numbers(&self) -> &[f32] {
        &self.numbers
    }

    /// Returns how alike two texts are: 1 for the same direction, 0 for none, -1 for the opposite.
    pub fn cosine(&self, other: &Self) -> Result<f32, VectorError> {
        self.model.must_be(&other.model)?;
        let pairs = self.numbers.iter().zip(&other.numbers);
        let sum: f32 = pairs.map(|(a, b)| a * b).sum();
        Ok(sum.clamp(-1.0, 1.0))
    }
}

impl VectorModel {
    /// Refuses to compare what two models made.
    pub fn must_be(&self, other: &Self) -> Result<(), VectorError> {
        match self == other {
            true => Ok(()),
            false => Err(VectorError::OtherModel {
                one: self.name().to_owned(),
                other: other.name().to_owned(),
            }),
        }
    }
}

/// What is wrong with a vector, or with two of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    /// It has another length than its model's vectors have.
    #[error("a vector of {model} has {wanted} dimensions, this one has {found}")]
    Dimensions {
        /// The model's name.
        model: String,
        /// What its vectors have.
        wanted: usize,
        /// What this one has.
        found: usize,
    },
    /// One of its numbers is infinite or is no number.
    #[error("a vector of {model} holds what is not a finite number")]
    NotANumber {
        /// The model's name.
        model: String,
    },
    /// Two models made them, so that they cannot be compared.
    #[error("a vector of {one} cannot be compared with one of {other}")]
    OtherModel {
        /// One model's name.
        one: String,
        /// The other's.
        other: String,
    },
}

/// Makes vectors of texts.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Returns the model whose vectors it makes.
    fn model(&self) -> &VectorModel;

    /// Returns the host to which the words go; `None`: they stay on this machine, and cost nothing.
    fn host(&self) -> Option<&str>;

    /// Returns one answer for each text, in their order; `None`: the text holds nothing it knows.
    async fn embed(&self, texts: &[&str]) -> Result<Vec<Option<Vector>>, EmbedError>;
}

/// Why there are no vectors.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// The model does not answer now, or wants to be left alone for a while.
    #[error("{model} cannot answer now: {why}")]
    Down {
        /// The model's name.
        model: String,
        /// What was said, without any secret.
        why: String,
        /// After how long it may be asked again, if it said so.
        again: Option<Duration>,
    },
    /// The model will not take these texts, or any before a person does something.
    #[error("{model} refuses: {why}")]
    Refused {
        /// The model's name.
        model: String,
        /// What was said, and what to do.
        why: String,
    },
    /// What came back cannot be read as one vector for each text.
    #[error("the answer of {model} cannot be read: {why}")]
    Garbled {
        /// The model's name.
        model: String,
        /// What is wrong with it.
        why: String,
    },
    /// What came back are no vectors of this model.
    #[error("the answer cannot be used")]
    Vector(#[from] VectorError),
}

impl Transient for EmbedError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Down { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> VectorModel {
        VectorModel::new("three", 3)
    }

    fn vector(numbers: [f32; 3]) -> Vector {
        let vector = Vector::new(&model(), numbers.to_vec()).expect("finite, and three");
        vector.expect("not all zero")
    }

    #[test]
    fn every_vector_has_length_one() {
        for numbers in [
            [3.0, 4.0, 0.0],
            [f32::MAX, f32::MAX, f32::MAX],
            [1e-45, 0.0, 0.0],
            [-1e-30, 1e-30, 0.0],
        ] {
            let made = vector(numbers);
            let length: f32 = made.numbers().iter().map(|n| n * n).sum();
            assert!((length - 1.0).abs() < 1e-6, "{numbers:?} came to {length}");
        }
        assert_eq!(vector([3.0, 4.0, 0.0]).numbers(), [0.6, 0.8, 0.0]);
    }

    #[test]
    fn nothing_known_is_no_vector() {
        assert_eq!(Vector::new(&model(), vec![0.0, -0.0, 0.0]), Ok(None));
    }

    #[test]
    fn what_is_no_number_never_becomes_part_of_a_vector() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let refused = Vector::new(&model(), vec![1.0, bad, 0.0]);
            assert!(matches!(refused, Err(VectorError::NotANumber { .. })));
        }
    }

    #[test]
    fn another_length_is_refused() {
        let refused = Vector::new(&model(), vec![1.0; 4]).expect_err("four are not three");
        let says = "a vector of three has 3 dimensions, this one has 4";
        assert_eq!(refused.to_string(), says);
    }

    #[test]
    fn vectors_of_two_models_are_never_compared() {
        let one = vector([1.0, 0.0, 0.0]);
        for other in [VectorModel::new("other", 3), VectorModel::new("three", 2)] {
            let numbers = vec![1.0; other.dimensions()];
            let other = Vector::new(&other, numbers)
                .expect("finite")
                .expect("not zero");
            let refused = one.cosine(&other);
            assert!(matches!(refused, Err(VectorError::OtherModel { .. })));
        }
    }

    #[test]
    fn alike_is_one_and_opposite_is_minus_one() {
        let one = vector([1.0, 2.0, -3.0]);
        let check = |other, expect: f32| {
            let found = one.cosine(&vector(other)).expect("one model");
            assert!((found - expect).abs() < 1e-6, "{found} is not {expect}");
        };
        check([2.0, 4.0, -6.0], 1.0);
        check([-1.0, -2.0, 3.0], -1.0);
        check([3.0, 0.0, 1.0], 0.0);
    }

    #[test]
    fn only_a_model_that_is_down_is_worth_asking_again() {
        let model = || "m".to_owned();
        let why = || "why".to_owned();
        let down = EmbedError::Down {
            model: model(),
            why: why(),
            again: None,
        };
        let refused = EmbedError::Refused {
            model: model(),
            why: why(),
        };
        let garbled = EmbedError::Garbled {
            model: model(),
            why: why(),
        };
        let of_another = EmbedError::from(VectorError::NotANumber { model: model() });
        assert!(down.is_transient());
        assert!(
            ![refused, garbled, of_another]
                .iter()
                .any(Transient::is_transient)
        );
    }
}
