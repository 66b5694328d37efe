//! The `Cargo.toml` of a new Rust worker: what its workspace says of all packages is not said again.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use toml::{Table, Value};

use super::name::Name;

/// The kit's package.
const KIT: &str = "penstock-kit";

/// What a worker needs besides the kit: name, section, version, features.
const DEPENDENCIES: [(&str, Section, &str, &[&str]); 4] = [
    ("schemars", Section::Normal, "1.2", &[]),
    ("serde", Section::Normal, "1", &["derive"]),
    ("serde_json", Section::Dev, "1", &[]),
    ("tokio", Section::Dev, "1", &["macros", "rt"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Normal,
    Dev,
}

/// A workspace a package is to be added to.
#[derive(Debug)]
pub(super) struct Workspace {
    manifest: Table,
    /// Names of all packages that are built in it, dependencies included.
    locked: Vec<String>,
}

impl Workspace {
    /// Reads the workspace at `root`.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let manifest = root.join("Cargo.toml");
        let unreadable = || format!("{} cannot be read", manifest.display());
        let text = std::fs::read_to_string(&manifest).with_context(unreadable)?;
        let table = text.parse().with_context(unreadable)?;
        // A workspace that was never built has none.
        let lock = std::fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
        let name = |line: &str| Some(line.strip_prefix("name = \"")?.strip_suffix('"')?.to_owned());
        Ok(Self { manifest: table, locked: lock.lines().filter_map(name).collect() })
    }

    /// Whether a package of this name takes part in its builds: a second one would make the name ambiguous.
    pub(super) fn has(&self, package: &str) -> bool {
        self.locked.iter().any(|other| other == package) || DEPENDENCIES.iter().any(|(name, ..)| *name == package)
    }

    fn section(&self, name: &str) -> Option<&Table> {
        self.manifest.get("workspace")?.get(name)?.as_table()
    }

    /// The `Cargo.toml` of the package of `name`, and whether the kit's place has to be filled in.
    pub(super) fn package(&self, name: &Name) -> Result<(String, bool), std::fmt::Error> {
        let mut text = String::new();
        writeln!(text, "[package]\nname = \"{}\"\ndescription = \"The tool {}\"", name.package(), name.as_str())?;
        let shared = self.section("package");
        let own = [("version", "\"0.1.0\""), ("edition", "\"2024\""), ("publish", "false")];
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            if shared.is_some_and(|shared| shared.contains_key(key)) {
                writeln!(text, "{key}.workspace = true")?;
            } else if let Some((_, value)) = own.iter().find(|(own, _)| *own == key) {
                writeln!(text, "{key} = {value}")?;
            }
        }
        writeln!(text, "\n[dependencies]")?;
        let has_kit = self.kit(&mut text)?;
        self.dependencies(Section::Normal, &mut text)?;
        writeln!(text, "\n[dev-dependencies]")?;
        self.dependencies(Section::Dev, &mut text)?;
        if self.section("lints").is_some() {
            writeln!(text, "\n[lints]\nworkspace = true")?;
        }
        Ok((text, !has_kit))
    }

    /// Says where the kit is, as far as that is known.
    fn kit(&self, text: &mut String) -> Result<bool, std::fmt::Error> {
        writeln!(text, "# Its feature \"cancellation\" stops calls that nobody waits for, and brings the AWS SDK.")?;
        let is_shared = self.section("dependencies").is_some_and(|shared| shared.contains_key(KIT));
        if is_shared {
            writeln!(text, "{KIT}.workspace = true")?;
        } else {
            writeln!(text, "# Put the place of Penstock here, or name the kit in [workspace.dependencies].")?;
            writeln!(text, "{KIT} = {{ git = \"https://git.example.com/penstock.git\", tag = \"v0.1.0\" }}")?;
        }
        Ok(is_shared)
    }

    fn dependencies(&self, wanted: Section, text: &mut String) -> std::fmt::Result {
        let shared = self.section("dependencies");
        for (name, _, version, features) in DEPENDENCIES.iter().filter(|(_, section, ..)| *section == wanted) {
            let known = shared.and_then(|shared| shared.get(*name));
            let given = known.and_then(|known| known.get("features")).and_then(Value::as_array);
            let is_given = |feature: &&&str| {
                given.is_some_and(|given| given.iter().any(|other| other.as_str() == Some(**feature)))
            };
            let features: Vec<&str> = features.iter().filter(|feature| !is_given(feature)).copied().collect();
            match (known.is_some(), features.is_empty()) {
                (true, true) => writeln!(text, "{name}.workspace = true")?,
                (true, false) => writeln!(text, "{name} = {{ workspace = true, features = {features:?} }}")?,
                (false, true) => writeln!(text, "{name} = \"{version}\"")?,
                (false, false) => writeln!(text, "{name} = {{ version = \"{version}\", features = {features:?} }}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use toml::Table;

    use super::super::name::Name;
    use super::Workspace;

    fn package(manifest: &str) -> (Table, bool) {
        let manifest = manifest.parse().expect("a manifest");
        let workspace = Workspace { manifest, locked: vec!["url".to_owned()] };
        assert!(workspace.has("url") && workspace.has("serde") && !workspace.has("get-weather"));
        let (text, lacks_kit) = workspace.package(&Name::parse("get_weather").expect("a good name")).expect("text");
        (text.parse().expect("TOML"), lacks_kit)
    }

    #[test]
    fn what_the_workspace_says_is_not_said_again() {
        let (package, lacks_kit) = package(
            r#"
            [workspace.package]
            version = "1.0.0"
            license = "MIT"
            [workspace.dependencies]
            penstock-kit = { path = "kit" }
            serde = { version = "1", features = ["derive"] }
            tokio = "1"
            [workspace.lints.rust]
            "#,
        );
        assert!(!lacks_kit);
        let wanted: Table = r#"
            [package]
            name = "get-weather"
            description = "The tool get_weather"
            version.workspace = true
            edition = "2024"
            license.workspace = true
            publish = false
            [dependencies]
            penstock-kit.workspace = true
            schemars = "1.2"
            serde.workspace = true
            [dev-dependencies]
            serde_json = "1"
            tokio = { workspace = true, features = ["macros", "rt"] }
            [lints]
            workspace = true
        "#
        .parse()
        .expect("TOML");
        assert_eq!(package, wanted);
    }

    #[test]
    fn where_the_kit_is_unknown_its_place_is_left_to_be_filled_in() {
        let (package, lacks_kit) = package("[workspace]");
        assert!(lacks_kit);
        assert!(package["dependencies"]["penstock-kit"]["git"].as_str().is_some_and(|url| url.contains("example.com")));
        assert!(package.get("lints").is_none());
    }
}
