//! `get_weather`: how is the weather at a place, now?

mod text;

use penstock_fetch::{Service, ServiceError, ServiceSetupError};
use penstock_kit::{Call, Content, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::condition;

/// What is asked of the forecast, and becomes [`Weather`].
const CURRENT: &str = "temperature_2m,apparent_temperature,relative_humidity_2m,weather_code,wind_speed_10m";

/// Places of a name that are told apart in an answer.
const MATCHES: usize = 5;

/// The tool.
pub(crate) struct GetWeather {
    geocoding: Service,
    forecast: Service,
}

/// What `get_weather` takes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// A city or postal code, in any language. Where several places have the name, add the country or region after a
    /// comma: "Portland, Maine".
    #[schemars(length(min = 2, max = 200))]
    location: String,
    /// The unit of temperatures.
    #[serde(default)]
    units: Units,
}

/// A unit of temperatures.
#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Units {
    #[default]
    Celsius,
    Fahrenheit,
}

/// What `get_weather` answers.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The place the weather is of: the best match of the location.
    place: Place,
    /// Other places the location may mean.
    other_matches: Vec<Place>,
    /// The unit of temperatures.
    units: Units,
    #[serde(flatten)]
    weather: Weather,
}

/// A place, as the geocoder knows it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Place {
    name: String,
    /// The state or province.
    #[serde(rename(deserialize = "admin1"))]
    region: Option<String>,
    country: Option<String>,
    latitude: f64,
    longitude: f64,
}

/// The weather at one moment.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Weather {
    /// When, by the clocks of the place: YYYY-MM-DDTHH:MM.
    #[serde(rename(deserialize = "time"))]
    local_time: String,
    /// What the sky does, in words.
    #[serde(rename(deserialize = "weather_code"), deserialize_with = "condition::deserialize")]
    condition: String,
    /// Two metres above the ground.
    #[serde(rename(deserialize = "temperature_2m"))]
    temperature: f64,
    /// What the temperature feels like, with wind and humidity.
    #[serde(rename(deserialize = "apparent_temperature"))]
    feels_like: f64,
    /// Relative humidity, in percent.
    #[serde(rename(deserialize = "relative_humidity_2m"))]
    humidity_percent: f64,
    /// In kilometres per hour, ten metres above the ground.
    #[serde(rename(deserialize = "wind_speed_10m"))]
    wind_speed_kmh: f64,
}

#[derive(Deserialize)]
struct Found {
    /// Absent if nothing matches.
    #[serde(default)]
    results: Vec<Place>,
}

#[derive(Deserialize)]
struct Forecast {
    current: Weather,
}

impl GetWeather {
    /// Reads where the APIs are. Connects to nothing yet.
    ///
    /// # Errors
    /// If a variable holds no usable URL.
    pub(crate) fn from_env() -> Result<Self, ServiceSetupError> {
        let (geocoding, forecast) = ("PENSTOCK_GEOCODING_URL", "PENSTOCK_WEATHER_URL");
        Ok(Self { geocoding: Service::from_env(geocoding)?, forecast: Service::from_env(forecast)? })
    }
}

impl Tool for GetWeather {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = Arguments;
    type Output = Output;

    async fn call(&self, Arguments { location, units }: Arguments, _: &Call) -> Result<Reply<Output>, ToolError> {
        let failed = |error: ServiceError| ToolError::Failed(error.explain("Open-Meteo"));
        let search = self.geocoding.get("v1/search").query("name", location.trim()).query("count", MATCHES);
        let mut matches = search.json::<Found>().await.map_err(failed)?.results.into_iter();
        let place = matches.next().ok_or_else(|| ToolError::Failed(text::unknown(&location)))?;
        let forecast = self.forecast.get("v1/forecast").query("latitude", place.latitude);
        let forecast = forecast.query("longitude", place.longitude).query("current", CURRENT);
        let forecast = forecast.query("timezone", "auto").query("temperature_unit", units);
        let weather = forecast.json::<Forecast>().await.map_err(failed)?.current;
        let output = Output { place, other_matches: matches.collect(), units, weather };
        let text = Content::text(output.to_string());
        Ok(Reply::from(output).with_content(text))
    }
}

#[cfg(test)]
mod tests {
    use penstock_kit::testing;

    use super::GetWeather;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<GetWeather>();
    }
}
