//! All files of an export in one: a zip archive, the same bytes for the same files whatever the day.
//!
//! PKWARE: ".ZIP File Format Specification" (APPNOTE.TXT).

use std::io::Write;

use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter, time::UtcDateTime};

use super::File;

/// The first moment that an archive can name: 1980-01-01.
const NO_DATE: i64 = 315_532_800;

/// The files as an archive. Nothing can fail that is written to memory; `None` if it does.
pub fn zip(files: &[File]) -> Option<Vec<u8>> {
    let mut archive = ZipArchiveWriter::new(Vec::new());
    for it in files {
        let data = it.text.as_bytes();
        let compressed = miniz_oxide::deflate::compress_to_vec(data, 6);
        let runs = it.text.starts_with("#!");
        let (mut entry, _) = archive
            .new_file(it.name.as_str())
            .compression_method(CompressionMethod::DEFLATE)
            .last_modified(UtcDateTime::from_unix(NO_DATE))
            .unix_permissions(if runs { 0o755 } else { 0o644 })
            .start()
            .ok()?;
        entry.write_all(&compressed).ok()?;
        let size = u64::try_from(data.len()).ok()?;
        entry.finish(DataDescriptorOutput::new(crc32fast::hash(data), size)).ok()?;
    }
    archive.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<File> {
        [("deploy.sh", "#!/bin/sh\n"), ("日本.yml", ""), ("long.txt", &"ab\n".repeat(9000))]
            .map(|(name, text)| File { name: name.to_owned(), text: text.to_owned() })
            .into()
    }

    #[test]
    fn an_archive_holds_every_file_and_no_date() {
        let bytes = zip(&files()).unwrap();
        assert_eq!(bytes, zip(&files()).unwrap());
        let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
        let mut found = Vec::new();
        let mut entries = archive.entries();
        while let Some(it) = entries.next_entry().unwrap() {
            let entry = archive.get_entry(it.wayfinder()).unwrap();
            let text = miniz_oxide::inflate::decompress_to_vec(entry.data()).unwrap();
            let checked = entry.claim_verifier();
            assert_eq!(checked.crc, crc32fast::hash(&text));
            assert_eq!(checked.uncompressed_size, text.len() as u64);
            let time = it.last_modified();
            assert_eq!((time.year(), time.month(), time.day()), (1980, 1, 1));
            found.push(File {
                name: it.file_path().try_normalize().unwrap().as_ref().to_owned(),
                text: String::from_utf8(text).unwrap(),
            });
        }
        assert_eq!(found, files());
    }
}
