//! The variables that say whose tokens are good here.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use penstock_fetch::Roots;
use penstock_function::Environment;

use crate::auth::{Auth, Settings, Verifier};

/// The ways to authenticate, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    None,
    OAuth,
}

/// The text names no way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq)]
struct UnknownWay(String);

impl fmt::Display for UnknownWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a way to authenticate: use \"oauth\", or \"none\" (this machine only)", self.0)
    }
}

impl FromStr for Way {
    type Err = UnknownWay;

    fn from_str(text: &str) -> Result<Self, UnknownWay> {
        match text {
            "none" => Ok(Self::None),
            "oauth" => Ok(Self::OAuth),
            other => Err(UnknownWay(other.to_owned())),
        }
    }
}

/// Reads `PENSTOCK_AUTH` and what it needs; `None` if something is wrong with it.
pub(super) fn auth<S: Fn(&str) -> Option<String>>(reader: &mut Environment<S>) -> Option<Auth> {
    match reader.required("PENSTOCK_AUTH")? {
        Way::None => Some(Auth::None),
        Way::OAuth => oauth(reader),
    }
}

fn oauth<S: Fn(&str) -> Option<String>>(reader: &mut Environment<S>) -> Option<Auth> {
    const BUNDLE: &str = "PENSTOCK_CA_BUNDLE";
    let resource = reader.required("PENSTOCK_RESOURCE");
    let issuers = reader.required("PENSTOCK_ISSUERS");
    let authorization_servers = reader.optional("PENSTOCK_AUTHORIZATION_SERVERS");
    let scopes = reader.optional("PENSTOCK_SCOPES").unwrap_or_default();
    let roots = match reader.optional::<PathBuf>(BUNDLE) {
        Some(file) => reader.checked(BUNDLE, Roots::with_file(&file))?,
        None => Roots::default(),
    };
    let settings = Settings { resource: resource?, issuers: issuers?, authorization_servers, scopes, roots };
    reader.checked(BUNDLE, Verifier::new(settings)).map(Auth::OAuth)
}
