//! How severe a line of a log says it is.

use std::collections::BTreeMap;

/// Bytes at the beginning of a line in which its level is looked for.
const LOOKED_AT: usize = 256;

/// Levels as loggers spell them, most severe first, and what they are counted as.
const LEVELS: [(&str, &str); 10] = [
    ("FATAL", "FATAL"),
    ("CRITICAL", "FATAL"),
    ("PANIC", "FATAL"),
    ("ERROR", "ERROR"),
    ("WARN", "WARN"),
    ("WARNING", "WARN"),
    ("INFO", "INFO"),
    ("NOTICE", "INFO"),
    ("DEBUG", "DEBUG"),
    ("TRACE", "TRACE"),
];

/// How many lines have which level; lines without one are not counted.
pub(crate) type Levels = BTreeMap<&'static str, u32>;

/// The level of a line: the first word of its beginning that is one.
pub(crate) fn of(message: &str) -> Option<&'static str> {
    let beginning = &message[..message.floor_char_boundary(LOOKED_AT)];
    beginning
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .find_map(|word| LEVELS.iter().find(|(spelled, _)| word.eq_ignore_ascii_case(spelled)).map(|(_, level)| *level))
}

/// The levels in words, most severe first: `2 ERROR, 5 INFO`; empty if there are none.
pub(crate) fn in_words(levels: &Levels) -> String {
    let mut known: Vec<_> = LEVELS.iter().map(|(_, level)| *level).collect();
    known.dedup();
    let counted = known.into_iter().filter_map(|level| levels.get(level).map(|count| format!("{count} {level}")));
    counted.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Levels, in_words, of};

    #[test]
    fn the_first_word_that_is_a_level_counts() {
        for (message, level) in [
            ("[ERROR] it broke", Some("ERROR")),
            (r#"{"time":"2026-01-01T00:00:00Z","level":"warning","text":"error"}"#, Some("WARN")),
            ("2026-01-01T00:00:00Z\tinfo\tno error", Some("INFO")),
            ("no errors at all", None),
            ("", None),
        ] {
            assert_eq!(of(message), level, "{message}");
        }
    }

    #[test]
    fn only_the_beginning_is_looked_at_wherever_characters_end() {
        assert_eq!(of(&format!("{} ERROR", "ä".repeat(200))), None);
    }

    #[test]
    fn levels_are_told_by_severity() {
        let levels = Levels::from([("INFO", 5), ("ERROR", 2), ("FATAL", 1)]);
        assert_eq!(in_words(&levels), "1 FATAL, 2 ERROR, 5 INFO");
        assert_eq!(in_words(&Levels::new()), "");
    }
}
