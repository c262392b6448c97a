//! Which encoding a file is in, and its bytes as UTF-8.

use encoding_rs::Encoding;

/// Byte-order mark first, then UTF-16 by its zero bytes, then UTF-8 when its characters are whole but for a broken few,
/// else windows-1251: the one single-byte encoding that Russian systems still write. Plain ASCII is all of them.
pub(super) fn encoding_of(raw: &[u8], whole: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(raw) {
        return encoding;
    }
    if let Some(encoding) = looks_like_utf16(raw) {
        return encoding;
    }
    let (mut letters, mut broken) = (0, 0);
    for chunk in raw.utf8_chunks() {
        letters += chunk
            .valid()
            .chars()
            .filter(|symbol| !symbol.is_ascii())
            .count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    // A character cut at the end of the head is not broken.
    let cut = !whole && std::str::from_utf8(raw).is_err_and(|error| error.error_len().is_none());
    let broken = broken - usize::from(cut);
    if broken * 10 <= letters {
        encoding_rs::UTF_8
    } else {
        encoding_rs::WINDOWS_1251
    }
}

pub(super) fn looks_like_utf16(raw: &[u8]) -> Option<&'static Encoding> {
    let sample = &raw[..raw.len().min(512)];
    let zeros = |parity: usize| {
        sample
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let enough = sample.len() / 8;
    match () {
        () if odd > enough && even == 0 => Some(encoding_rs::UTF_16LE),
        () if even > enough && odd == 0 => Some(encoding_rs::UTF_16BE),
        () => None,
    }
}

/// Turns a stream of bytes into UTF-8, keeping characters that are cut between blocks.
pub(super) struct Transcoder {
    /// `None` for UTF-8: bytes pass as they are, and cells that are no UTF-8 become rejects with file and line.
    pub(super) decoder: Option<encoding_rs::Decoder>,
    pub(super) at_start: bool,
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

    pub(super) fn push(&mut self, raw: &[u8], last: bool, into: &mut Vec<u8>) {
        let Some(decoder) = self.decoder.as_mut() else {
            let bom = std::mem::take(&mut self.at_start) && raw.starts_with(b"\xEF\xBB\xBF");
            into.extend_from_slice(if bom { &raw[3..] } else { raw });
            return;
        };
        let mut text = String::with_capacity(
            decoder
                .max_utf8_buffer_length(raw.len())
                .unwrap_or(raw.len() * 3),
        );
        let _ = decoder.decode_to_string(raw, &mut text, last);
        into.extend_from_slice(text.as_bytes());
    }
}
