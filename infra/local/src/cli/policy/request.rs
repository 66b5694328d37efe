//! The request that is decided on.

use std::collections::BTreeMap;
use std::time::SystemTime;

use jiff::Timestamp;
use penstock_policy::Action;
use penstock_protocol::RawValue;
use penstock_protocol::call::Caller;
use penstock_protocol::manifest::Kind;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// Who wants what, written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    /// As workers are told: subject, issuer, and what else is known.
    pub(super) caller: Caller,
    #[serde(deserialize_with = "action")]
    pub(super) method: Action,
    /// For names that entries of several kinds have.
    #[serde(default)]
    pub(super) kind: Option<Kind>,
    #[serde(default)]
    pub(super) name: Option<String>,
    /// What is read.
    #[serde(default)]
    pub(super) uri: Option<String>,
    /// A tool's or prompt's arguments; the variables of a template.
    #[serde(default = "nothing")]
    pub(super) arguments: Box<RawValue>,
    /// RFC 3339.
    #[serde(default, deserialize_with = "time")]
    time: Option<Timestamp>,
}

impl Request {
    pub(super) fn parse(json: &str) -> anyhow::Result<Self> {
        let request: Self = serde_json::from_str(json)?;
        anyhow::ensure!(request.arguments.get().starts_with('{'), "`arguments` must be an object");
        anyhow::ensure!(request.name.is_some() || request.uri.is_some(), "`name` or `uri` must say what is asked for");
        Ok(request)
    }

    /// The arguments, if all of them are text.
    pub(super) fn texts(&self) -> Option<BTreeMap<String, String>> {
        serde_json::from_str(self.arguments.get()).ok()
    }

    /// When it is decided: now, unless the request says another time.
    pub(super) fn time(&self) -> SystemTime {
        self.time.map_or_else(SystemTime::now, SystemTime::from)
    }
}

fn nothing() -> Box<RawValue> {
    RawValue::from_string("{}".to_owned()).unwrap_or_default()
}

fn action<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Action, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    String::deserialize(deserializer)?.parse().map(Some).map_err(D::Error::custom)
}
