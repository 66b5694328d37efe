//! `get_weather`. Open-Meteo is on the internet, so a stand-in gives answers of the form its documentation shows.

use penstock_e2e::{Penstock, StandIn, http, requests};
use serde_json::{Value, json};

fn open_meteo(target: &str) -> (u16, Value) {
    if target.starts_with("/v1/search?name=Graz&") {
        let graz =
            json!({ "name": "Graz", "latitude": 47.07, "longitude": 15.45, "country": "Austria", "admin1": "Styria" });
        return (200, json!({ "results": [graz], "generationtime_ms": 0.3 }));
    }
    if target.starts_with("/v1/search?") {
        return (200, json!({ "generationtime_ms": 0.3 }));
    }
    let current = json!({
        "time": "2026-11-21T19:30", "interval": 900, "temperature_2m": 31.3, "apparent_temperature": 24.6,
        "relative_humidity_2m": 81, "weather_code": 71, "wind_speed_10m": 9.4,
    });
    (200, json!({ "latitude": 47.08, "longitude": 15.44, "current": current }))
}

#[tokio::test]
async fn the_weather_of_a_place_reaches_a_client_and_an_unknown_place_is_explained() -> anyhow::Result<()> {
    let stand_in = StandIn::start(open_meteo).await?;
    let environment = [("PENSTOCK_GEOCODING_URL", stand_in.url()), ("PENSTOCK_WEATHER_URL", stand_in.url())];
    let penstock = Penstock::configured(&[], &environment).await?;
    let client = http::client();
    let call = requests::call(1, "get_weather", &json!({ "location": "Graz", "units": "fahrenheit" }));
    let arrivals = http::exchange(&client, penstock.url(), &call).await?;
    let output = &arrivals[0].message["result"]["structuredContent"];
    assert_eq!(output["place"]["country"], "Austria", "{arrivals:?}");
    assert_eq!((&output["condition"], &output["temperature"]), (&json!("light snow"), &json!(31.3)));

    let call = requests::call(2, "get_weather", &json!({ "location": "Xyzzy" }));
    let arrivals = http::exchange(&client, penstock.url(), &call).await?;
    let result = &arrivals[0].message["result"];
    assert_eq!(result["isError"], true);
    assert!(result["content"][0]["text"].as_str().is_some_and(|text| text.contains("Send the name of a city")));
    Ok(())
}
