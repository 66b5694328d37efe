/// The bare name of a function as a caller spells it: `name`, `name:qualifier`, a partial or a full
/// ARN, percent-encoded as a path segment. Every qualifier means the one local version.
pub(crate) fn function_name(segment: &str) -> Option<String> {
    let decoded = percent_decode(segment)?;
    let parts: Vec<&str> = decoded.split(':').collect();
    let (["arn", _, "lambda", _, _, "function", name]
    | ["arn", _, "lambda", _, _, "function", name, _]
    | [_, "function", name]
    | [_, "function", name, _]
    | [name]
    | [name, _]) = *parts.as_slice()
    else {
        return None;
    };
    (!name.is_empty()).then(|| name.to_owned())
}

fn percent_decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
        decoded.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::function_name;

    #[test]
    fn every_spelling_of_a_function_gives_its_name() {
        for spelling in [
            "ping",
            "ping:7",
            "ping:%24LATEST",
            "000000000000:function:ping",
            "arn:aws:lambda:us-east-1:000000000000:function:ping",
            "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aping%3Alive",
        ] {
            assert_eq!(function_name(spelling).as_deref(), Some("ping"), "{spelling}");
        }
    }

    #[test]
    fn what_names_no_function_is_refused() {
        for spelling in ["", "%", "%2", "%+1", "%ff", "a:b:c:d:e", ":x"] {
            assert_eq!(function_name(spelling), None, "{spelling}");
        }
    }
}
