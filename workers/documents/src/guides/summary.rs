//! What a guide says of itself, at its beginning.

/// The most characters of a description: a list is for choosing, not for reading.
const MAX_DESCRIPTION: usize = 200;

/// What a list shows of a guide.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Its first heading.
    pub(crate) title: Option<String>,
    /// Its first paragraph, on one line.
    pub(crate) description: Option<String>,
}

impl Summary {
    /// Reads the beginning of a guide in Markdown.
    pub(crate) fn of(beginning: &str) -> Self {
        let mut summary = Self::default();
        let mut paragraph: Vec<&str> = Vec::new();
        for line in beginning.trim_start_matches('\u{feff}').lines().map(str::trim) {
            if !line.is_empty() && !line.starts_with('#') {
                paragraph.push(line);
            } else if !paragraph.is_empty() {
                break;
            } else if !line.is_empty() && summary.title.is_none() {
                summary.title = Some(line.trim_start_matches('#').trim().to_owned());
            }
        }
        if !paragraph.is_empty() {
            summary.description = Some(shortened(&paragraph.join(" ")));
        }
        summary
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_DESCRIPTION) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Summary;

    fn summary(text: &str) -> (Option<String>, Option<String>) {
        let Summary { title, description } = Summary::of(text);
        (title, description)
    }

    #[test]
    fn the_first_heading_and_the_first_paragraph_are_shown() {
        let text = "# Adding a tool\n\nA tool is a folder\nwith a manifest.\n\n## Then\n\nMore.";
        assert_eq!(summary(text), (Some("Adding a tool".into()), Some("A tool is a folder with a manifest.".into())));
        assert_eq!(summary("Just text."), (None, Some("Just text.".into())));
        assert_eq!(summary("# Only a title\n"), (Some("Only a title".into()), None));
        assert_eq!(summary(""), (None, None));
    }

    #[test]
    fn a_long_paragraph_is_cut() {
        let (_, description) = summary(&"ä".repeat(500));
        assert_eq!(description.map(|text| (text.chars().count(), text.ends_with('…'))), Some((201, true)));
    }
}
