//! Which encoding a file is in, and its bytes as UTF-8.

use encoding_rs::{CoderResult, Encoding};

use super::letters::likeliest;

/// Byte-order mark first, then UTF-16 by its zero bytes, then UTF-8 when its characters are whole but for a broken few,
/// else that of the one-byte encodings in which it reads as Russian. Plain ASCII is all of them.
pub(super) fn encoding_of(raw: &[u8], whole: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(raw) {
        return encoding;
    }
    if let Some(encoding) = looks_like_utf16(raw) {
        return encoding;
    }
    if is_mostly_utf8(raw, whole) {
        encoding_rs::UTF_8
    } else {
        likeliest(raw)
    }
}

/// Whole characters beyond ASCII that there must be for each broken one. A judgement: text in windows-1251 read as UTF-8
/// has hardly any whole ones, and a UTF-8 file with a damaged cell or two has thousands.
const WHOLE_FOR_EACH_BROKEN: usize = 10;

fn is_mostly_utf8(raw: &[u8], whole: bool) -> bool {
    let mut characters = 0;
    let mut broken = 0;
    for chunk in raw.utf8_chunks() {
        let beyond_ascii = chunk.valid().chars().filter(|symbol| !symbol.is_ascii());
        characters += beyond_ascii.count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    // A character cut at the end of the head is not broken.
    let is_cut = !whole && std::str::from_utf8(raw).is_err_and(|error| error.error_len().is_none());
    broken -= usize::from(is_cut);
    broken * WHOLE_FOR_EACH_BROKEN <= characters
}

/// Bytes in which the zeros of UTF-16 are looked for: a header alone shows them.
const UTF16_SAMPLE: usize = 512;
/// Of so many bytes more than one must be zero for it to be UTF-16. A judgement: of Latin text every other byte is, of
/// Russian text only those of digits, delimiters and spaces.
const BYTES_FOR_EACH_ZERO: usize = 8;

/// UTF-16 without a byte-order mark, by the zero halves of its Latin characters.
pub(super) fn looks_like_utf16(raw: &[u8]) -> Option<&'static Encoding> {
    let sample = &raw[..raw.len().min(UTF16_SAMPLE)];
    let zeros_from = |first: usize| {
        let every_other = sample.iter().skip(first).step_by(2);
        every_other.filter(|byte| **byte == 0).count()
    };
    let even = zeros_from(0);
    let odd = zeros_from(1);
    let enough = sample.len() / BYTES_FOR_EACH_ZERO;
    if odd > enough && even == 0 {
        Some(encoding_rs::UTF_16LE)
    } else if even > enough && odd == 0 {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

/// Characters beyond ASCII that a line must have to be UTF-8 among lines of a one-byte encoding: there their bytes are rare signs
/// behind letters, and four such pairs in one line are no chance.
const CERTAIN_UTF8: usize = 4;

/// Counts the lines of a text in a one-byte encoding until one is in UTF-8: files that were glued together.
#[derive(Default)]
pub(super) struct Changes {
    lines: u32,
}

impl Changes {
    /// The first line of a block that is in UTF-8.
    pub(super) fn look(&mut self, encoding: &'static Encoding, block: &[u8]) -> Option<u32> {
        if !encoding.is_single_byte() {
            return None;
        }
        let before = self.lines;
        let ends = memchr::memchr_iter(b'\n', block).count();
        self.lines += u32::try_from(ends).unwrap_or(u32::MAX - before);
        // Letters of Russian begin with these two bytes in UTF-8.
        let _ = memchr::memchr2(0xD0, 0xD1, block)?;
        let lines = block.split(|byte| *byte == b'\n').zip(before + 1..);
        lines
            .filter(|(line, _)| is_certain_utf8(line))
            .map(|(_, number)| number)
            .next()
    }
}

fn is_certain_utf8(line: &[u8]) -> bool {
    let beyond_ascii = |text: &str| text.chars().filter(|symbol| !symbol.is_ascii()).count();
    !line.is_ascii()
        && std::str::from_utf8(line).is_ok_and(|text| beyond_ascii(text) >= CERTAIN_UTF8)
}

/// The byte-order mark of UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Bytes of UTF-8 that one byte of another encoding becomes at most.
const MOST_UTF8_BYTES: usize = 3;

/// Turns a stream of bytes into UTF-8, keeping characters that are cut between blocks.
pub(super) struct Transcoder {
    /// `None` for UTF-8: bytes pass as they are, and cells that are no UTF-8 become rejects with file and line.
    decoder: Option<encoding_rs::Decoder>,
    /// Whether nothing has been pushed yet: only there a byte-order mark can stand.
    at_start: bool,
}

impl Transcoder {
    pub(super) fn new(encoding: &'static Encoding) -> Self {
        let decoder =
            (encoding != encoding_rs::UTF_8).then(|| encoding.new_decoder_with_bom_removal());
        Self {
            decoder,
            at_start: true,
        }
    }

    /// Whether the next bytes are UTF-8 as they stand, so that they need no copy.
    pub(super) fn passes_as_it_is(&self) -> bool {
        self.decoder.is_none() && !self.at_start
    }

    /// Adds the next bytes to `into` as UTF-8; `last` when none follow.
    pub(super) fn push(&mut self, raw: &[u8], last: bool, into: &mut Vec<u8>) {
        let Some(decoder) = self.decoder.as_mut() else {
            let is_first = std::mem::take(&mut self.at_start);
            let text = raw.strip_prefix(BOM).filter(|_| is_first);
            into.extend_from_slice(text.unwrap_or(raw));
            return;
        };
        decode(decoder, raw, last, |text| {
            into.extend_from_slice(text.as_bytes())
        });
    }
}

/// Decodes the next bytes, as many times as the text takes.
pub(super) fn decode(
    decoder: &mut encoding_rs::Decoder,
    mut raw: &[u8],
    last: bool,
    mut each: impl FnMut(&str),
) {
    let room = decoder.max_utf8_buffer_length(raw.len());
    let mut text = String::with_capacity(room.unwrap_or(raw.len() * MOST_UTF8_BYTES));
    loop {
        text.clear();
        // What was replaced is not told: the characters in its place show where.
        let (outcome, read, _) = decoder.decode_to_string(raw, &mut text, last);
        each(&text);
        raw = &raw[read..];
        if outcome == CoderResult::InputEmpty {
            return;
        }
        // Half a pair that waited from the block before may need more room than the bytes of this one ask for.
        text.reserve(MOST_UTF8_BYTES * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_that_is_cut_between_blocks_stays_one_character() {
        let raw: Vec<u8> = "a😀я".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for cut in 0..=raw.len() {
            let mut transcoder = Transcoder::new(encoding_rs::UTF_16LE);
            let mut text = Vec::new();
            transcoder.push(&raw[..cut], false, &mut text);
            transcoder.push(&raw[cut..], true, &mut text);
            assert_eq!(String::from_utf8_lossy(&text), "a😀я", "cut at {cut}");
        }
    }

    #[test]
    fn a_line_in_utf8_among_others_of_windows_1251_is_told() {
        let (old, _, _) = encoding_rs::WINDOWS_1251.encode("Дата;Рёв «Рябь»\nЯндекс;№ 5\n");
        let mut changes = Changes::default();
        assert_eq!(changes.look(encoding_rs::WINDOWS_1251, &old), None);
        let new = "9;b\n10;Яндекс\n".as_bytes();
        assert_eq!(changes.look(encoding_rs::WINDOWS_1251, new), Some(4));
        assert_eq!(Changes::default().look(encoding_rs::UTF_8, new), None);
    }

    #[test]
    fn half_a_pair_at_the_end_is_marked() {
        let mut transcoder = Transcoder::new(encoding_rs::UTF_16LE);
        let mut text = Vec::new();
        transcoder.push(&[0x3D, 0xD8], false, &mut text);
        transcoder.push(&[], true, &mut text);
        assert_eq!(String::from_utf8_lossy(&text), "\u{fffd}");
    }
}
