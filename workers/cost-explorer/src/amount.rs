//! Amounts as tools answer them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::decimal::Decimal;

/// An amount with its unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Amount {
    /// An exact decimal number.
    pub(crate) amount: String,
    /// E.g. USD, or N/A where units differ.
    pub(crate) unit: String,
}

impl Amount {
    /// An amount as the API states it.
    pub(crate) fn new(amount: Option<String>, unit: Option<String>) -> Self {
        Self { amount: amount.unwrap_or_else(|| "0".to_owned()), unit: unit.unwrap_or_else(|| "N/A".to_owned()) }
    }

    /// Rounded, for reading.
    pub(crate) fn shown(&self) -> String {
        shown(&self.amount, &self.unit)
    }
}

/// Rounds for reading; a quantity of mixed units has no unit to show.
pub(crate) fn shown(amount: &str, unit: &str) -> String {
    let number = Decimal::parse(amount).map_or_else(|| amount.to_owned(), |number| number.to_string());
    if unit == "N/A" { number } else { format!("{number} {unit}") }
}
