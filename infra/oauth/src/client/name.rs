//! Names that clients give themselves.

/// Longest name shown, in characters.
const MAX_NAME: usize = 64;

/// What a client without a name is called.
const NAMELESS: &str = "An application without a name";

/// A name as a person can read it: one line, bounded, without characters that hide or reorder others.
pub(crate) fn clean(name: Option<&str>) -> String {
    let visible: String =
        name.unwrap_or_default().chars().filter(|letter| !is_deceptive(*letter)).take(MAX_NAME).collect();
    let words: Vec<_> = visible.split_whitespace().collect();
    if words.is_empty() { NAMELESS.to_owned() } else { words.join(" ") }
}

/// Controls, and the invisible and direction-changing characters of Unicode (UTS 55, section 3).
fn is_deceptive(letter: char) -> bool {
    let invisible = matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    invisible || (letter.is_control() && !letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_name_is_one_bounded_line_that_reads_as_it_is_written() {
        assert_eq!(clean(Some("  An\n\teditor \u{202e}rotide ")), "An editor rotide");
        assert_eq!(clean(Some(&"x".repeat(1000))).len(), 64);
        assert_eq!(clean(Some("\u{200b}\u{0}")), clean(None));
        assert_eq!(clean(Some("<b>&")), "<b>&", "pages escape");
    }
}
