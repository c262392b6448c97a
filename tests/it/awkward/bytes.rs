//! Bytes as programs write them: encoded, packed, locked, cut.

use std::io::Write;

/// The text in UTF-16 with its mark.
pub fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect()
}

/// The bytes as a zstd archive.
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("memory can be written")
}

/// The text in windows-1251.
pub fn cp1251(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

/// The bytes as a gzip archive.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// A zip archive of these members.
pub fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a member begins");
        archive.write_all(bytes).expect("memory can be written");
    }
    archive.finish().expect("the archive ends").into_inner()
}

/// A zip archive that asks for a password: the first bit of both flags of its only member.
pub fn locked(mut archive: Vec<u8>) -> Vec<u8> {
    let central =
        memchr::memmem::find(&archive, b"PK\x01\x02").expect("an archive has a directory");
    for flags in [6, central + 8] {
        archive[flags] |= 1;
    }
    archive
}

/// What a spreadsheet program makes of a book with a password: an old container with a stream of this name.
pub fn locked_book() -> Vec<u8> {
    let name = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
    let mut book = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    book.resize(1024, 0);
    book.extend(name);
    book
}

/// The beginning of a tar archive.
pub fn tar() -> Vec<u8> {
    let mut archive = b"forms.csv".to_vec();
    archive.resize(257, 0);
    archive.extend(b"ustar\x0000");
    archive.resize(1024, 0);
    archive
}

/// The first two thirds, as of a download that broke off.
pub fn cut(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() * 2 / 3);
    bytes
}
