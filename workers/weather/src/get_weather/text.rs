//! The answer in one line.

use std::fmt;

use super::{Output, Place, Units};

/// Says that no place has the name, and what to send instead.
pub(super) fn unknown(location: &str) -> String {
    format!(
        "There is no place called {location:?}. Send the name of a city or town, or a postal code; narrow it by country \
         or region after a comma only, as in \"Portland, Maine\"."
    )
}

/// The name the API has for the unit.
impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Celsius => "celsius",
            Self::Fahrenheit => "fahrenheit",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [Some(&self.name), self.region.as_ref(), self.country.as_ref()];
        // A city can be its own region.
        let mut parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        parts.dedup();
        f.write_str(&parts.join(", "))
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let degrees = match self.units {
            Units::Celsius => "°C",
            Units::Fahrenheit => "°F",
        };
        let weather = &self.weather;
        write!(f, "{}, {} local time: {}", self.place, weather.local_time.replace('T', " "), weather.condition)?;
        write!(f, ", {} {degrees}, feels like {} {degrees}", weather.temperature, weather.feels_like)?;
        write!(f, ", humidity {} %, wind {} km/h.", weather.humidity_percent, weather.wind_speed_kmh)?;
        if !self.other_matches.is_empty() {
            let others: Vec<_> = self.other_matches.iter().map(ToString::to_string).collect();
            write!(f, "\nOther places of that name: {}.", others.join("; "))?;
        }
        f.write_str("\nData: Open-Meteo.com")
    }
}
