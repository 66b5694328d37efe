//! What policies are about: a catalog's entries, their schema, and Cedar's entities for them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::fmt;

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression, Schema};
use penstock_protocol::call::Caller;
use penstock_protocol::manifest::Kind;

use crate::action::Action;
use crate::entry::Entry;
use crate::schema::{self, Arguments};

/// A catalog as policies see it. Prepared once; policies can be read again and again for it.
pub struct Model {
    text: String,
    pub(crate) schema: Schema,
    pub(crate) arguments: BTreeMap<Action, Arguments>,
    /// By their entities.
    pub(crate) entries: HashMap<EntityUid, Known>,
    /// All of them, for decisions on many.
    pub(crate) entities: Entities,
    actions: BTreeMap<Action, EntityUid>,
    types: Types,
}

/// An entry and the entity that stands for it.
pub(crate) struct Known {
    pub(crate) entry: Entry,
    pub(crate) entity: Entity,
}

/// The catalog cannot be put into Cedar's terms, e.g. because a name is none Cedar takes.
#[derive(Debug, thiserror::Error)]
#[error("the catalog cannot be told to policies: {0}")]
pub struct InvalidModel(Box<dyn Error + Send + Sync>);

/// Names of entity types, read once.
struct Types {
    user: EntityTypeName,
    tool: EntityTypeName,
    prompt: EntityTypeName,
    resource: EntityTypeName,
    template: EntityTypeName,
}

impl Model {
    /// Puts a catalog into Cedar's terms.
    ///
    /// # Errors
    /// [`InvalidModel`] if Cedar refuses an entry or the schema.
    pub fn new(entries: Vec<Entry>) -> Result<Self, InvalidModel> {
        let arguments: BTreeMap<_, _> =
            Action::ALL.into_iter().map(|action| (action, Arguments::of(action, &entries))).collect();
        let text = schema::text(&arguments);
        let (schema, _) = Schema::from_cedarschema_str(&text).map_err(invalid)?;
        let types = Types::new()?;
        let action = type_name("Action")?;
        let actions = Action::ALL.map(|one| (one, uid(&action, one.method()))).into();
        let mut known = HashMap::new();
        for entry in entries {
            let uid = uid(types.of(entry.kind), &entry.name);
            let entity = Entity::new(uid.clone(), attributes(&entry), HashSet::new()).map_err(invalid)?;
            known.insert(uid, Known { entry, entity });
        }
        let entities = Entities::from_entities(known.values().map(|known| known.entity.clone()), Some(&schema));
        let entities = entities.map_err(invalid)?;
        Ok(Self { text, schema, arguments, entries: known, entities, actions, types })
    }

    /// The schema policies are held against, in Cedar's notation.
    pub fn schema(&self) -> &str {
        &self.text
    }

    /// The entity of an action.
    pub(crate) fn action(&self, action: Action) -> &EntityUid {
        &self.actions[&action]
    }

    /// The name of an entry's entity, whether there is such an entry or not.
    pub(crate) fn uid(&self, kind: Kind, name: &str) -> EntityUid {
        uid(self.types.of(kind), name)
    }

    /// Whether an entity would be an entry of the catalog.
    pub(crate) fn is_of_the_catalog(&self, uid: &EntityUid) -> bool {
        *uid.type_name() != self.types.user && !self.actions.values().any(|action| action == uid)
    }

    /// The entity of a caller, `User::"<issuer>#<subject>"`: an issuer has no `#` (RFC 8414, section 2).
    pub(crate) fn user(&self, caller: &Caller) -> Result<Entity, InvalidModel> {
        let Caller { subject, issuer, client_id, scopes, groups, tenant } = caller;
        let uid = uid(&self.types.user, &format!("{issuer}#{subject}"));
        let required = [
            ("subject", string(subject)),
            ("issuer", string(issuer)),
            ("scopes", strings(scopes)),
            ("groups", strings(groups)),
        ];
        let optional = [("clientId", client_id), ("tenant", tenant)];
        let optional = optional.into_iter().filter_map(|(name, value)| Some((name, string(value.as_ref()?))));
        let attributes = required.into_iter().chain(optional).map(|(name, value)| (name.to_owned(), value));
        Entity::new(uid, attributes.collect(), HashSet::new()).map_err(invalid)
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Types {
    fn new() -> Result<Self, InvalidModel> {
        Ok(Self {
            user: type_name("User")?,
            tool: type_name(schema::entity_type(Kind::Tool))?,
            prompt: type_name(schema::entity_type(Kind::Prompt))?,
            resource: type_name(schema::entity_type(Kind::Resource))?,
            template: type_name(schema::entity_type(Kind::ResourceTemplate))?,
        })
    }

    fn of(&self, kind: Kind) -> &EntityTypeName {
        match kind {
            Kind::Tool => &self.tool,
            Kind::Prompt | Kind::PromptLibrary => &self.prompt,
            Kind::Resource | Kind::ResourceLibrary => &self.resource,
            Kind::ResourceTemplate => &self.template,
        }
    }
}

fn attributes(entry: &Entry) -> HashMap<String, RestrictedExpression> {
    let mut attributes =
        HashMap::from([("name".to_owned(), string(&entry.name)), ("tags".to_owned(), strings(&entry.tags))]);
    if let Some(uri) = &entry.uri {
        let name = if entry.kind == Kind::Resource { "uri" } else { "uriTemplate" };
        attributes.insert(name.to_owned(), string(uri));
    }
    attributes
}

fn type_name(name: &str) -> Result<EntityTypeName, InvalidModel> {
    name.parse().map_err(invalid)
}

fn uid(type_name: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(type_name.clone(), EntityId::new(id))
}

fn string(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

fn strings(texts: &[String]) -> RestrictedExpression {
    RestrictedExpression::new_set(texts.iter().map(|text| string(text)))
}

fn invalid(error: impl Error + Send + Sync + 'static) -> InvalidModel {
    InvalidModel(Box::new(error))
}
