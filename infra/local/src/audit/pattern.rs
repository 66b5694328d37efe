//! Whether two names can be the same, where either may hold wildcards or what is not known.

/// Places in an ARN that a template leaves open: what stands there holds no colon.
const PLACES: [&str; 3] = ["AWS::Partition", "AWS::Region", "AWS::AccountId"];

/// What stands at one place of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// This character.
    Char(char),
    /// Any one character.
    One,
    /// Any number of characters.
    Many,
    /// Any number of characters but colons.
    Segment,
}

impl Piece {
    const fn repeats(self) -> bool {
        matches!(self, Self::Many | Self::Segment)
    }

    /// Whether one character can be both.
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Char(left), Self::Char(right)) => left == right,
            (Self::Segment, Self::Char(':')) | (Self::Char(':'), Self::Segment) => false,
            _ => true,
        }
    }
}

/// Whether some name is matched by both patterns of IAM (`*`, `?`). What stands for a value that is not known
/// (`${Parameter}`) can be anything.
pub(super) fn overlap(left: &str, right: &str) -> bool {
    meet(&pieces(left, true), &pieces(right, true))
}

/// Whether a name in an account can be what a template calls `planned`. Wildcards are nothing but characters here;
/// `${Parameter}` and `<stack.Resource>` are known only once they are deployed.
pub(super) fn fits(planned: &str, live: &str) -> bool {
    let live: Vec<Piece> = live.chars().map(Piece::Char).collect();
    meet(&pieces(planned, false), &live)
}

/// Whether a name holds what can be anything: `${Parameter}`, or a variable that IAM fills in.
pub(super) fn is_open(name: &str) -> bool {
    name.split("${").skip(1).any(|rest| !PLACES.contains(&rest.split('}').next().unwrap_or_default()))
}

/// Whether a name holds a wildcard of IAM. The marks of what is not known are none.
pub(super) fn is_wild(name: &str) -> bool {
    name.contains(['*', '?'])
}

/// Whether any text fits both, one character after another.
fn meet(left: &[Piece], right: &[Piece]) -> bool {
    // reachable[j]: the pieces of `left` so far and the first j of `right` have a text in common.
    let mut reachable = vec![false; right.len() + 1];
    reachable[0] = true;
    skip(&mut reachable, right);
    for piece in left {
        let mut next = vec![false; right.len() + 1];
        for (at, other) in right.iter().enumerate() {
            let meets = piece.meets(*other);
            // Both take the character; one that repeats may take more.
            next[at + 1] |= meets && (reachable[at] || (piece.repeats() && next[at]));
            next[at] |= meets && other.repeats() && reachable[at];
        }
        if piece.repeats() {
            for (next, before) in next.iter_mut().zip(&reachable) {
                *next |= before;
            }
            extend(&mut next, *piece, right);
        }
        skip(&mut next, right);
        reachable = next;
    }
    reachable[right.len()]
}

/// What repeats may as well stand for nothing.
fn skip(reachable: &mut [bool], right: &[Piece]) {
    for (at, piece) in right.iter().enumerate() {
        reachable[at + 1] |= reachable[at] && piece.repeats();
    }
}

/// A piece that repeats takes character after character of the other side.
fn extend(reachable: &mut [bool], piece: Piece, right: &[Piece]) {
    for (at, other) in right.iter().enumerate() {
        reachable[at + 1] |= reachable[at] && piece.meets(*other);
    }
}

/// A name taken apart. With `wild`, `*` and `?` are IAM's, and `<…>` is a name as good as any other; without, they
/// are characters, and `<…>` is not known.
fn pieces(name: &str, wild: bool) -> Vec<Piece> {
    let mut made = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let unknown = rest.strip_prefix("${").and_then(|inner| inner.split_once('}'));
        let resource = if wild { None } else { rest.strip_prefix('<').and_then(|inner| inner.split_once('>')) };
        if let Some((inner, after)) = unknown.or(resource) {
            made.push(if PLACES.contains(&inner) { Piece::Segment } else { Piece::Many });
            rest = after;
            continue;
        }
        made.push(match first {
            '*' if wild => Piece::Many,
            '?' if wild => Piece::One,
            _ => Piece::Char(first),
        });
        rest = &rest[first.len_utf8()..];
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{fits, is_wild, overlap};

    #[test]
    fn two_patterns_overlap_if_some_name_is_matched_by_both() {
        let ping = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:dev-penstock-ping";
        let any = |text: &str| format!("{ping}{text}");
        for (left, right, expected) in [
            (ping, ping.to_owned(), true),
            ("*", ping.to_owned(), true),
            ("arn:aws:lambda:*:*:function:dev-*", ping.to_owned(), true),
            ("arn:aws:lambda:us-east-1:123456789012:function:dev-penstock-ping:7", any(":*"), true),
            ("arn:aws:lambda:us-east-1:123456789012:function:dev-penstock-ping:7", ping.to_owned(), false),
            ("arn:aws:lambda:us-east-1:123456789012:function:prod-*", any(":*"), false),
            ("arn:aws:lambda:us-east-1:123456789012:function:dev-penstock-pin?", ping.to_owned(), true),
            ("arn:aws:s3:::*", ping.to_owned(), false),
            ("${Function}", ping.to_owned(), true),
            ("arn:aws:lambda:us-east-1:1:function:<other.Function>", ping.to_owned(), false),
            ("a*c", "ab*".to_owned(), true),
            ("a*c", "ab*d".to_owned(), false),
            ("*a*", "*b*".to_owned(), true),
            ("", String::new(), true),
            ("", "*".to_owned(), true),
            ("?", String::new(), false),
        ] {
            assert_eq!(overlap(left, &right), expected, "{left} and {right}");
            assert_eq!(overlap(&right, left), expected, "{right} and {left}");
        }
    }

    #[test]
    fn what_a_template_leaves_open_fits_what_is_there_and_a_wildcard_fits_itself_alone() {
        for (planned, live, expected) in [
            ("arn:${AWS::Partition}:s3:::<app.Bucket>/*", "arn:aws:s3:::bucket-1a2b/*", true),
            ("arn:${AWS::Partition}:s3:::<app.Bucket>/*", "arn:aws:s3:::bucket-1a2b/a", false),
            ("arn:aws:s3:::a/*", "arn:aws:s3:::a/b", false),
            ("arn:aws:s3:::a/b", "arn:aws:s3:::a/*", false),
            ("${AWS::AccountId}", "1:2", false),
        ] {
            assert_eq!(fits(planned, live), expected, "{planned} and {live}");
        }
    }

    #[test]
    fn the_marks_of_what_is_not_known_are_no_wildcards() {
        assert!(is_wild("a*") && is_wild("a?"));
        assert!(!is_wild("arn:${AWS::Partition}:s3:::<app.Bucket>"));
    }
}
