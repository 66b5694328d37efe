//! The variables of a URI template, where it is simple enough to tell them without a parser of RFC 6570.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// The name of the first variable.
pub(super) fn first_variable(template: &str) -> Option<&str> {
    let (_, rest) = template.split_once('{')?;
    let (expression, _) = rest.split_once('}')?;
    let name = expression.trim_start_matches(['+', '#', '.', '/', ';', '?', '&']);
    Some(name.split([',', ':', '*']).next().unwrap_or(name))
}

/// What the variables stand for in `uri`; none if the template has another operator than `+`, or does not match.
pub(super) fn variables(template: &str, uri: &str) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let (mut template, mut uri) = (template, uri);
    while let Some((literal, rest)) = template.split_once('{') {
        let (expression, after) = rest.split_once('}')?;
        let reserved = expression.strip_prefix('+');
        let name = reserved.unwrap_or(expression);
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.') {
            return None;
        }
        uri = uri.strip_prefix(literal)?;
        // The value of a simple expression holds no reserved character: it ends where the next literal begins. One of a
        // `+` may hold that literal too: it goes as far as it can.
        let next = after.split('{').next().unwrap_or_default();
        let end = match reserved {
            _ if next.is_empty() => uri.len(),
            Some(_) => uri.rfind(next)?,
            None => uri.find(next)?,
        };
        let value = percent_decode_str(&uri[..end]).decode_utf8().map(Cow::into_owned).ok()?;
        found.insert(name.to_owned(), value);
        (template, uri) = (after, &uri[end..]);
    }
    (template == uri).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::{first_variable, variables};

    #[test]
    fn simple_templates_say_what_their_variables_stand_for() {
        let found = variables("repository://{owner}/{name}", "repository://rust-lang/a%20b").expect("a match");
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [("name".to_owned(), "a b".to_owned()), ("owner".to_owned(), "rust-lang".to_owned())]
        );
        assert!(variables("a://{b}/c", "a://b/d").is_none());
        assert!(variables("a://{?b}", "a://b").is_none(), "an operator");
        let path = variables("document://{+path}", "document://a/b%20c.md").expect("a match");
        assert_eq!(path.get("path").map(String::as_str), Some("a/b c.md"));
        assert_eq!(first_variable("a://x/{?first,second}"), Some("first"));
    }
}
