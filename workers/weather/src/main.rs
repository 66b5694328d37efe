//! Worker family: the weather, from Open-Meteo.

mod condition;
mod get_weather;

use std::process::ExitCode;

use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new().try_tool(async || get_weather::GetWeather::from_env()).serve()
}
