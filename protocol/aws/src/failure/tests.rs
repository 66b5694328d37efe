use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;

use super::{Failure, classify};

/// What every message of AWS holds in these tests, and no explanation may.
const SECRET: &str = "arn:aws:sts::111122223333:assumed-role/secret-role/x";

/// One error of a chain.
#[derive(Debug)]
struct Cause(&'static str, Option<Box<Cause>>);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

fn answer(status: u16, code: Option<&str>) -> SdkError<ErrorMetadata, HttpResponse> {
    let mut error = ErrorMetadata::builder().message(SECRET);
    if let Some(code) = code {
        error = error.code(code);
    }
    let status = StatusCode::try_from(status).expect("a status");
    SdkError::service_error(error.build(), HttpResponse::new(status, SdkBody::empty()))
}

fn no_answer(error: ConnectorError) -> Failure {
    classify::<ErrorMetadata>(&SdkError::dispatch_failure(error))
}

fn chain(innermost: &'static str) -> Cause {
    Cause("client error", Some(Box::new(Cause(innermost, None))))
}

#[test]
fn codes_all_services_share_are_told_apart() {
    for (code, failure) in [
        ("ThrottlingException", Failure::Throttled),
        ("LimitExceededException", Failure::Throttled),
        ("SlowDown", Failure::Throttled),
        ("AccessDeniedException", Failure::Denied),
        ("AccessDenied", Failure::Denied),
        ("ExpiredTokenException", Failure::ExpiredCredentials),
        ("UnrecognizedClientException", Failure::RefusedCredentials),
        ("SignatureDoesNotMatch", Failure::RefusedCredentials),
    ] {
        assert_eq!(classify(&answer(400, Some(code))), failure, "{code}");
    }
    assert_eq!(classify(&answer(429, None)), Failure::Throttled);
}

#[test]
fn a_code_of_the_services_own_is_kept_with_what_it_says() {
    let refused = Failure::Refused { code: "ValidationException".to_owned(), message: SECRET.to_owned() };
    assert_eq!(classify(&answer(400, Some("ValidationException"))), refused);
}

#[test]
fn what_is_no_code_is_no_reason() {
    let long = "x".repeat(81);
    for code in [None, Some(""), Some("role secret-role"), Some("<html>"), Some(&*long)] {
        assert_eq!(classify(&answer(500, code)), Failure::Incomprehensible, "{code:?}");
    }
}

#[test]
fn connections_that_fail_are_told_apart() {
    assert_eq!(no_answer(ConnectorError::io(chain("connection refused").into())), Failure::Unreachable);
    assert_eq!(no_answer(ConnectorError::io(chain("dns error").into())), Failure::UnknownRegion);
    assert_eq!(no_answer(ConnectorError::timeout(chain("too slow").into())), Failure::TimedOut);
    let timeout = SdkError::timeout_error(chain("too slow"));
    assert_eq!(classify::<ErrorMetadata>(&timeout), Failure::TimedOut);
}

#[test]
fn what_fails_before_a_connection_is_tried_are_credentials_or_the_region() {
    let before = |reason| no_answer(ConnectorError::other(chain(reason).into(), None));
    assert_eq!(before("the credential provider was not enabled"), Failure::NoCredentials);
    assert_eq!(before("Invalid Configuration: Missing Region"), Failure::UnknownRegion);
    let no_address = SdkError::construction_failure(chain("invalid value for field: `region`"));
    assert_eq!(classify::<ErrorMetadata>(&no_address), Failure::UnknownRegion);
}

#[test]
fn explanations_name_service_permission_and_code_and_nothing_aws_said() {
    let explain = |failure: Failure| failure.explain("Cost Explorer", "ce:GetTags");
    for code in ["ThrottlingException", "AccessDeniedException", "ExpiredToken", "InvalidToken", "InternalFailure"] {
        let text = explain(classify(&answer(400, Some(code))));
        assert!(!text.contains("secret-role") && text.ends_with('.'), "{text}");
    }
    assert!(explain(Failure::Denied).contains("the permission ce:GetTags."));
    assert!(explain(Failure::Throttled).contains("Wait a minute"));
    assert!(explain(Failure::UnknownRegion).contains("the region may not exist"));
    let refused = Failure::Refused { code: "InternalFailure".to_owned(), message: SECRET.to_owned() };
    assert_eq!(explain(refused), "Cost Explorer failed with InternalFailure. Try again in a minute.");
}
