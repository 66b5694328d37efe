use penstock_protocol::manifest::MAX_NAME_LENGTH;

/// Rust's keywords, those it only reserves too (The Rust Reference, section 2.2, edition 2024).
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Crates that come with Rust.
const BUILT_IN: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];

/// Folders Cargo has beside the binaries it builds.
const ARTIFACTS: [&str; 4] = ["build", "deps", "examples", "incremental"];

/// The name of a tool that is to be made, as it can be a folder, a package and a type as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name(String);

/// Why a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NameError {
    #[error("a tool needs a name, such as get_weather")]
    Empty,
    #[error("the name has {0} characters; {MAX_NAME_LENGTH} are the most that every client takes")]
    Long(usize),
    #[error("the name holds {0:?}; use a-z, 0-9, _ and -")]
    Character(char),
    #[error("the name begins with {0:?}; begin with a letter")]
    Start(char),
    #[error("the name ends with {0:?}, or holds _ or - twice in a row; put one between words")]
    Separator(char),
    #[error("{0} is a keyword of Rust; choose another name, or another --lang")]
    Keyword(String),
    #[error("{0} is a crate that comes with Rust; choose another name, or another --lang")]
    BuiltIn(String),
    #[error("{0} is a folder that Cargo builds in; choose another name, or another --lang")]
    Artifact(String),
}

impl Name {
    /// Checks what holds for every language.
    pub(super) fn parse(name: &str) -> Result<Self, NameError> {
        let length = name.chars().count();
        if length > MAX_NAME_LENGTH {
            return Err(NameError::Long(length));
        }
        let is_known = |character: &char| character.is_ascii_lowercase() || character.is_ascii_digit();
        if let Some(other) = name.chars().find(|character| !is_known(character) && !is_separator(*character)) {
            return Err(NameError::Character(other));
        }
        let first = name.chars().next().ok_or(NameError::Empty)?;
        if !first.is_ascii_lowercase() {
            return Err(NameError::Start(first));
        }
        let mut pairs = name.chars().zip(name.chars().skip(1).chain(['-']));
        match pairs.find(|(one, next)| is_separator(*one) && is_separator(*next)) {
            Some((separator, _)) => Err(NameError::Separator(separator)),
            None => Ok(Self(name.to_owned())),
        }
    }

    /// Checks what holds for a Rust package and module besides.
    pub(super) fn check_rust(&self) -> Result<(), NameError> {
        let module = self.module();
        let is_one_of = |names: &[&str]| names.contains(&module.as_str());
        match () {
            () if is_one_of(&KEYWORDS) => Err(NameError::Keyword(module)),
            () if is_one_of(&BUILT_IN) => Err(NameError::BuiltIn(module)),
            () if is_one_of(&ARTIFACTS) => Err(NameError::Artifact(module)),
            () => Ok(()),
        }
    }

    /// As the tool is called.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// `get_weather`: a Rust module.
    pub(super) fn module(&self) -> String {
        self.0.replace('-', "_")
    }

    /// `get-weather`: a Rust package.
    pub(super) fn package(&self) -> String {
        self.0.replace('_', "-")
    }

    /// `GetWeather`: a Rust type.
    pub(super) fn type_name(&self) -> String {
        let word = |word: &str| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        };
        self.0.split(is_separator).map(word).collect()
    }
}

fn is_separator(character: char) -> bool {
    matches!(character, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::{Name, NameError};

    #[test]
    fn a_name_is_spelled_as_each_place_wants_it() {
        let name = Name::parse("get_weather-2day").expect("a good name");
        assert_eq!(name.as_str(), "get_weather-2day");
        assert_eq!((name.module(), name.package()), ("get_weather_2day".to_owned(), "get-weather-2day".to_owned()));
        assert_eq!(name.type_name(), "GetWeather2day");
    }

    #[test]
    fn a_bad_name_is_refused_with_the_reason() {
        for (name, reason) in [
            ("", NameError::Empty),
            (&"a".repeat(65), NameError::Long(65)),
            ("getWeather", NameError::Character('W')),
            ("a.b", NameError::Character('.')),
            ("../a", NameError::Character('.')),
            ("grüße", NameError::Character('ü')),
            ("2day", NameError::Start('2')),
            ("-a", NameError::Start('-')),
            ("a_", NameError::Separator('_')),
            ("a_-b", NameError::Separator('_')),
        ] {
            assert_eq!(Name::parse(name), Err(reason), "{name}");
        }
        assert!(Name::parse(&"a".repeat(64)).is_ok());
    }

    #[test]
    fn what_rust_keeps_for_itself_is_refused_for_rust_alone() {
        for (name, reason) in [
            ("match", NameError::Keyword("match".to_owned())),
            ("proc-macro", NameError::BuiltIn("proc_macro".to_owned())),
            ("deps", NameError::Artifact("deps".to_owned())),
        ] {
            assert_eq!(Name::parse(name).map(|name| name.check_rust()), Ok(Err(reason)));
        }
        assert_eq!(Name::parse("matches").expect("a good name").check_rust(), Ok(()));
    }
}
