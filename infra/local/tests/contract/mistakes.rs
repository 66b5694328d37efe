//! Every rule can be broken, and is found to be.

use penstock::doctor::Level;

use crate::support::{at, examine, found, order};

/// The rules a tool that streams frames breaks by a mistake.
async fn broken(mistake: &str) -> Vec<&'static str> {
    let report = examine(&order("tool.json", "handler", mistake)).await;
    assert_eq!(report.is_wrong(), !at(&report, Level::Wrong).is_empty());
    at(&report, Level::Wrong)
}

#[tokio::test]
async fn a_worker_that_keeps_the_contract_is_told_nothing_else() {
    let report = examine(&order("tool.json", "handler", "")).await;
    assert_eq!(found(&report), (vec![], vec![]), "{report:#?}");
    assert!(at(&report, Level::Ok).len() > 15, "{report:#?}");
}

#[tokio::test]
async fn an_answer_that_is_not_made_of_frames_is_found() {
    assert_eq!(broken("writes text").await, ["frames.lines"]);
    assert_eq!(broken("writes two members").await, ["frames.lines"]);
}

#[tokio::test]
async fn an_answer_with_no_end_or_two_is_found() {
    assert_eq!(broken("has no end").await, ["frames.end"]);
    let report = examine(&order("tool.json", "handler", "answers twice")).await;
    assert_eq!(at(&report, Level::Wrong), ["frames.end"]);
}

#[tokio::test]
async fn frames_that_would_be_dropped_are_found() {
    assert!(broken("goes back").await.contains(&"frames.progress"));
    assert_eq!(broken("logs loudly").await, ["frames.logs"]);
}

#[tokio::test]
async fn a_result_that_is_none_or_breaks_its_schema_is_found() {
    assert!(broken("has no content").await.contains(&"answer.result"));
    assert_eq!(broken("breaks its promise").await, ["answer.output"]);
}

#[tokio::test]
async fn a_question_nobody_can_answer_is_found() {
    assert!(broken("asks badly").await.contains(&"answer.asks"));
}

#[tokio::test]
async fn a_process_that_does_not_start_or_serves_one_call_is_found() {
    let report = examine(&order("tool.json", "handler", "does not start")).await;
    assert_eq!(at(&report, Level::Wrong), ["process.starts"]);
    assert!(report.checks[0].text.contains("exit status 3"), "{report:#?}");
    assert!(broken("serves once").await.contains(&"process.reuse"));
}

#[tokio::test]
async fn a_worker_that_remembers_earlier_calls_is_found() {
    assert!(broken("remembers calls").await.contains(&"answer.same"));
}

#[tokio::test]
async fn a_worker_that_serves_some_events_only_is_found() {
    assert_eq!(broken("needs progress").await, ["event.quiet"]);
    assert_eq!(broken("is strict").await, ["event.unknown"]);
    assert_eq!(broken("is small").await, ["event.large"]);
}

#[tokio::test]
async fn a_worker_that_cannot_refuse_a_method_is_found() {
    assert!(broken("dies of a method").await.contains(&"event.method"));
    let report = examine(&order("tool.json", "handler", "takes any method")).await;
    assert_eq!(found(&report), (vec![], vec!["event.method"]));
}

#[tokio::test]
async fn a_worker_that_does_not_look_at_its_deadline_is_warned() {
    let report = examine(&order("tool.json", "handler", "has no time")).await;
    assert_eq!((at(&report, Level::Wrong), at(&report, Level::Warning)), (vec![], vec!["time.deadline"]));
}

#[tokio::test]
async fn a_sample_call_that_fails_is_a_warning_since_the_sample_may_be_to_blame() {
    let report = examine(&order("tool.json", "handler", "fails")).await;
    assert_eq!(found(&report), (vec![], vec!["answer.sample"]));
}
