//! URI templates (RFC 6570), read backwards: from a URI to what its variables stand for.
//!
//! RFC 6570 says how templates are expanded, not how they are matched, and many expansions can be
//! read in several ways. So only what reads in one way is taken; everything else is refused when
//! the catalog is read:
//!
//! | expression | matches |
//! |---|---|
//! | `{a}`, `{a,b}` | one or more characters other than `/`, `?` and `#`; commas between variables |
//! | `{/a}`, `{/a,b}`, `{.a}` | the same behind a `/` or `.` each |
//! | `{+a}`, `{#a}` | one or more characters of any kind; the last variable of the template |
//! | `{?a,b}` | query parameters, any of them, in any order, once each, and no others; at the end |
//!
//! `{;a}`, `{&a}`, the modifiers `*` and `:3`, variables that touch and names used twice are refused.
//! Where text between two variables occurs more than once, the first variable is as short as it can
//! be. Text outside of expressions matches itself, upper and lower case, percent-encoding and all.
//!
//! Values are percent-decoded once and must be UTF-8. No value has a path segment `.` or `..` or the
//! character NUL, and only `{+a}`, `{#a}` and `{?a}` give values with a `/` in them, however it was
//! spelled: a worker that uses `{a}` as a file name stays in its folder.

mod parse;
mod value;

pub use parse::InvalidUriTemplate;

pub(super) use parse::has_scheme;

use std::collections::BTreeMap;

/// A template that can be matched.
#[derive(Debug)]
pub(crate) struct UriTemplate {
    text: String,
    /// Literals and variables in turn; the first is a literal.
    parts: Vec<Part>,
    /// The names of `{?…}`.
    query: Vec<String>,
}

#[derive(Debug)]
enum Part {
    Literal(String),
    /// Characters other than `/`, `?` and `#`.
    Segment(String),
    /// Characters of any kind.
    Rest(String),
}

impl UriTemplate {
    /// The template as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// How much of a URI it spells out, in bytes.
    pub(super) fn literal_length(&self) -> usize {
        let literal = |part: &Part| if let Part::Literal(text) = part { text.len() } else { 0 };
        self.parts.iter().map(literal).sum()
    }

