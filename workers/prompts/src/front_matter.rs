//! What a template's file says about itself, above its text.
//!
//! ```yaml
//! ---
//! title: Review code
//! description: Looks for mistakes in a piece of code.
//! arguments:
//!   - name: code
//!     description: What to review.
//!   - name: language
//!     required: false
//!     values: [Go, Python, Rust]
//! ---
//! ```

use serde::Deserialize;

/// The line that begins it, and the one that ends it.
const FENCE: &str = "---";

/// The front matter of a file; all of it may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrontMatter {
    /// What people call the prompt.
    #[serde(default)]
    pub(crate) title: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub(crate) description: Option<String>,
    /// What is to be said of its placeholders, in the order people are asked for them.
    #[serde(default)]
    pub(crate) arguments: Vec<Argument>,
}

/// What is said of one placeholder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Argument {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default = "yes")]
    pub(crate) required: bool,
    /// The only values it takes, if they are few; they are offered for completion.
    #[serde(default)]
    pub(crate) values: Vec<String>,
}

impl Argument {
    /// A placeholder nothing is said about.
    pub(crate) fn undescribed(name: String) -> Self {
        Self { name, description: None, required: true, values: Vec::new() }
    }
}

fn yes() -> bool {
    true
}

/// Takes a file apart: its front matter, and its text.
///
/// # Errors
/// If the front matter does not end, or is not what it should be; says what is wrong with it.
pub(crate) fn split(file: &str) -> Result<(FrontMatter, &str), String> {
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    let Some((first, rest)) = file.split_once('\n').filter(|(first, _)| first.trim_end() == FENCE) else {
        return Ok((FrontMatter::default(), file));
    };
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            let yaml = &rest[..end];
            // An empty document is null, and says as much as none.
            let read = if yaml.trim().is_empty() { Ok(FrontMatter::default()) } else { serde_saphyr::from_str(yaml) };
            let front_matter = read.map_err(|error| format!("front matter: {error}"))?;
            return Ok((front_matter, &rest[end + line.len()..]));
        }
        end += line.len();
    }
    Err(format!("front matter: no line ends it; write {} below it", first.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_file_without_front_matter_is_all_text() {
        for file in ["Hello", "", "--- dashes\n---\n", "a\n---\nb\n---\n"] {
            let (front_matter, text) = split(file).expect("sound");
            assert!(front_matter.title.is_none() && front_matter.arguments.is_empty());
            assert_eq!(text, file);
        }
    }

    #[test]
    fn front_matter_is_read_and_taken_off() {
        let file = "---\r\ntitle: Greet\narguments:\n  - name: who\n    values: [you, 'yes']\n---\nHello\n---\n";
        let (front_matter, text) = split(file).expect("sound");
        assert_eq!(text, "Hello\n---\n");
        assert_eq!(front_matter.title.as_deref(), Some("Greet"));
        let [who] = front_matter.arguments.as_slice() else { panic!("one argument") };
        assert_eq!((&*who.name, who.required, who.values.as_slice()), ("who", true, &["you".into(), "yes".into()][..]));
        assert_eq!(split("---\n---\nx").expect("sound").1, "x");
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(split("---\ntitle: x\n").is_err_and(|error| error.contains("no line ends it")));
        for yaml in ["titel: x", "arguments: 7", "arguments: [{name: a, required: maybe}]", "- a"] {
            let error = split(&format!("---\n{yaml}\n---\n")).expect_err(yaml);
            assert!(error.starts_with("front matter: "), "{error}");
        }
    }
}
