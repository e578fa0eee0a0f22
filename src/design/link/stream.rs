//! Raw DEFLATE whose window is filled with a dictionary before the first byte.
//!
//! `miniz_oxide` has no call for this. Packing, the dictionary goes through the same compressor first and
//! what comes of it is dropped at a flush; unpacking, it stands in the output buffer in front of the text.

use miniz_oxide::{
    deflate::core::{
        CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output,
        create_comp_flags_from_zip_params,
    },
    inflate::{
        TINFLStatus,
        core::{
            DecompressorOxide, decompress, inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        },
    },
};

/// Why a stream is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It inflates to more than is allowed.
    TooLong,
    Broken,
}

/// The text as a stream that goes on from the dictionary.
pub(super) fn deflate(dictionary: &[u8], text: &[u8]) -> Vec<u8> {
    // The strongest level, no header.
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(10, 0, 0));
    let mut out = Vec::new();
    if !dictionary.is_empty() {
        compress_to_output(&mut compressor, dictionary, TDEFLFlush::Sync, |_| true);
    }
    let mut rest = text;
    loop {
        let (status, read) =
            compress_to_output(&mut compressor, rest, TDEFLFlush::Finish, |packed| {
                out.extend_from_slice(packed);
                true
            });
        rest = rest.get(read..).unwrap_or_default();
        if status != TDEFLStatus::Okay {
            return out;
        }
    }
}

/// The text of a stream that goes on from the dictionary: at most `limit` bytes.
pub(super) fn inflate(dictionary: &[u8], stream: &[u8], limit: usize) -> Result<Vec<u8>, Refused> {
    let most = dictionary.len() + limit;
    let mut out = dictionary.to_vec();
    let mut written = out.len();
    let mut rest = stream;
    let mut state = DecompressorOxide::new();
    loop {
        // Grows with what comes, so that a short stream never takes much memory.
        let room = (written + rest.len().saturating_mul(4).max(4096)).min(most);
        out.resize(room, 0);
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, more) = decompress(&mut state, rest, &mut out, written, flags);
        written += more;
        rest = rest.get(read..).unwrap_or_default();
        match status {
            TINFLStatus::Done if rest.is_empty() => {
                out.truncate(written);
                return Ok(out.split_off(dictionary.len()));
            }
            TINFLStatus::HasMoreOutput if written < most => {}
            TINFLStatus::HasMoreOutput => return Err(Refused::TooLong),
            _ => return Err(Refused::Broken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DICTIONARY: &[u8] = b"\"publicNetworkAccess\":\"Disabled\"";

    #[test]
    fn a_stream_comes_back_whatever_its_length() {
        for length in [0, 1, 33, 4_000, 40_000, 300_000] {
            let text: Vec<u8> =
                (0..length).map(|it: u32| (it.wrapping_mul(it) % 251) as u8).collect();
            for dictionary in [DICTIONARY, b""] {
                let stream = deflate(dictionary, &text);
                assert_eq!(inflate(dictionary, &stream, 300_000), Ok(text.clone()), "{length}");
            }
        }
    }

    #[test]
    fn what_the_dictionary_holds_costs_little() {
        assert!(deflate(DICTIONARY, DICTIONARY).len() < 8);
        assert!(deflate(b"", DICTIONARY).len() > 30);
    }

    #[test]
    fn a_stream_that_swells_stops_at_the_limit() {
        let stream = deflate(b"", &vec![b'a'; 1 << 20]);
        assert_eq!(inflate(b"", &stream, (1 << 20) - 1), Err(Refused::TooLong));
    }

    #[test]
    fn a_stream_without_its_end_or_with_more_is_broken() {
        let stream = deflate(DICTIONARY, b"some text");
        assert_eq!(inflate(DICTIONARY, &stream[..stream.len() - 1], 99), Err(Refused::Broken));
        assert_eq!(inflate(DICTIONARY, &[&stream[..], b"x"].concat(), 99), Err(Refused::Broken));
        // Bytes of a dictionary that is not there.
        let alone = deflate(DICTIONARY, DICTIONARY);
        assert_eq!(inflate(b"", &alone, 99), Err(Refused::Broken));
    }
}
