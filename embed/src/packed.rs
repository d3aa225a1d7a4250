//! Vectors as bytes: one scale each and 256 small whole numbers, a quarter of the room.
//!
//! Whole numbers add up alike in any order and on any machine, so a scan of them may be as fast as
//! the processor allows. What it finds best is weighed again against the query as it was, unpacked.

use domain::{Vector, VectorError, VectorModel};

/// The largest number; -128 is never used, so that each has its opposite.
const MOST: f32 = 127.0;

/// A vector of which each number is kept in one byte.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    model: VectorModel,
    scale: f32,
    numbers: Vec<i8>,
}

impl Packed {
    /// Packs a vector; its largest number becomes 127 or -127.
    pub fn new(vector: &Vector) -> Self {
        let largest = vector
            .numbers()
            .iter()
            .fold(0.0_f32, |most, n| most.max(n.abs()));
        let scale = largest / MOST;
        let small = |number: &f32| (number / scale).round().clamp(-MOST, MOST) as i8;
        Self {
            model: vector.model().clone(),
            scale,
            numbers: vector.numbers().iter().map(small).collect(),
        }
    }

    /// Takes up what was kept. An error: it is not what this model's vectors are packed into.
    pub fn from_parts(
        model: &VectorModel,
        scale: f32,
        numbers: Vec<i8>,
    ) -> Result<Self, VectorError> {
        let name = || model.name().to_owned();
        if numbers.len() != model.dimensions() {
            return Err(VectorError::Dimensions {
                model: name(),
                wanted: model.dimensions(),
                found: numbers.len(),
            });
        }
        // A vector has length 1, so no number of it, and no scale, is larger.
        if !(scale > 0.0 && scale <= 1.0) {
            return Err(VectorError::NotANumber { model: name() });
        }
        let model = model.clone();
        Ok(Self {
            model,
            scale,
            numbers,
        })
    }

    /// Returns the model that made the vector.
    pub fn model(&self) -> &VectorModel {
        &self.model
    }

    /// Returns what each whole number is worth.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// Returns the whole numbers.
    pub fn numbers(&self) -> &[i8] {
        &self.numbers
    }

    /// Returns nearly the cosine of the two vectors: for a scan, which keeps more than it needs.
    pub fn cosine(&self, other: &Self) -> Result<f32, VectorError> {
        self.model.must_be(&other.model)?;
        let product = dot(&self.numbers, &other.numbers) as f32;
        Ok((product * self.scale * other.scale).clamp(-1.0, 1.0))
    }

    /// Returns the cosine with a query that was not packed: for the few that a scan has kept.
    pub fn rescore(&self, query: &Vector) -> Result<f32, VectorError> {
        self.model.must_be(query.model())?;
        let pairs = query.numbers().iter().zip(&self.numbers);
        let (mut product, mut squares) = (0.0_f32, 0_i32);
        for (&wanted, &number) in pairs {
            product += wanted * f32::from(number);
            squares += i32::from(number) * i32::from(number);
        }
        // Packing changes the length a little; dividing by it takes that out again.
        Ok((product / (squares.max(1) as f32).sqrt()).clamp(-1.0, 1.0))
    }
}

/// Adds up the products of two rows of whole numbers, exactly. The longer one's rest is left out.
pub fn dot(one: &[i8], other: &[i8]) -> i32 {
    let product = |(&a, &b): (&i8, &i8)| i32::from(a) * i32::from(b);
    one.iter().zip(other).map(product).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn model() -> VectorModel {
        VectorModel::new("eight", 8)
    }

    fn vector(numbers: Vec<f32>) -> Option<Vector> {
        Vector::new(&model(), numbers).expect("eight finite numbers")
    }

    fn any_vector() -> impl Strategy<Value = Vector> {
        let numbers = prop::collection::vec(-1.0_f32..1.0, 8);
        numbers.prop_filter_map("zero", vector)
    }

    proptest! {
        #[test]
        fn packing_moves_a_cosine_by_little(one in any_vector(), other in any_vector()) {
            let exact = one.cosine(&other)?;
            let (packed, query) = (Packed::new(&one), Packed::new(&other));
            prop_assert!((packed.cosine(&query)? - exact).abs() < 0.03);
            prop_assert!((packed.rescore(&other)? - exact).abs() < 0.015);
        }

        #[test]
        fn what_was_packed_can_be_taken_up_again(one in any_vector()) {
            let packed = Packed::new(&one);
            let again = Packed::from_parts(&model(), packed.scale(), packed.numbers().to_vec());
            prop_assert_eq!(again, Ok(packed));
        }
    }

    #[test]
    fn a_scale_that_no_vector_has_is_refused() {
        for scale in [0.0, -0.1, 1.5, f32::NAN, f32::INFINITY] {
            let refused = Packed::from_parts(&model(), scale, vec![1; 8]);
            assert!(
                matches!(refused, Err(VectorError::NotANumber { .. })),
                "{scale}"
            );
        }
        let refused = Packed::from_parts(&model(), 0.1, vec![1; 7]);
        assert!(matches!(refused, Err(VectorError::Dimensions { .. })));
    }

    #[test]
    fn numbers_that_are_all_zero_come_to_zero_and_not_to_nothing() {
        let empty = Packed::from_parts(&model(), 0.1, vec![0; 8]).expect("eight, and a scale");
        let query = vector(vec![1.0; 8]).expect("not zero");
        assert_eq!(empty.rescore(&query), Ok(0.0));
        assert_eq!(empty.cosine(&empty), Ok(0.0));
    }

    #[test]
    fn the_sum_of_the_largest_products_is_exact() {
        assert_eq!(dot(&[-128; 4096], &[-128; 4096]), 4096 * 16_384);
        assert_eq!(dot(&[127, -127], &[127, 127]), 0);
    }

    #[test]
    fn another_models_query_is_refused() {
        let packed = Packed::new(&vector(vec![1.0; 8]).expect("not zero"));
        let other = VectorModel::new("other", 8);
        let query = Vector::new(&other, vec![1.0; 8]).expect("finite");
        let query = query.expect("not zero");
        let refused = packed.rescore(&query);
        assert!(matches!(refused, Err(VectorError::OtherModel { .. })));
        let refused = packed.cosine(&Packed::new(&query));
        assert!(matches!(refused, Err(VectorError::OtherModel { .. })));
    }
}
