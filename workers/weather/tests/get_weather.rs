//! The real binary, asking a stand-in for Open-Meteo: answers in the form its documentation gives
//! (<https://open-meteo.com/en/docs>, <https://open-meteo.com/en/docs/geocoding-api>).

use std::process::Command;

use penstock_kit::testing::{Answer, Peer, Worker, event};
use serde_json::{Value, json};

fn worker(url: &str) -> Worker {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-weather"));
    command.env_clear().env("PENSTOCK_TOOL", "get_weather");
    command.env("PENSTOCK_GEOCODING_URL", url).env("PENSTOCK_WEATHER_URL", url);
    Worker::start(command)
}

/// The result of a call.
fn call(worker: &Worker, arguments: Value) -> Value {
    let frames = worker.invoke(&event("get_weather", arguments)).frames().expect("the worker contract");
    let [frame] = frames.as_slice() else { panic!("more than a result: {frames:?}") };
    frame["result"].clone()
}

/// What the model reads of a call that must fail.
fn refusal(worker: &Worker, location: &str) -> String {
    let result = call(worker, json!({ "location": location }));
    assert_eq!(result["isError"], true, "{result}");
    result["content"][0]["text"].as_str().expect("a text").to_owned()
}

fn place(name: &str, region: &str, country: &str) -> Value {
    json!({
        "id": 2_778_067, "name": name, "latitude": 47.066_67, "longitude": 15.45, "elevation": 363.0,
        "feature_code": "PPLA", "country_code": "AT", "timezone": "Europe/Vienna", "country": country, "admin1": region,
    })
}

fn places(places: &[Value]) -> Answer {
    Answer::json(200, &json!({ "results": places, "generationtime_ms": 0.5 }))
}

fn forecast() -> Answer {
    let current = json!({
        "time": "2026-11-21T19:30", "interval": 900, "temperature_2m": -0.4, "apparent_temperature": -4.1,
        "relative_humidity_2m": 81, "weather_code": 71, "wind_speed_10m": 9.4,
    });
    Answer::json(
        200,
        &json!({ "latitude": 47.08, "longitude": 15.44, "timezone": "Europe/Vienna", "current": current }),
    )
}

#[test]
fn the_best_match_is_answered_and_the_others_are_named() {
    let found = [place("Graz", "Styria", "Austria"), place("Graz", "Graz", "Elsewhere")];
    let peer = Peer::answering([places(&found), forecast()]);
    let result = call(&worker(peer.url()), json!({ "location": " Graz " }));
    let output = &result["structuredContent"];
    let graz =
        json!({ "name": "Graz", "region": "Styria", "country": "Austria", "latitude": 47.066_67, "longitude": 15.45 });
    assert_eq!(output["place"], graz);
    assert_eq!(output["other_matches"][0]["country"], "Elsewhere");
    assert_eq!((&output["condition"], &output["temperature"]), (&json!("light snow"), &json!(-0.4)));
    assert_eq!(
        result["content"][0]["text"],
        "Graz, Styria, Austria, 2026-11-21 19:30 local time: light snow, -0.4 °C, feels like -4.1 °C, humidity 81 %, \
         wind 9.4 km/h.\nOther places of that name: Graz, Elsewhere.\nData: Open-Meteo.com"
    );
    let targets: Vec<_> = peer.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets[0], "/v1/search?name=Graz&count=5");
    assert!(targets[1].starts_with("/v1/forecast?latitude=47.06667&longitude=15.45&current=temperature_2m%2C"));
    assert!(targets[1].ends_with("&timezone=auto&temperature_unit=celsius"), "{targets:?}");
}

#[test]
fn fahrenheit_is_asked_for_and_said() {
    let peer = Peer::answering([places(&[place("Graz", "Styria", "Austria")]), forecast()]);
    let result = call(&worker(peer.url()), json!({ "location": "Graz", "units": "fahrenheit" }));
    assert_eq!(result["structuredContent"]["units"], "fahrenheit");
    assert!(result["content"][0]["text"].as_str().is_some_and(|text| text.contains("-0.4 °F")), "{result}");
    assert!(peer.requests()[1].target.ends_with("&temperature_unit=fahrenheit"));
}

#[test]
fn an_unknown_place_is_answered_with_what_to_send_instead() {
    let peer = Peer::answering([Answer::json(200, &json!({ "generationtime_ms": 0.2 }))]);
    let text = refusal(&worker(peer.url()), "Xyzzy");
    assert!(text.starts_with("There is no place called \"Xyzzy\". Send the name of a city"), "{text}");
}

#[test]
fn failures_of_the_service_say_when_to_try_again_and_nothing_of_what_it_said() {
    let error = json!({ "error": true, "reason": "internal secret" });
    let peer = Peer::answering([
        Answer::json(429, &error),
        Answer::json(503, &error),
        Answer::json(400, &error),
        places(&[place("Graz", "Styria", "Austria")]),
        Answer::json(200, &error),
    ]);
    let worker = worker(peer.url());
    for said in ["takes no more requests for now", "Try again in a minute", "HTTP 400", "could not be understood"] {
        let text = refusal(&worker, "Graz");
        assert!(text.contains("Open-Meteo") && text.contains(said) && !text.contains("secret"), "{text}");
    }
}

#[test]
fn a_url_the_worker_cannot_use_fails_its_start_by_name() {
    for (url, reason) in [("", "not set"), ("http://api.open-meteo.com", "only https, or http on this machine")] {
        let init_error = worker(url).exit().init_error.expect("posted to /runtime/init/error");
        let message = init_error["errorMessage"].as_str().expect("a text");
        assert!(message.contains("PENSTOCK_GEOCODING_URL") && message.contains(reason), "{message}");
    }
}
