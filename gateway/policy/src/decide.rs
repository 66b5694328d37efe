//! Decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use cedar_policy::{
    Authorizer, Context, Effect, Entities, Entity, EntityUid, PartialResponse, PolicySet, Request, RestrictedExpression,
};
use jiff::Timestamp;
use penstock_protocol::call::Caller;
use penstock_protocol::manifest::Kind;

use crate::action::Action;
use crate::arguments;
use crate::model::Known;
use crate::policies::{NOW, Policies};
use crate::possible::{ARGUMENTS, Declared};

/// What somebody wants to do.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who.
    pub caller: &'a Caller,
    /// What.
    pub action: Action,
    /// With an entry of this kind.
    pub kind: Kind,
    /// And this name.
    pub name: &'a str,
    /// With what, as far as it is known.
    pub input: Input<'a>,
    /// When.
    pub now: SystemTime,
}

/// What an entry is used with.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// Whatever may come: is there anything that would be allowed?
    Any,
    /// A JSON object of arguments, which fits the entry's schema.
    Json(&'a str),
    /// Arguments that are text.
    Text(&'a BTreeMap<String, String>),
    /// A URI that is read, with what the variables of its template stand for.
    Uri(&'a str, &'a BTreeMap<String, String>),
}

/// The answer; by default no.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed; for [`Input::Any`], whether it may be.
    pub allowed: bool,
    /// The policies that decided, in order of their ids: those that forbid, else those that permit. None if nothing
    /// permits.
    pub policies: Vec<String>,
    /// Why there is no other answer, where it is not for the policies. Names no argument's value.
    pub reason: Option<String>,
}

impl Decision {
    fn refused(reason: String) -> Self {
        Self { allowed: false, policies: Vec::new(), reason: Some(reason) }
    }
}

/// What policies say, put together.
#[derive(Debug, Default)]
struct Votes {
    permits: BTreeSet<String>,
    forbids: BTreeSet<String>,
    /// Whether more is known once the arguments are.
    may_permit: bool,
    failed: BTreeSet<String>,
}

impl Policies {
    /// Answers a question. Nothing is allowed unless a policy permits it, and whatever one forbids is not; one that
    /// forbids something and fails while it is evaluated forbids it.
    pub fn decide(&self, question: &Question<'_>) -> Decision {
        let uid = self.model.uid(question.kind, question.name);
        let Some(known) = self.model.entries.get(&uid) else {
            return Decision::refused("there is no such entry".to_owned());
        };
        let user = match self.model.user(question.caller) {
            Ok(user) => user,
            Err(error) => return Decision::refused(error.to_string()),
        };
        let entities = [user.clone(), known.entity.clone()];
        match Entities::from_entities(entities, None) {
            Ok(entities) => self.among(question, &user, &uid, &entities),
            Err(error) => Decision::refused(error.to_string()),
        }
    }

