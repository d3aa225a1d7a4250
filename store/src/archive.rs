//! The archive's codec: a turn's parts as JSON, packed, behind one byte that says how.
//!
//! A new way of packing takes a new byte, so that no old blob is ever rewritten.

use domain::Part;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The JSON as it stands.
const PLAIN: u8 = 0;
/// The JSON, deflated.
const DEFLATED: u8 = 1;

/// Below this many bytes deflating saves nothing worth the time.
const SMALL: usize = 256;
/// miniz_oxide's fast setting: measured over transcripts it packs nearly as tight as the default, in
/// a third of the time.
const LEVEL: u8 = 2;
/// No turn unpacks to more: a damaged blob must not eat the machine.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Packs the parts of a turn.
pub(crate) fn pack(parts: &[Part]) -> Vec<u8> {
    let json =
        serde_json::to_vec(parts).expect("parts are plain text and words, which JSON can hold");
    if json.len() >= SMALL {
        let packed = compress_to_vec(&json, LEVEL);
        if packed.len() < json.len() {
            return behind(DEFLATED, &packed);
        }
    }
    behind(PLAIN, &json)
}

fn behind(codec: u8, bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(bytes.len() + 1);
    body.push(codec);
    body.extend_from_slice(bytes);
    body
}

/// Unpacks what `pack` made, or says what is wrong with it.
pub(crate) fn unpack(body: &[u8]) -> Result<Vec<Part>, String> {
    let (codec, rest) = body.split_first().ok_or("the body is empty")?;
    let parts = match *codec {
        PLAIN => serde_json::from_slice(rest),
        DEFLATED => {
            let json = decompress_to_vec_with_limit(rest, MOST_BYTES)
                .map_err(|error| format!("the body does not unpack: {error}"))?;
            serde_json::from_slice(&json)
        }
        other => return Err(format!("codec {other} is not known")),
    };
    parts.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{PartKind, Speaker};

    fn said(text: &str) -> Vec<Part> {
        vec![Part {
            speaker: Speaker::User,
            kind: PartKind::Said,
            text: text.to_owned(),
        }]
    }

    #[test]
    fn what_is_packed_comes_back() {
        for text in ["", "short", &"long and repeated, ".repeat(500)] {
            assert_eq!(unpack(&pack(&said(text))), Ok(said(text)));
        }
    }

    #[test]
    fn long_words_are_deflated_and_short_ones_stand_as_they_are() {
        assert_eq!(pack(&said("short"))[0], PLAIN);
        let long = pack(&said(&"again and ".repeat(500)));
        assert_eq!(long[0], DEFLATED);
        assert!(long.len() < 500);
    }

    #[test]
    fn a_damaged_body_is_an_error_and_no_panic() {
        let mut body = pack(&said(&"again and ".repeat(500)));
        body.truncate(20);
        assert!(unpack(&body).is_err());
        assert!(unpack(&[]).is_err());
        assert!(unpack(&[9, 1, 2]).is_err());
    }
}
