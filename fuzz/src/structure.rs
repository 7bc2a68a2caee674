//! Two documents of each format, or what pretends to be one.

use countersign_structure::Format;

use crate::sides;
use crate::sound;

pub(crate) fn run(input: &[u8]) {
    let (before, after) = sides(input);
    for format in [Format::Json, Format::JsonLines, Format::Yaml, Format::Toml, Format::Csv, Format::Tsv] {
        sound::run(format, before, after);
    }
}
