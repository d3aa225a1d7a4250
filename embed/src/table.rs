//! The table in the program: a sorted vocabulary, and for each piece a row of small numbers.
//!
//! Nothing is parsed at the start, and nothing is copied: every lookup reads the bytes as they lie.
//! Layout, little endian: `SEMB1`, rows, dimensions, pieces, bytes of text; where each piece begins;
//! the row of each piece; the text of the pieces; a scale for each row; the rows.

/// The table, as `recipe/pack.py` writes it.
static BYTES: &[u8] = include_bytes!("../table/static_256.bin");

/// How many numbers a row has.
pub(crate) const DIMENSIONS: usize = 256;

const ROWS: usize = at(8);
const PIECES: usize = at(16);
const STARTS: usize = 24;
const NUMBERS: usize = STARTS + 4 * (PIECES + 1);
const TEXT: usize = NUMBERS + 4 * PIECES;
const SCALES: usize = TEXT + at(20);
const TABLE: usize = SCALES + 4 * ROWS;

// A table of another shape does not compile.
const _: () = assert!(at(12) == DIMENSIONS && BYTES.len() == TABLE + ROWS * DIMENSIONS);
const _: () = assert!(at(0) == at_of(b"SEMB") && BYTES[4] == b'1');

/// Reads four bytes as a number.
const fn at(place: usize) -> usize {
    let four = [
        BYTES[place],
        BYTES[place + 1],
        BYTES[place + 2],
        BYTES[place + 3],
    ];
    at_of(&four)
}

const fn at_of(four: &[u8; 4]) -> usize {
    u32::from_le_bytes(*four) as usize
}

/// One piece of the vocabulary, by its place in the order of the alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece(usize);

impl Piece {
    /// Returns the number of the piece in the teacher's vocabulary, which is that of its row.
    pub(crate) fn number(self) -> u32 {
        at(NUMBERS + 4 * self.0) as u32
    }

    /// Adds its row to a sum, dimension by dimension.
    pub(crate) fn add_to(self, sum: &mut [f32; DIMENSIONS]) {
        let row = self.number() as usize;
        let scale = f32::from_bits(at(SCALES + 4 * row) as u32);
        let begin = TABLE + row * DIMENSIONS;
        for (sum, byte) in sum.iter_mut().zip(&BYTES[begin..begin + DIMENSIONS]) {
            *sum += scale * f32::from(byte.cast_signed());
        }
    }
}

/// The pieces that share a beginning, and how long that beginning is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shelf {
    first: usize,
    after: usize,
    shared: usize,
}

impl Shelf {
    /// All pieces.
    pub(crate) const ALL: Self = Self {
        first: 0,
        after: PIECES,
        shared: 0,
    };

    /// Keeps the pieces that go on with this byte. `None`: there are none.
    pub(crate) fn narrowed(self, next: u8) -> Option<Self> {
        let first = self.first + self.count_while(|byte| byte.is_none_or(|byte| byte < next));
        let rest = Self { first, ..self };
        let after = first + rest.count_while(|byte| byte.is_none_or(|byte| byte <= next));
        let shared = self.shared + 1;
        (first < after).then_some(Self {
            first,
            after,
            shared,
        })
    }

    /// Returns the piece that is the shared beginning and no more.
    pub(crate) fn whole(self) -> Option<Piece> {
        (text(self.first).len() == self.shared).then_some(Piece(self.first))
    }

    /// Counts the leading pieces whose next byte is so; that it is so for a beginning of them and
    /// for none thereafter is due to their order.
    fn count_while(self, is_so: impl Fn(Option<u8>) -> bool) -> usize {
        let (mut low, mut high) = (self.first, self.after);
        while low < high {
            let middle = low + (high - low) / 2;
            match is_so(text(middle).get(self.shared).copied()) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low - self.first
    }
}

fn text(piece: usize) -> &'static [u8] {
    let begin = TEXT + at(STARTS + 4 * piece);
    let end = TEXT + at(STARTS + 4 * (piece + 1));
    &BYTES[begin..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_names_the_table_that_is_compiled_in() {
        let hash = blake3::hash(BYTES).to_hex();
        let card = include_str!("../MODEL_CARD.md");
        assert!(card.contains(hash.as_str()), "{hash} is not on the card");
    }

    #[test]
    fn the_vocabulary_stands_in_the_order_that_the_search_relies_on() {
        let unordered = (1..PIECES).find(|&piece| text(piece - 1) >= text(piece));
        assert_eq!(unordered, None);
    }

    #[test]
    fn every_piece_is_found_by_its_own_text() {
        for piece in 0..PIECES {
            let mut shelf = Some(Shelf::ALL);
            for &byte in text(piece) {
                shelf = shelf.and_then(|shelf| shelf.narrowed(byte));
            }
            assert_eq!(shelf.and_then(Shelf::whole), Some(Piece(piece)));
        }
    }

    #[test]
    fn every_row_is_there_and_its_scale_is_a_positive_number() {
        for piece in (0..PIECES).map(Piece) {
            let row = piece.number() as usize;
            assert!(row < ROWS);
            let scale = f32::from_bits(at(SCALES + 4 * row) as u32);
            assert!(scale > 0.0 && scale < 1e3, "row {row} has scale {scale}");
        }
    }
}
