//! `search_repositories` and `repository://{owner}/{name}`. GitHub is on the internet, so a stand-in gives answers of
//! the form its documentation shows.

use penstock_e2e::{Penstock, StandIn, http, requests};
use serde_json::{Value, json};

fn github(target: &str) -> (u16, Value) {
    let repository = json!({
        "name": "hello", "full_name": "octocat/hello", "html_url": "https://github.com/octocat/hello",
        "description": "My first repository", "language": "Rust", "forks_count": 9, "stargazers_count": 80,
        "open_issues_count": 2, "topics": [], "license": null, "default_branch": "main", "archived": false,
        "pushed_at": "2026-01-26T19:06:43Z",
    });
    match target {
        "/search/repositories?q=hello&per_page=1" => {
            (200, json!({ "total_count": 7, "incomplete_results": false, "items": [repository] }))
        }
        "/repos/octocat/hello" => (200, repository),
        "/repos/octocat/hello/readme" => (200, json!("a README")),
        _ => (404, json!({ "message": "Not Found" })),
    }
}

#[tokio::test]
async fn repositories_are_found_and_read_by_their_uri() -> anyhow::Result<()> {
    let stand_in = StandIn::start(github).await?;
    let environment = [("PENSTOCK_GITHUB_URL", stand_in.url()), ("GITHUB_TOKEN", "")];
    let penstock = Penstock::configured(&[], &environment).await?;
    let client = http::client();
    let call = requests::call(1, "search_repositories", &json!({ "query": "hello", "limit": 1 }));
    let arrivals = http::exchange(&client, penstock.url(), &call).await?;
    let output = &arrivals[0].message["result"]["structuredContent"];
    assert_eq!((&output["total"], &output["repositories"][0]["stars"]), (&json!(7), &json!(80)), "{arrivals:?}");

    let list = http::exchange(&client, penstock.url(), &requests::request(2, "resources/templates/list")).await?;
    let templates = list[0].message["result"]["resourceTemplates"].as_array().expect("templates");
    assert!(templates.iter().any(|template| template["uriTemplate"] == "repository://{owner}/{name}"), "{templates:?}");

    let read = |uri: &str| {
        let mut read = requests::request(3, "resources/read");
        read["params"]["uri"] = json!(uri);
        read
    };
    let arrivals = http::exchange(&client, penstock.url(), &read("repository://octocat/hello")).await?;
    let text = arrivals[0].message["result"]["contents"][0]["text"].as_str().expect("a text");
    let document: Value = serde_json::from_str(text)?;
    assert_eq!((&document["language"], &document["readme"]["text"]), (&json!("Rust"), &json!("\"a README\"")));
    // a resource that is not there.
    let arrivals = http::exchange(&client, penstock.url(), &read("repository://octocat/none")).await?;
    assert_eq!(arrivals[0].message["error"]["code"], -32602, "{arrivals:?}");
    Ok(())
}
