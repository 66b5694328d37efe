//! Filter patterns on JSON: `{ ($.level = "ERROR") && ($.order.cents > 1000) }`.

use serde_json::Value;

use super::pattern::phrase;
use crate::sample_account::error::ApiError;

/// Parentheses inside one another before a pattern is refused.
const MAX_DEPTH: usize = 16;

/// What a JSON message has to be like.
#[derive(Debug)]
pub(super) enum Condition {
    /// All of them hold.
    And(Vec<Condition>),
    /// One of them holds.
    Or(Vec<Condition>),
    /// A member is like this.
    Member(Selector, Test),
}

/// Members and places in lists, outermost first.
type Selector = Vec<String>;

type Compare = fn(&f64, &f64) -> bool;

/// What a member is held against.
#[derive(Debug)]
pub(super) enum Test {
    /// It is there and equal; `*` stands for any text.
    Equal(String),
    /// It is there and not equal.
    Unequal(String),
    /// It is a number that compares so.
    Number(Compare, f64),
    /// It is there and null, true or false.
    Is(Value),
    /// It is not there.
    NotExists,
}

impl Condition {
    /// Reads a pattern in braces.
    ///
    /// # Errors
    /// `InvalidParameterException` that shows where reading ended.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let mut parser = Parser { rest: text, depth: 0 };
        parser.expect("{")?;
        let condition = parser.any()?;
        parser.expect("}")?;
        if parser.rest.trim().is_empty() { Ok(condition) } else { Err(parser.fault()) }
    }

    /// Whether a message is JSON and meets the condition.
    pub(super) fn matches(&self, message: &str) -> bool {
        message.starts_with('{') && serde_json::from_str(message).is_ok_and(|message| self.holds(&message))
    }

    fn holds(&self, message: &Value) -> bool {
        match self {
            Self::And(all) => all.iter().all(|condition| condition.holds(message)),
            Self::Or(any) => any.iter().any(|condition| condition.holds(message)),
            Self::Member(selector, test) => test.holds(selector.iter().try_fold(message, |value, key| match value {
                Value::Array(items) => items.get(key.parse::<usize>().ok()?),
                value => value.get(key),
            })),
        }
    }
}

impl Test {
    fn holds(&self, value: Option<&Value>) -> bool {
        match self {
            Self::NotExists => value.is_none(),
            Self::Is(wanted) => value == Some(wanted),
            Self::Number(compare, bound) => value.and_then(Value::as_f64).is_some_and(|value| compare(&value, bound)),
            Self::Equal(wanted) => value.is_some_and(|value| is_like(value, wanted)),
            Self::Unequal(wanted) => value.is_some_and(|value| !is_like(value, wanted)),
        }
    }
}

fn is_like(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => is_text_like(text, wanted),
        Value::Number(number) => match (number.as_f64(), wanted.parse::<f64>()) {
            (Some(number), Ok(wanted)) => number.total_cmp(&wanted).is_eq(),
            _ => is_text_like(&number.to_string(), wanted),
        },
        _ => false,
    }
}

fn is_text_like(text: &str, wanted: &str) -> bool {
    let Some((first, rest)) = wanted.split_once('*') else { return text == wanted };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Condition, ApiError> {
        let mut any = vec![self.all()?];
        while self.eat("||") {
            any.push(self.all()?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Condition::Or(any) })
    }

    fn all(&mut self) -> Result<Condition, ApiError> {
        let mut all = vec![self.one()?];
        while self.eat("&&") {
            all.push(self.one()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Condition::And(all) })
    }

    fn one(&mut self) -> Result<Condition, ApiError> {
        if !self.eat("(") {
            return Ok(Condition::Member(self.selector()?, self.test()?));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault());
        }
        let inner = self.any()?;
        self.depth -= 1;
        self.expect(")")?;
        Ok(inner)
    }

    fn selector(&mut self) -> Result<Selector, ApiError> {
        self.expect("$")?;
        let mut selector = Selector::new();
        loop {
            let closed = match self.rest.as_bytes() {
                [b'.', ..] => false,
                [b'[', ..] => true,
                _ if selector.is_empty() => return Err(self.fault()),
                _ => return Ok(selector),
            };
            self.rest = &self.rest[1..];
            let key = self.take(|character| character.is_alphanumeric() || "_-".contains(character));
            if key.is_empty() {
                return Err(self.fault());
            }
            selector.push(key.to_owned());
            if closed {
                self.expect("]")?;
            }
        }
    }

    fn test(&mut self) -> Result<Test, ApiError> {
        if self.eat("NOT") {
            return self.expect("EXISTS").map(|()| Test::NotExists);
        }
        if self.eat("IS") {
            let known = [("NULL", Value::Null), ("TRUE", true.into()), ("FALSE", false.into())];
            let known = known.into_iter().find(|(word, _)| self.eat(word));
            return known.map(|(_, value)| Test::Is(value)).ok_or_else(|| self.fault());
        }
        if self.eat("!=") {
            return self.value().map(Test::Unequal);
        }
        if self.eat("=") {
            return self.value().map(Test::Equal);
        }
        // The longer ones first.
        let comparisons: [(&str, Compare); 4] = [(">=", f64::ge), ("<=", f64::le), (">", f64::gt), ("<", f64::lt)];
        let Some((_, compare)) = comparisons.into_iter().find(|(sign, _)| self.eat(sign)) else {
            return Err(self.fault());
        };
        self.value()?.parse().map(|bound| Test::Number(compare, bound)).map_err(|_| self.fault())
    }

    fn value(&mut self) -> Result<String, ApiError> {
        self.rest = self.rest.trim_start();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let (value, rest) = phrase(quoted)?;
            self.rest = rest;
            return Ok(value);
        }
        let value = self.take(|character| character.is_alphanumeric() || "_-.*:/+".contains(character));
        if value.is_empty() { Err(self.fault()) } else { Ok(value.to_owned()) }
    }

    fn take(&mut self, accepts: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|character| !accepts(character)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn eat(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, sign: &str) -> Result<(), ApiError> {
        if self.eat(sign) { Ok(()) } else { Err(self.fault()) }
    }

    fn fault(&self) -> ApiError {
        let rest: String = self.rest.trim_start().chars().take(20).collect();
        ApiError::invalid_parameter(format!("Invalid filter pattern: cannot read it from '{rest}' on"))
    }
}
