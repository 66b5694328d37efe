//! The files of a new tool, as they stand in `templates/new/`, with its name in place of theirs.

use super::Language;
use super::name::Name;

/// A file of a new tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// Its place in the tool's folder.
    pub(super) path: String,
    pub(super) text: String,
    pub(super) is_executable: bool,
}

/// The templates of one language: path and text.
type Templates = &'static [(&'static str, &'static str)];

macro_rules! templates {
    ($language:literal: $($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../templates/new/", $language, "/", $path)))),+]
    };
}

const RUST: Templates = templates!("rust": "src/main.rs", "src/tool_module/mod.rs", "src/tool_module/tool.json", "src/tool_module/iam.json");
const NODE: Templates =
    templates!("node": "bootstrap", "runtime.mjs", "index.mjs", "index.test.mjs", "tool.json", "iam.json");
const PYTHON: Templates = templates!("python": "bootstrap", "app.py", "test_app.py", "tool.json", "iam.json");

/// The files of a tool called `name`. A Rust package needs a `Cargo.toml` besides.
pub(super) fn files(language: Language, name: &Name) -> Vec<File> {
    let templates = match language {
        Language::Rust => RUST,
        Language::Node => NODE,
        Language::Python => PYTHON,
    };
    let type_name = type_name(name, templates);
    let filled_in = |text: &str| {
        let text = text.replace("tool_name", name.as_str()).replace("tool_module", &name.module());
        text.replace("ToolName", &type_name)
    };
    let file = |(path, text): &(&str, &str)| File {
        path: filled_in(path),
        text: filled_in(text),
        is_executable: *path == "bootstrap",
    };
    templates.iter().map(file).collect()
}

/// A type name that means nothing else in the templates: for a tool `call`, there is a `Call` already.
fn type_name(name: &Name, templates: Templates) -> String {
    let own = name.type_name();
    let is_in = |text: &str| text.split(|character: char| !character.is_ascii_alphanumeric()).any(|word| word == own);
    if templates.iter().any(|(_, text)| is_in(text)) { format!("{own}Tool") } else { own }
}

#[cfg(test)]
mod tests {
    use super::super::Language;
    use super::super::name::Name;
    use super::files;

    #[test]
    fn no_file_of_any_language_keeps_a_name_of_its_template() {
        let name = Name::parse("get-weather").expect("a good name");
        for language in [Language::Rust, Language::Node, Language::Python] {
            for file in files(language, &name) {
                for left in ["tool_name", "tool_module", "ToolName"] {
                    assert!(!file.path.contains(left) && !file.text.contains(left), "{left} is in {}", file.path);
                }
            }
        }
    }

    #[test]
    fn a_type_that_is_there_already_is_not_defined_again() {
        let text = |name: &str| files(Language::Rust, &Name::parse(name).expect("a good name"))[1].text.clone();
        assert!(text("call").contains("pub(crate) struct CallTool;"));
        assert!(text("caller").contains("pub(crate) struct Caller;"));
    }
}
