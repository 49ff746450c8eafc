//! Prints the reference: a configuration file with every key, its default and what it does.

use std::fmt::Write as _;

use super::{SECTIONS, keys::Preset};

const INTRODUCTION: &str = "\
# Every key of Vermilion's configuration, with its default. Printed by `vermilion config`.
#
# Name a file by --config or VERMILION_CONFIG. A variable overrides a key: VERMILION_SERVER__LISTEN sets server.listen,
# VERMILION_SERVER__LIMITS__TEXT_BYTES sets server.limits.text_bytes; lists are divided by commas. Unknown keys are
# refused, in the file and in the environment. Durations are whole numbers with ms, s, m or h.
";

/// The commented TOML; it parses to the defaults.
#[must_use]
pub fn render() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (section, about, keys) in SECTIONS {
        let _ = write!(page, "\n# {about}\n[{section}]\n");
        for key in *keys {
            for line in key.about.lines() {
                let _ = writeln!(page, "# {line}");
            }
            let _ = match key.value {
                Preset::Default(literal) => writeln!(page, "{} = {literal}", key.name),
                Preset::Example(literal) => writeln!(page, "# {} = {literal}", key.name),
            };
        }
    }
    page
}
