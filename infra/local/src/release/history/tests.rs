use super::{History, Refusal};

/// A value of the parameter `ping`: a version, and a percentage if it is a canary.
fn value((version, canary): (u64, Option<u8>)) -> String {
    let function = format!("arn:aws:lambda:us-east-1:123456789012:function:dev-penstock-ping:{version}");
    let canary = canary.map(|percent| format!(r#""canary":{percent},"#)).unwrap_or_default();
    let definition = r#"{"name":"ping","description":"","inputSchema":{"type":"object"}}"#;
    format!(r#"{{{canary}"function":"{function}","definition":{definition},"timeoutSeconds":3}}"#)
}

fn history(values: &[(u64, Option<u8>)]) -> History {
    let values: Vec<_> = values.iter().copied().map(value).collect();
    History::new(values.iter().map(String::as_str), "ping")
}

/// The version that is written, and its percentage.
fn rolled_back(values: &[(u64, Option<u8>)], wanted: Option<u64>) -> Result<(u64, Option<u8>), Refusal> {
    history(values).roll_back(wanted).map(|change| (change.entry.function.version, change.entry.canary))
}

#[test]
fn a_canary_is_widened_and_then_for_everybody() {
    let deployed = [(1, None), (2, Some(10))];
    let wider = history(&deployed).promote(Some(50)).expect("a canary");
    assert_eq!(wider.entry.text, value((2, Some(50))));
    assert_eq!(wider.after.stable.version, 1);
    assert_eq!(wider.after.canary.map(|(function, percent)| (function.version, percent)), Some((2, 50)));
    let everybodys = history(&deployed).promote(None).expect("a canary");
    assert_eq!(everybodys.entry.text, value((2, None)));
    assert!(everybodys.after.stable.version == 2 && everybodys.after.canary.is_none());
    assert_eq!(everybodys.before.expect("sound").stable.version, 1);
}

#[test]
fn what_is_no_canary_is_not_promoted() {
    assert!(matches!(history(&[(1, None)]).promote(Some(10)), Err(Refusal::NoCanary(1))));
}

#[test]
fn a_canary_is_rolled_back_to_what_it_is_tried_beside() {
    // The stable one may even be of a higher version: the canary was deployed from an older state.
    for (stable, canary) in [(4, 5), (5, 4)] {
        let values = [(3, None), (stable, None), (canary, Some(10)), (canary, Some(50))];
        assert_eq!(rolled_back(&values, None).expect("a canary"), (stable, None));
    }
}

#[test]
fn a_canary_beside_nothing_cannot_be_rolled_back() {
    assert!(matches!(rolled_back(&[(1, Some(10))], None), Err(Refusal::Nothing)));
    let served = history(&[(1, Some(10))]).promote(Some(20)).expect("a canary").after;
    assert!(served.stable.version == 1 && served.canary.is_none());
}

#[test]
fn rolling_back_twice_goes_back_twice() {
    let mut values = vec![(1, None), (2, None), (3, Some(10)), (3, None)];
    for expected in [2, 1] {
        let back = rolled_back(&values, None).expect("an earlier version");
        assert_eq!(back, (expected, None));
        values.push(back);
    }
    assert!(matches!(rolled_back(&values, None), Err(Refusal::Nothing)));
}

#[test]
fn a_version_that_was_rolled_back_is_not_gone_back_to() {
    // 2 was bad; 3 came after the roll-back to 1.
    assert_eq!(rolled_back(&[(1, None), (2, None), (1, None), (3, None)], None).expect("earlier"), (1, None));
}

#[test]
fn a_version_that_is_wanted_is_for_everybody_even_if_it_was_only_a_canary() {
    let values = [(1, None), (2, Some(10)), (1, None), (3, None)];
    assert_eq!(rolled_back(&values, Some(2)).expect("known"), (2, None));
    assert!(matches!(rolled_back(&values, Some(3)), Err(Refusal::Already(3))));
    let error = rolled_back(&values, Some(9)).expect_err("unknown").to_string();
    assert_eq!(error, "there is no version 9 in the history; there are 1, 2, 3");
}

#[test]
fn values_that_no_gateway_serves_do_not_count() {
    let (first, second) = (value((1, None)), value((2, None)));
    let other = second.replace("\"ping\"", "\"pong\"");
    let history = History::new([first.as_str(), "{", other.as_str()], "ping");
    assert!(matches!(history.promote(None), Err(Refusal::Unsound)));
    let change = history.roll_back(None).expect("the first is sound");
    assert!(change.before.is_none() && change.entry.text == first);
}
