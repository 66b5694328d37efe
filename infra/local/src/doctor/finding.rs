use serde::Serialize;

/// Characters of foreign text that are repeated: enough to recognise it.
const MAX_QUOTE: usize = 120;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works, but not for everyone or not for long.
    Warning,
    /// Some client fails, or someone gets in who should not.
    Wrong,
    /// Not looked at; the text says why.
    Skipped,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check, as `area.name`; does not change between versions.
    pub check: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was found and what it means.
    pub text: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, level: Level::Ok, text: text.into(), mend: None }
    }

    pub(super) fn skipped(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, level: Level::Skipped, text: text.into(), mend: None }
    }

    pub(super) fn warning(check: &'static str, text: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, level: Level::Warning, text: text.into(), mend: Some(mend.into()) }
    }

    pub(super) fn wrong(check: &'static str, text: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, level: Level::Wrong, text: text.into(), mend: Some(mend.into()) }
    }
}

/// `1 event`, `2 events`.
pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Foreign text, fit for a terminal: short, quoted, and without control characters, which could move the cursor.
pub(crate) fn quote(text: &str) -> String {
    let mut short: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_QUOTE).collect();
    if text.chars().nth(MAX_QUOTE).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn foreign_text_can_neither_move_the_cursor_nor_fill_the_screen() {
        assert_eq!(quote("a\x1b[2Jb\n"), "“a [2Jb ”");
        assert_eq!(quote(&"x".repeat(1000)).chars().count(), 123);
    }
}
