//! What a file's name says of its content.

/// A media type, and whether what has it is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Media {
    pub(crate) mime_type: &'static str,
    pub(crate) is_text: bool,
}

/// Endings of names, in lower case, of text and of other files. What has no ending is text: `README`, `LICENSE`.
const TEXTS: [(&str, &str); 19] = [
    ("", "text/plain"),
    ("txt", "text/plain"),
    ("log", "text/plain"),
    ("md", "text/markdown"),
    ("markdown", "text/markdown"),
    ("csv", "text/csv"),
    ("tsv", "text/tab-separated-values"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("jsonl", "application/jsonl"),
    ("ndjson", "application/x-ndjson"),
    ("xml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("toml", "application/toml"),
    ("svg", "image/svg+xml"),
];
const OTHERS: [(&str, &str); 14] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("gz", "application/gzip"),
    ("parquet", "application/vnd.apache.parquet"),
    ("wasm", "application/wasm"),
];

/// The media type of the file `name`; bytes of no known kind if its ending is unknown.
pub(crate) fn of(name: &str) -> Media {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let find = |known: &[(&str, &'static str)]| known.iter().find(|(known, _)| *known == ending).map(|known| known.1);
    match (find(&TEXTS), find(&OTHERS)) {
        (Some(mime_type), _) => Media { mime_type, is_text: true },
        (None, other) => Media { mime_type: other.unwrap_or("application/octet-stream"), is_text: false },
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_ending_of_the_last_part_counts_in_any_case() {
        for (name, mime_type, is_text) in [
            ("a/b.MD", "text/markdown", true),
            ("a.md/LICENSE", "text/plain", true),
            ("archive.tar.gz", "application/gzip", false),
            ("picture.Png", "image/png", false),
            ("model.bin", "application/octet-stream", false),
        ] {
            let media = of(name);
            assert_eq!((media.mime_type, media.is_text), (mime_type, is_text), "{name}");
        }
    }
}
