//! Every role, user and group of the account.

use std::collections::BTreeMap;

use aws_sdk_iam::types::{AttachedPolicy, ManagedPolicyDetail, PolicyDetail};
use penstock_aws::SdkConfig;
use percent_encoding::percent_decode_str;

use super::super::AuditError;
use super::super::picture::{Identity, Picture};
use super::super::statement::Statement;
use super::{MAX_PAGES, failed};

pub(super) async fn read(config: &SdkConfig, picture: &mut Picture) -> Result<(), AuditError> {
    let client = aws_sdk_iam::Client::new(config);
    let mut managed = BTreeMap::new();
    let mut marker = None;
    for _ in 0..MAX_PAGES {
        let asked = client.get_account_authorization_details().set_marker(marker);
        let page = asked.send().await;
        let page =
            page.map_err(|error| failed("reading who may do what", "iam:GetAccountAuthorizationDetails", &error))?;
        managed.extend(page.policies().iter().filter_map(policy));
        for role in page.role_detail_list() {
            let mut identity =
                identity(role.arn(), role.role_name(), role.role_policy_list(), role.attached_managed_policies());
            identity.trust = document(role.assume_role_policy_document());
            picture.identities.push(identity);
        }
        for user in page.user_detail_list() {
            let (inline, attached) = (user.user_policy_list(), user.attached_managed_policies());
            picture.identities.push(identity(user.arn(), user.user_name(), inline, attached));
        }
        for group in page.group_detail_list() {
            let (inline, attached) = (group.group_policy_list(), group.attached_managed_policies());
            picture.identities.push(identity(group.arn(), group.group_name(), inline, attached));
        }
        marker = page.marker;
        if !page.is_truncated || marker.is_none() {
            attach(&managed, picture);
            return Ok(());
        }
    }
    Err(AuditError::TooMany("pages of identities", MAX_PAGES))
}

/// Adds what managed policies say; they may come on a later page than who has them.
fn attach(managed: &BTreeMap<String, Vec<Statement>>, picture: &mut Picture) {
    for identity in &mut picture.identities {
        for arn in &identity.managed {
            match managed.get(arn) {
                Some(statements) => identity.statements.extend(statements.clone()),
                None => identity.unread.push(arn.clone()),
            }
        }
    }
}

fn identity(arn: Option<&str>, name: Option<&str>, inline: &[PolicyDetail], attached: &[AttachedPolicy]) -> Identity {
    Identity {
        arn: arn.unwrap_or_default().to_owned(),
        name: name.unwrap_or_default().to_owned(),
        statements: inline.iter().flat_map(|policy| document(policy.policy_document())).collect(),
        managed: attached.iter().filter_map(|policy| policy.policy_arn().map(ToOwned::to_owned)).collect(),
        ..Identity::default()
    }
}

/// What a managed policy says in the version that counts.
fn policy(policy: &ManagedPolicyDetail) -> Option<(String, Vec<Statement>)> {
    let version = policy.policy_version_list().iter().find(|version| version.is_default_version())?;
    Some((policy.arn()?.to_owned(), document(version.document())))
}

/// A policy document, which IAM writes percent-encoded (RFC 3986).
fn document(encoded: Option<&str>) -> Vec<Statement> {
    Statement::parse(&percent_decode_str(encoded.unwrap_or_default()).decode_utf8_lossy())
}
