//! A set of policies, ready to decide.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use cedar_policy::{EntityUid, Policy, PolicySet, ResourceConstraint};

use crate::action::Action;
use crate::arguments::Wanted;
use crate::model::Model;
use crate::parse::{self, Parsed};
use crate::source::Source;

/// The name under which policies know the time.
pub(crate) const NOW: &str = "now";

/// Policies that fit the schema of a catalog.
#[derive(Clone)]
pub struct Policies {
    pub(crate) model: Arc<Model>,
    pub(crate) sets: Arc<BTreeMap<Action, Sets>>,
    source: Source,
    count: usize,
    warnings: Vec<String>,
}

/// The policies that can say anything about one action.
#[derive(Default)]
pub(crate) struct Sets {
    /// Those that name no entry.
    pub(crate) general: PolicySet,
    /// Those that name one, by it.
    pub(crate) named: HashMap<EntityUid, PolicySet>,
    /// The arguments they ask about.
    pub(crate) arguments: Vec<String>,
    /// Whether any of them may ask for the time.
    pub(crate) timed: bool,
    /// Whether any of them may look at an entity it names in a condition.
    pub(crate) elsewhere: bool,
}

/// Everything that is wrong with a set of policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPolicies {
    mistakes: Vec<String>,
}

impl InvalidPolicies {
    /// Each mistake, with its file and, where it is one of spelling, its place.
    pub fn mistakes(&self) -> &[String] {
        &self.mistakes
    }
}

impl std::error::Error for InvalidPolicies {}

impl fmt::Display for InvalidPolicies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the policies are wrong: {}", self.mistakes.join("; "))
    }
}

impl Policies {
    /// Reads every `*.cedar` in a folder and holds it against the schema of the catalog. At most 1 MiB, 1000 files
    /// and 1000 policies.
    ///
    /// # Errors
    /// [`InvalidPolicies`] with every mistake. A folder without policies is one.
    pub fn load(folder: &Path, model: Arc<Model>) -> Result<Self, InvalidPolicies> {
        let source = Source::read(folder).map_err(|mistake| InvalidPolicies { mistakes: vec![mistake] })?;
        Self::new(source, model)
    }

    /// Looks at the folder again: `None` if it still says the same. What it says now is held against `model`.
    ///
    /// # Errors
    /// [`InvalidPolicies`] with every mistake.
    pub fn reload(&self, folder: &Path, model: Arc<Model>) -> Result<Option<Self>, InvalidPolicies> {
        let source = Source::read(folder).map_err(|mistake| InvalidPolicies { mistakes: vec![mistake] })?;
        if source == self.source { Ok(None) } else { Self::new(source, model).map(Some) }
    }

    /// The same policies for a catalog that has changed. Read anew only where the arguments they can ask for have
    /// changed too.
    ///
    /// # Errors
    /// [`InvalidPolicies`] if they do not fit any more.
    pub fn about(&self, model: Arc<Model>) -> Result<Self, InvalidPolicies> {
        if model.schema() == self.model.schema() {
            Ok(Self { model, ..self.clone() })
        } else {
            Self::new(self.source.clone(), model)
        }
    }

    fn new(source: Source, model: Arc<Model>) -> Result<Self, InvalidPolicies> {
        let parsed = parse::parse(&source, &model).map_err(|mistakes| InvalidPolicies { mistakes })?;
        let Parsed { policies, warnings } = parsed;
        let mut sets = BTreeMap::new();
        for action in Action::ALL {
            let concerned = policies.iter().filter(|(policy, _)| parse::concerns(policy, model.action(action)));
            let asked = |name: &&String| concerned.clone().any(|(_, mentions)| mentions.has(name));
            let arguments = model.arguments[&action].typed.keys().filter(asked).cloned().collect();
            let timed = concerned.clone().any(|(_, mentions)| mentions.has(NOW));
            // How Cedar writes an entity down in JSON.
            let elsewhere = concerned.clone().any(|(_, mentions)| mentions.has("__entity"));
            let mut set = Sets { arguments, timed, elsewhere, ..Sets::default() };
            for (policy, _) in concerned {
                set.add(policy).map_err(|mistake| InvalidPolicies { mistakes: vec![mistake] })?;
            }
            sets.insert(action, set);
        }
        Ok(Self { model, sets: Arc::new(sets), source, count: policies.len(), warnings })
    }

    /// How many policies there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether what may be done can change with time alone.
    pub fn depends_on_time(&self, action: Action) -> bool {
        self.sets[&action].timed
    }

    /// What is odd, but no mistake: policies that never apply, entries the catalog does not have.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The arguments of an action that any policy asks about and this entry declares.
    pub(crate) fn wanted(&self, action: Action, entry: &EntityUid) -> Wanted<'_> {
        let (typed, known) = (&self.model.arguments[&action].typed, self.model.entries.get(entry));
        let declared = |name: &str| known.is_some_and(|known| known.entry.arguments.contains_key(name));
        let names = self.sets[&action].arguments.iter().filter(|name| declared(name));
        names.filter_map(|name| Some((&**name, *typed.get(name)?))).collect()
    }
}

impl Sets {
    fn add(&mut self, policy: &Policy) -> Result<(), String> {
        let set = match policy.resource_constraint() {
            ResourceConstraint::Eq(uid) => self.named.entry(uid).or_default(),
            _ => &mut self.general,
        };
        set.add(policy.clone()).map_err(|error| error.to_string())
    }
}

impl fmt::Debug for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policies").field("count", &self.count).finish_non_exhaustive()
    }
}
