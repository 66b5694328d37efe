//! Whether the answer to a call is still wanted. Lambda stops no function whose reader has left and tells it
//! nothing, so the gateway leaves a record in a store they share (rules T-5 and L-8).

#[cfg(feature = "cancellation")]
mod records;

#[cfg(feature = "cancellation")]
pub(crate) use records::{Records, cancelled};

/// Without the feature `cancellation` nobody looks for records.
#[cfg(not(feature = "cancellation"))]
#[derive(Default)]
pub(crate) struct Records {}

/// Without the feature `cancellation` no call is known to be cancelled.
#[cfg(not(feature = "cancellation"))]
pub(crate) async fn cancelled(_: &Records, _: Option<&str>) {
    std::future::pending::<()>().await;
}

#[cfg(all(test, feature = "cancellation"))]
mod tests;