    /// Which of many entries of a kind a caller may be allowed to use at all, whatever the arguments.
    pub fn visible<'n>(
        &self,
        caller: &Caller,
        kind: Kind,
        names: impl IntoIterator<Item = &'n str>,
        now: SystemTime,
    ) -> Vec<bool> {
        let names = names.into_iter();
        let Ok(user) = self.model.user(caller) else { return names.map(|_| false).collect() };
        let Ok(entities) = self.model.entities.clone().add_entities([user.clone()], None) else {
            return names.map(|_| false).collect();
        };
        let action = Action::of(kind);
        let may = |name: &str| {
            let question = Question { caller, action, kind, name, input: Input::Any, now };
            self.among(&question, &user, &self.model.uid(kind, name), &entities).allowed
        };
        names.map(may).collect()
    }

    fn among(&self, question: &Question<'_>, user: &Entity, entry: &EntityUid, entities: &Entities) -> Decision {
        let Some(known) = self.model.entries.get(entry) else {
            return Decision::refused("there is no such entry".to_owned());
        };
        let votes = self.votes(question, (user, entry, known), entities);
        votes.map_or_else(Decision::refused, Votes::decision)
    }

    fn votes(
        &self,
        question: &Question<'_>,
        (user, entry, known): (&Entity, &EntityUid, &Known),
        entities: &Entities,
    ) -> Result<Votes, String> {
        let sets = &self.sets[&question.action];
        let now = datetime(question.now)?;
        // Cedar looks into a context that is partly unknown only as far as it is plain, which a point in time is not.
        let later = matches!(question.input, Input::Any);
        let told = if later { RestrictedExpression::new_unknown(NOW) } else { now.clone() };
        let request = Request::builder()
            .principal(user.uid())
            .action(self.model.action(question.action).clone())
            .resource(entry.clone())
            .context(self.context(question, told, entry, known)?)
            .build();
        let (authorizer, mut votes) = (Authorizer::new(), Votes::default());
        for set in [Some(&sets.general), sets.named.get(entry)].into_iter().flatten() {
            let mut response = authorizer.is_authorized_partial(&request, set, entities);
            votes.failed(&response, set);
            if later && sets.timed && response.nontrivial_residuals().next().is_some() {
                let bound = response.reauthorize_with_bindings([(NOW, &now)], &authorizer, entities);
                response = bound.map_err(|_| "the time could not be told to the policies".to_owned())?;
                votes.failed(&response, set);
            }
            votes.count(&response, Declared(&known.entry.arguments));
        }
        Ok(votes)
    }

    fn context(
        &self,
        question: &Question<'_>,
        now: RestrictedExpression,
        entry: &EntityUid,
        known: &Known,
    ) -> Result<Context, String> {
        let told = |result: Result<Vec<_>, arguments::Untold>| {
            RestrictedExpression::new_record(result.map_err(|error| error.to_string())?)
                .map_err(|error| error.to_string())
        };
        let wanted = self.wanted(question.action, entry);
        let own_uri = known.entry.uri().filter(|_| known.entry.kind == Kind::Resource);
        let (arguments, uri) = match question.input {
            Input::Any => (RestrictedExpression::new_unknown(ARGUMENTS), own_uri),
            Input::Json(json) => (told(arguments::of_json(json, &wanted))?, own_uri),
            Input::Text(texts) => (told(arguments::of_text(texts, &wanted))?, own_uri),
            Input::Uri(uri, variables) => (told(arguments::of_text(variables, &wanted))?, Some(uri)),
        };
        let mut pairs = vec![(NOW.to_owned(), now), (ARGUMENTS.to_owned(), arguments)];
        if question.action == Action::ReadResource {
            let uri = uri.map(|uri| RestrictedExpression::new_string(uri.to_owned()));
            pairs.push(("uri".to_owned(), uri.unwrap_or_else(|| RestrictedExpression::new_unknown("uri"))));
        }
        Context::from_pairs(pairs).map_err(|error| error.to_string())
    }
}

impl Votes {
    fn count(&mut self, response: &PartialResponse, declared: Declared<'_>) {
        for policy in response.definitely_satisfied() {
            match policy.effect() {
                Effect::Permit => self.permits.insert(policy.id().to_string()),
                Effect::Forbid => self.forbids.insert(policy.id().to_string()),
            };
        }
        for policy in response.nontrivial_residuals() {
            match policy.effect() {
                Effect::Permit => self.may_permit |= declared.can_satisfy(&policy, true),
                Effect::Forbid if declared.can_satisfy(&policy, false) => {}
                Effect::Forbid => drop(self.forbids.insert(policy.id().to_string())),
            }
        }
    }

    /// Notes policies that failed.
    fn failed(&mut self, response: &PartialResponse, set: &PolicySet) {
        for id in response.definitely_errored() {
            self.failed.insert(id.to_string());
            if set.policy(id).is_none_or(|policy| policy.effect() == Effect::Forbid) {
                self.forbids.insert(id.to_string());
            }
        }
    }

    fn decision(self) -> Decision {
        let Self { permits, forbids, may_permit, failed } = self;
        let reason = (!failed.is_empty()).then(|| {
            let failed: Vec<_> = failed.into_iter().collect();
            format!("failed while they were evaluated: {}", failed.join(", "))
        });
        let allowed = forbids.is_empty() && (may_permit || !permits.is_empty());
        let policies = if forbids.is_empty() { permits } else { forbids };
        Decision { allowed, policies: policies.into_iter().collect(), reason }
    }
}

fn datetime(time: SystemTime) -> Result<RestrictedExpression, String> {
    let time = Timestamp::try_from(time).map_err(|error| error.to_string())?;
    Ok(RestrictedExpression::new_datetime(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
}
