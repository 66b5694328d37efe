//! JSON as a validator reads it: parsed once, with bounds a hostile client cannot pass.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The most values a checked document may hold. An object of one member takes 700 bytes of memory for
/// seven bytes of JSON, so the size of the text alone bounds nothing.
pub const MAX_VALUES: usize = 100_000;

/// A document ready to be validated.
#[derive(Debug)]
pub struct Instance {
    pub(super) value: Value,
    /// How many arrays and objects are around the innermost value.
    pub(super) depth: usize,
}

/// Why a document cannot be checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Two readers could see two documents: a member named twice (rule S-6), a number no 64-bit
    /// floating point can come near. The text says where.
    #[error("{0}")]
    Ambiguous(String),
    /// More than [`MAX_VALUES`].
    #[error("more than {MAX_VALUES} values")]
    TooMany,
}

impl Instance {
    /// Reads a JSON text.
    ///
    /// # Errors
    /// [`Unreadable`] if two readers could read it in two ways, or it holds more than [`MAX_VALUES`].
    pub fn parse(json: &str) -> Result<Self, Unreadable> {
        let mut count = Count { left: Some(MAX_VALUES), depth: 0, deepest: 0 };
        let mut reader = serde_json::Deserializer::from_str(json);
        let read = Reader(&mut count).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
        match read {
            Ok(value) => Ok(Self { value, depth: count.deepest }),
            Err(_) if count.left.is_none() => Err(Unreadable::TooMany),
            Err(error) => Err(Unreadable::Ambiguous(error.to_string())),
        }
    }
}

struct Count {
    /// `None` once there was one value too many.
    left: Option<usize>,
    depth: usize,
    deepest: usize,
}

impl Count {
    fn open(&mut self) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }
}

struct Reader<'c>(&'c mut Count);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.left = self.0.left.and_then(|left| left.checked_sub(1));
        if self.0.left.is_none() {
            return Err(D::Error::custom(Unreadable::TooMany));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        self.0.open();
        let mut items = Vec::new();
        while let Some(item) = elements.next_element_seed(Reader(self.0))? {
            items.push(item);
        }
        self.0.depth -= 1;
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.0.open();
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(Reader(self.0))?;
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom("an object names a member twice"));
            }
        }
        self.0.depth -= 1;
        Ok(Value::Object(map))
    }
}
