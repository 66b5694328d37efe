//! Parameters of a query or a form (RFC 6749, section 3.1 and appendix B).

use std::collections::BTreeMap;

/// Most parameters looked at; what follows is not read.
const MAX_PARAMETERS: usize = 64;

/// Parameters by name. One without a value counts as left out, an unknown one is ignored.
#[derive(Debug)]
pub(crate) struct Parameters(BTreeMap<String, Value>);

#[derive(Debug)]
enum Value {
    Once(String),
    Repeated,
}

/// A parameter was sent more than once, or is longer than any of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidParameter;

impl Parameters {
    pub(crate) fn parse(text: &[u8]) -> Self {
        let mut parameters = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(text).take(MAX_PARAMETERS) {
            let value = Value::Once(value.into_owned());
            parameters.entry(name.into_owned()).and_modify(|known| *known = Value::Repeated).or_insert(value);
        }
        Self(parameters)
    }

    /// A parameter of at most `longest` bytes.
    pub(crate) fn get(&self, name: &str, longest: usize) -> Result<Option<&str>, InvalidParameter> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Once(value)) if value.is_empty() => Ok(None),
            Some(Value::Once(value)) if value.len() <= longest => Ok(Some(value)),
            Some(_) => Err(InvalidParameter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidParameter, Parameters};

    #[test]
    fn a_parameter_is_there_once_and_of_bounded_length_or_not_at_all() {
        let parameters = Parameters::parse(b"a=1&b=&c=1&c=1&d=%20x+y&e=12345&%61%62=z");
        assert_eq!(parameters.get("a", 4), Ok(Some("1")));
        assert_eq!(parameters.get("b", 4), Ok(None));
        assert_eq!(parameters.get("c", 4), Err(InvalidParameter));
        assert_eq!(parameters.get("d", 4), Ok(Some(" x y")));
        assert_eq!(parameters.get("e", 4), Err(InvalidParameter));
        assert_eq!(parameters.get("ab", 4), Ok(Some("z")));
        assert_eq!(parameters.get("f", 4), Ok(None));
    }
}
