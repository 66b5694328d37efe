//! `penstock audit`: what each tool may do, and who may make it run.
//!
//! | module | holds |
//! |---|---|
//! | `template` | what CloudFormation templates would deploy |
//! | `live` | what an account holds |
//! | `picture` | what both say, in the same words |
//! | `rules` | what is wrong with it |
//! | `drift` | where the two differ |
//! | `report` | all of it, for people and machines |

mod drift;
mod finding;
mod live;
mod pattern;
mod picture;
mod report;
mod rules;
mod statement;
mod template;

use std::io;
use std::path::PathBuf;

pub use self::finding::Finding;
pub use self::report::Report;
pub use self::statement::Statement;

use self::picture::Picture;

/// What to look at.
#[derive(Debug, Clone)]
pub struct Order {
    /// Templates, or folders of them as the CDK makes them.
    pub templates: Vec<PathBuf>,
    /// Only this gateway; of an account, the one.
    pub gateway: Option<String>,
    /// Whether to look at the account of the environment's credentials.
    pub live: bool,
    /// Patterns of the ARNs of principals that may invoke all the same.
    pub allowed: Vec<String>,
}

/// Why nothing could be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// There is nothing to read.
    #[error("no template at {0:?}: give the folder that `npm run synth` has made, or *.template.json")]
    NoTemplate(Vec<PathBuf>),
    /// A file or folder cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A template of more than four megabytes.
    #[error("{} is larger than any template", .0.display())]
    TooLarge(PathBuf),
    /// No JSON.
    #[error("{} is no JSON: {error}", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Where it goes wrong.
        error: serde_json::Error,
    },
    /// JSON of something else.
    #[error("{} is no template: it has no Resources", .0.display())]
    NotATemplate(PathBuf),
    /// Neither templates nor an account.
    #[error("nothing to audit: give templates, or --live with --gateway")]
    Nothing,
    /// No such gateway, or no tool of any.
    #[error("no function of a gateway{0} is in there")]
    NoGateway(String),
    /// An AWS client could not be made.
    #[error("no AWS client: {0}")]
    Client(#[from] penstock_aws::TrustError),
    /// AWS did not answer as it should: what was asked, and what came of it.
    #[error("{0} failed: {1}")]
    Aws(&'static str, String),
    /// There is more than can be looked at.
    #[error("{0}: more than {1}; that many are not looked at")]
    TooMany(&'static str, usize),
}

/// Looks at templates, an account, or both.
///
/// # Errors
/// [`AuditError`], if there is nothing that could be judged.
pub async fn audit(order: &Order) -> Result<Report, AuditError> {
    let gateway = order.gateway.as_deref();
    let live = match gateway {
        Some(gateway) if order.live => Some(Box::pin(live::read(gateway)).await?),
        _ if order.live => return Err(AuditError::Nothing),
        _ => None,
    };
    let place = live.as_ref().map(|(_, place)| place.clone()).unwrap_or_default();
    let planned = match order.templates.as_slice() {
        [] => None,
        paths => Some(template::read(paths, &place)?),
    };
    let planned = planned.map(|picture| assigned(picture, gateway)).transpose()?;
    let mut found = Vec::new();
    let picture = match (live, planned) {
        (Some((live, _)), planned) => {
            let mut live = assigned(live, gateway)?;
            if let Some(planned) = planned {
                drift::lend_reasons(&planned, &mut live);
                found = drift::between(&planned, &live);
            }
            live
        }
        (None, planned) => planned.ok_or(AuditError::Nothing)?,
    };
    found.extend(rules::check(&picture, &order.allowed));
    found.sort();
    Ok(Report::of(&picture, &order.allowed, found))
}

fn assigned(mut picture: Picture, gateway: Option<&str>) -> Result<Picture, AuditError> {
    picture.assign(gateway);
    if picture.functions.is_empty() && picture.entries.is_empty() {
        let named = gateway.map(|gateway| format!(" called {gateway}")).unwrap_or_default();
        return Err(AuditError::NoGateway(named));
    }
    Ok(picture)
}