    /// The names of its variables.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        let in_path = self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Segment(name) | Part::Rest(name) => Some(&**name),
        });
        in_path.chain(self.query.iter().map(|name| &**name))
    }

    /// What the variables stand for in a URI, if it matches.
    pub(super) fn variables_of(&self, uri: &str) -> Option<BTreeMap<String, String>> {
        let mut values = BTreeMap::new();
        let (path, query) = match uri.split_once('?') {
            Some((path, query)) if !self.query.is_empty() => (path, Some(query)),
            _ => (uri, None),
        };
        self.match_path(path, &mut values)?;
        if let Some(query) = query {
            self.match_query(query, &mut values)?;
        }
        Some(values)
    }

    /// One pass from left to right, without going back.
    fn match_path(&self, path: &str, values: &mut BTreeMap<String, String>) -> Option<()> {
        let mut rest = path;
        for (at, part) in self.parts.iter().enumerate() {
            let (name, decode): (_, fn(&str) -> Option<String>) = match part {
                Part::Literal(text) => {
                    rest = rest.strip_prefix(text.as_str())?;
                    continue;
                }
                Part::Segment(name) => (name, value::segment),
                Part::Rest(name) => (name, value::any),
            };
            let (value, behind) = rest.split_at_checked(self.variable_length(at, rest)?)?;
            values.insert(name.clone(), decode(value)?);
            rest = behind;
        }
        rest.is_empty().then_some(())
    }

    /// Where the variable at `at` ends: before the first occurrence of the text behind it, or where
    /// only that text is left if it is the template's last.
    fn variable_length(&self, at: usize, rest: &str) -> Option<usize> {
        let Some(Part::Literal(next)) = self.parts.get(at + 1) else { return Some(rest.len()) };
        if at + 2 == self.parts.len() {
            return rest.len().checked_sub(next.len());
        }
        let first = rest.chars().next()?.len_utf8();
        rest[first..].find(next.as_str()).map(|found| first + found)
    }

    fn match_query(&self, query: &str, values: &mut BTreeMap<String, String>) -> Option<()> {
        for parameter in query.split('&') {
            let (name, value) = parameter.split_once('=')?;
            let known = self.query.iter().any(|known| known == name) && !value.contains('#');
            if !known || values.insert(name.to_owned(), value::parameter(value)?).is_some() {
                return None;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::UriTemplate;

    fn parse(template: &str) -> UriTemplate {
        template.parse().unwrap_or_else(|error| panic!("{template}: {error}"))
    }

    /// The values in the order of their names, as `a=1 b=2`.
    fn values(template: &str, uri: &str) -> Option<String> {
        let values = parse(template).variables_of(uri)?;
        Some(values.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_uri_is_read_the_way_its_template_says() {
        for (template, uri, expected) in [
            ("test://template/{id}/data", "test://template/123/data", "id=123"),
            ("x:{a},{b}", "x:1,2", "a=1 b=2"),
            ("x:{a,b}", "x:1,2", "a=1 b=2"),
            ("x:{a}-{b}", "x:1-2-3", "a=1 b=2-3"),
            ("x:{a}-{b}", "x:--", ""),
            ("x:{a}-{b}", "x:---", "a=- b=-"),
            ("x:{a}/{b}.json", "x:1/2.json.json", "a=1 b=2.json"),
            ("x:{y}-{m}-{d}", "x:2026-11-21", "d=21 m=11 y=2026"),
            ("x:top{/a,b}{.c}", "x:top/1/2.txt", "a=1 b=2 c=txt"),
            ("file:///{+path}", "file:///src/main.rs", "path=src/main.rs"),
            ("file:///{+path}.md", "file:///a.md/b.md", "path=a.md/b"),
            ("file:///{+path}{?rev}", "file:///a/b?rev=7", "path=a/b rev=7"),
            ("x:a{#part}", "x:a#b/c", "part=b/c"),
            ("x:s{?q,limit}", "x:s?limit=5&q=", "limit=5 q="),
            ("x:s{?q}", "x:s?q=a%2Fb", "q=a/b"),
            ("x:{a}", "x:caf%C3%A9%20au%20lait", "a=café au lait"),
            ("x:{a}", "x:é", "a=é"),
            ("x:{a}-{b}", "x:é-ü", "a=é b=ü"),
            ("x:{a}", "x:%252e", "a=%2e"),
            ("x:{a}", "x:...", "a=..."),
        ] {
            let expected = (!expected.is_empty()).then(|| expected.to_owned());
            assert_eq!(values(template, uri), expected, "{template} on {uri}");
        }
        assert_eq!(values("x:s{?q}", "x:s").as_deref(), Some(""), "parameters may be absent");
    }

    #[test]
    fn a_uri_that_is_no_expansion_does_not_match() {
        for (template, uri) in [
            ("x:{a}", "x:"),
            ("x:{a}", "X:1"),
            ("x:{a}/b", "x:1/c"),
            ("x:{a}", "x:1/2"),
            ("x:{a}", "x:1?b"),
            ("x:{a}", "x:1#b"),
            ("x:{+a}", "x:"),
            ("x:s{?q}", "x:s?"),
            ("x:s{?q}", "x:s?q"),
            ("x:s{?q}", "x:s?q=1&q=2"),
            ("x:s{?q}", "x:s?other=1"),
            ("x:s{?q}", "x:s?q=1#part"),
            ("x:{a}", "x:%"),
            ("x:{a}", "x:%4"),
            ("x:{a}", "x:%+1"),
            ("x:{a}", "x:%FF"),
            ("x:{a}", "x:a b"),
            ("x:{a}", "x:a\tb"),
        ] {
            assert_eq!(values(template, uri), None, "{template} on {uri}");
        }
    }

    #[test]
    fn no_spelling_of_a_path_leaves_its_folder() {
        for uri in
            ["x:..", "x:%2e%2e", "x:.%2E", "x:.", "x:a%2Fb", "x:..%2fb", "x:%2F", "x:a%00", "x:..%5Cb", "x:%2e%2e%5c"]
        {
            assert_eq!(values("x:{a}", uri), None, "{uri}");
        }
        for uri in ["x:a/../b", "x:../b", "x:a/..", "x:a/%2e%2e/b", "x:a%2F..%2Fb", "x:a/./b", "x:a%00b", "x:a\\..\\b"]
        {
            assert_eq!(values("x:{+a}", uri), None, "{uri}");
            assert_eq!(values("x:s{?a}", &uri.replace("x:", "x:s?a=")), None, "{uri}");
        }
    }

    #[test]
    fn a_template_that_reads_in_two_ways_is_refused_by_name() {
        for (template, why) in [
            ("{+uri}", "scheme"),
            ("no scheme/{a}", "scheme"),
            ("x:{a}{b}", "{b}"),
            ("x:{a}{+b}", "{+b}"),
            ("x:{+a}/{b}", "{b}"),
            ("x:{+a,b}", "{+a,b}"),
            ("x:{a}/{a}", "\"a\""),
            ("x:{a}{?a}", "\"a\""),
            ("x:{;a}", "{;a}"),
            ("x:y?z=1{&a}", "{&a}"),
            ("x:{a*}", "{a*}"),
            ("x:{a:3}", "{a:3}"),
            ("x:{}", "{}"),
            ("x:{a,}", "{a,}"),
            ("x:{a-b}", "{a-b}"),
            ("x:{=a}", "{=a}"),
            ("x:{?a}/b", "{?a}"),
            ("x:{?a}{?b}", "{?a}"),
            ("x:y?z{?a}", "{?a}"),
            ("x:{a", "closed"),
            ("x:a}", "closed"),
            ("x:{a{b}}", "{a{b}"),
            ("x:a b{c}", "character"),
            ("x:{\u{e9}}", "{\u{e9}}"),
        ] {
            let error = template.parse::<UriTemplate>().expect_err(template).to_string();
            assert!(error.contains(why), "{template}: {error}");
        }
        let long = format!("x:{}", "a".repeat(9000));
        assert!(long.parse::<UriTemplate>().is_err());
    }
}
