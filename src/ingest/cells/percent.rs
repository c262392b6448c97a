//! Percent codes of addresses, as forms and CRMs leave them in tags.

use std::borrow::Cow;

/// Systems hand tags on to each other, and each may encode once more. More often than this nobody has seen.
const MOST_TIMES: usize = 3;

/// The text behind percent codes, however often it was encoded; as it stands where the codes make no text.
pub fn decoded(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MOST_TIMES {
        match once(&text) {
            Some(decoded) => text = Cow::Owned(decoded),
            None => break,
        }
    }
    text
}

/// The text with its codes read once; `None` when it has none, or they make no text.
fn once(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let (bytes, codes) = bytes_of(text);
    if codes == 0 {
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            without_cut_end(error.as_bytes()).or_else(|| of_windows_1251(error.as_bytes()))
        }
    }
}

/// The bytes that the text stands for, and how many codes were in it.
fn bytes_of(text: &str) -> (Vec<u8>, usize) {
    let source = text.as_bytes();
    let mut bytes = Vec::with_capacity(source.len());
    let (mut at, mut codes) = (0, 0);
    while at < source.len() {
        if let Some((decoded, length)) = code(&source[at..]) {
            let mut buffer = [0; 4];
            match decoded {
                Decoded::Byte(byte) => bytes.push(byte),
                Decoded::Letter(letter) => bytes.extend(letter.encode_utf8(&mut buffer).bytes()),
            }
            (at, codes) = (at + length, codes + 1);
            continue;
        }
        // Fields of a fixed length cut the last code in two.
        let is_cut_code = codes > 0 && source[at] == b'%' && at + 2 >= source.len();
        if is_cut_code {
            break;
        }
        bytes.push(source[at]);
        at += 1;
    }
    (bytes, codes)
}

/// What one code stands for.
enum Decoded {
    Byte(u8),
    Letter(char),
}

/// The code that the text begins with: `%D0`, or `%u043F` of JavaScript's `escape`; and its length.
fn code(text: &[u8]) -> Option<(Decoded, usize)> {
    let rest = text.strip_prefix(b"%")?;
    if let Some(digits) = rest.strip_prefix(b"u") {
        let letter = char::from_u32(hexadecimal(digits.get(..4)?)?)?;
        return Some((Decoded::Letter(letter), 6));
    }
    let byte = u8::try_from(hexadecimal(rest.get(..2)?)?).ok()?;
    Some((Decoded::Byte(byte), 3))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    digits
        .iter()
        .try_fold(0, |number, byte| Some(number * 16 + digit(byte)?))
}

/// UTF-8 whose last letter is not whole.
fn without_cut_end(bytes: &[u8]) -> Option<String> {
    let error = std::str::from_utf8(bytes).err()?;
    let is_cut = error.error_len().is_none();
    let whole = &bytes[..error.valid_up_to()];
    // A single byte that is no letter of UTF-8 says nothing: it may as well be the last one of another encoding.
    let text = std::str::from_utf8(whole).ok()?;
    (is_cut && !text.is_ascii()).then(|| text.to_owned())
}

/// Windows-1251, when all its letters are Cyrillic.
fn of_windows_1251(bytes: &[u8]) -> Option<String> {
    let is_letter = |byte: &u8| byte.is_ascii() || matches!(byte, 0xa8 | 0xb8 | 0xc0..);
    let text = encoding_rs::WINDOWS_1251
        .decode_without_bom_handling(bytes)
        .0;
    bytes.iter().all(is_letter).then(|| text.into_owned())
}
