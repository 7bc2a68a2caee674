//! Which structure a content has, by what it is called.

/// A structure that we can compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Json,
    /// One JSON value after the other.
    JsonLines,
    Yaml,
    Toml,
    /// Records; the first step of every path is `columns` or `rows`.
    Csv,
    /// As [`Format::Csv`].
    Tsv,
}

impl Format {
    /// By how the file's name ends, and where that says nothing, by the media type: programs that read a file go by
    /// its name, and whoever proposes it may call it anything.
    #[must_use]
    pub fn of(media_type: &str, name: &[u8]) -> Option<Format> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Self::of_name(&name.to_ascii_lowercase()).or_else(|| Self::of_media_type(&essence))
    }

    fn of_media_type(essence: &str) -> Option<Format> {
        match essence {
            "application/json" | "text/json" => Some(Format::Json),
            "application/jsonl" | "application/x-ndjson" | "application/x-jsonlines" => {
                Some(Format::JsonLines)
            }
            "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Some(Format::Yaml),
            "application/toml" | "text/toml" => Some(Format::Toml),
            "text/csv" => Some(Format::Csv),
            "text/tab-separated-values" => Some(Format::Tsv),
            _ if essence.ends_with("+json") => Some(Format::Json),
            _ if essence.ends_with("+yaml") => Some(Format::Yaml),
            _ => None,
        }
    }

    fn of_name(name: &[u8]) -> Option<Format> {
        let file = name.rsplit(|byte| *byte == b'/').next()?;
        if matches!(file, b"cargo.lock" | b"poetry.lock" | b"uv.lock" | b"pipfile") {
            return Some(Format::Toml);
        }
        let dot = file.iter().rposition(|byte| *byte == b'.')?;
        match &file[dot + 1..] {
            b"json" | b"geojson" | b"webmanifest" | b"ipynb" => Some(Format::Json),
            b"jsonl" | b"ndjson" => Some(Format::JsonLines),
            b"yaml" | b"yml" => Some(Format::Yaml),
            b"toml" => Some(Format::Toml),
            b"csv" => Some(Format::Csv),
            b"tsv" => Some(Format::Tsv),
            _ => None,
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "JSON",
            Format::JsonLines => "JSON lines",
            Format::Yaml => "YAML",
            Format::Toml => "TOML",
            Format::Csv => "CSV",
            Format::Tsv => "TSV",
        }
    }
}
