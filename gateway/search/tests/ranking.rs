//! What is found, and in which order.

use penstock_search::{Document, Index};

const TOOLS: [Document<'_>; 5] = [
    Document {
        name: "get_cost_and_usage",
        title: "Cost and usage",
        description: "What AWS usage has cost, by service or tag.",
        arguments: "start_date end_date granularity metrics group_by filter",
    },
    Document {
        name: "get_cost_forecast",
        title: "Cost forecast",
        description: "What AWS is going to cost.",
        arguments: "start_date end_date metric",
    },
    Document {
        name: "get_weather",
        title: "",
        description: "The weather at a place, now. Not a forecast.",
        arguments: "location units",
    },
    Document { name: "queryTable", title: "Query a table", description: "", arguments: "table_name key_condition" },
    Document { name: "analyze_logs", title: "", description: "Finds log lines.", arguments: "log_group pattern" },
];

fn found(query: &str) -> Vec<&'static str> {
    Index::new(TOOLS).search(query).into_iter().map(|at| TOOLS[at].name).collect()
}

#[test]
fn a_word_of_the_name_counts_more_than_one_of_the_description() {
    assert_eq!(found("forecast"), ["get_cost_forecast", "get_weather"]);
}

#[test]
fn titles_descriptions_and_argument_names_are_searched_too() {
    assert_eq!(found("querying tables"), ["queryTable"]);
    assert_eq!(found("lines"), ["analyze_logs"]);
    assert_eq!(found("location")[0], "get_weather");
}

#[test]
fn more_shared_words_rank_higher() {
    assert_eq!(found("forecast the cost of AWS")[0], "get_cost_forecast");
}

#[test]
fn nothing_shared_is_nothing_found() {
    assert!(found("translate a sentence").is_empty());
    assert!(found("").is_empty());
    assert!(Index::new([]).search("anything").is_empty());
}

#[test]
fn the_same_question_has_the_same_answer() {
    let many: Vec<String> = (0..50).map(|number| format!("tool_{number}")).collect();
    let documents = || many.iter().map(|name| Document { name, ..Document::default() });
    let first = Index::new(documents()).search("tool");
    assert_eq!(first, (0..50).collect::<Vec<_>>());
    assert_eq!(Index::new(documents()).search("tool"), first);
}
