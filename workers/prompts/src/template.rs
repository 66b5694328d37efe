//! One template: what clients see of it, and its text, filled in.

use std::collections::BTreeMap;
use std::io::{self, Write};

use minijinja::Environment;
use penstock_kit::PromptEntry;

use crate::arguments::Arguments;
use crate::front_matter;

/// Largest prompt that is made of a template, in bytes: what fits into a buffered answer many times over.
const MAX_PROMPT: usize = 1024 * 1024;

/// Instructions of the template engine one prompt may take; a text with a few hundred placeholders takes thousands.
const MAX_INSTRUCTIONS: u64 = 1_000_000;

/// A template that has been read.
#[derive(Debug)]
pub(crate) struct Template {
    /// What clients see of it.
    pub(crate) entry: PromptEntry,
    pub(crate) arguments: Arguments,
    text: String,
}

impl Template {
    /// Reads the file of the prompt `name`: text with placeholders (`{{ language }}`), in Jinja's syntax, which has
    /// conditions too (`{% if language %}`), and perhaps front matter above it.
    ///
    /// # Errors
    /// What is wrong with the file, for whoever wrote it.
    pub(crate) fn parse(name: &str, file: &str) -> Result<Self, String> {
        let (front_matter, text) = front_matter::split(file)?;
        let text = text.trim();
        if text.is_empty() {
            return Err("there is no text".to_owned());
        }
        let environment = environment();
        let template = environment.template_from_str(text).map_err(|error| error.to_string())?;
        let placeholders = template.undeclared_variables(false).into_iter();
        let placeholders =
            placeholders.filter(|name| !environment.globals().any(|(global, _)| global == name)).collect();
        let arguments = Arguments::new(front_matter.arguments, &placeholders, text)?;
        let entry = PromptEntry {
            name: name.to_owned(),
            title: front_matter.title,
            description: front_matter.description,
            arguments: arguments.entries(),
        };
        Ok(Self { entry, arguments, text: text.to_owned() })
    }

    /// The text with every placeholder replaced. What is not given is empty. What is given stays as it is: nothing in it
    /// is a placeholder.
    ///
    /// # Errors
    /// What the template does that cannot be done, or that it becomes too long.
    pub(crate) fn fill(&self, given: &BTreeMap<String, String>) -> Result<String, String> {
        let mut prompt = Bounded::default();
        let environment = environment();
        let template = environment.template_from_str(&self.text).map_err(|error| error.to_string())?;
        match template.render_captured_to(given.clone(), &mut prompt) {
            Err(_) if prompt.is_full => Err(format!("the prompt has more than {MAX_PROMPT} bytes")),
            Err(error) => Err(error.to_string()),
            Ok(_) => String::from_utf8(prompt.written).map_err(|error| error.to_string()),
        }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(MAX_INSTRUCTIONS));
    environment
}

/// A buffer that takes no more than [`MAX_PROMPT`] bytes.
#[derive(Default)]
struct Bounded {
    written: Vec<u8>,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_full = self.written.len() + bytes.len() > MAX_PROMPT;
        if self.is_full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Template;

    fn filled(template: &Template, given: &[(&str, &str)]) -> Result<String, String> {
        template.fill(&given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn names(template: &Template) -> Vec<&str> {
        template.entry.arguments.iter().map(|argument| &*argument.name).collect()
    }

    #[test]
    fn placeholders_become_arguments_in_the_order_of_the_text() {
        let template = Template::parse("p", "Say {{ what }} to {{who}}, {{ what }}!").expect("sound");
        assert_eq!(names(&template), ["what", "who"]);
        assert!(template.entry.arguments.iter().all(|argument| argument.required));
        assert_eq!(filled(&template, &[("what", "hi"), ("who", "me")]).as_deref(), Ok("Say hi to me, hi!"));
    }

    #[test]
    fn what_is_said_of_arguments_comes_first_and_may_make_them_optional() {
        let file = "---\narguments:\n  - {name: tone, required: false, description: How}\n---\n{{ text }}{% if tone %} ({{ tone }}){% endif %}";
        let template = Template::parse("p", file).expect("sound");
        assert_eq!(names(&template), ["tone", "text"]);
        assert_eq!(filled(&template, &[("text", "a")]).as_deref(), Ok("a"));
        assert_eq!(filled(&template, &[("text", "a"), ("tone", "calm")]).as_deref(), Ok("a (calm)"));
    }

    #[test]
    fn what_is_given_is_never_read_as_a_template() {
        let template = Template::parse("p", "{{ text }}").expect("sound");
        let text = "{{ secret }} {% for x in y %} <b>&amp;</b>";
        assert_eq!(filled(&template, &[("text", text)]).as_deref(), Ok(text));
    }

    #[test]
    fn variables_of_the_template_itself_are_no_arguments() {
        let template = Template::parse("p", "{% set a = b %}{{ a }}{% for x in range(2) %}{{ x }}{% endfor %}");
        assert_eq!(names(&template.expect("sound")), ["b"]);
    }

    #[test]
    fn a_file_that_is_no_template_is_refused_with_the_reason() {
        for (file, reason) in [
            ("{{ open", "syntax error"),
            ("  \n", "no text"),
            ("---\narguments: [{name: x}]\n---\nHello", "no placeholder {{ x }}"),
            ("---\narguments: [{name: x}, {name: x}]\n---\n{{ x }}", "twice"),
        ] {
            let error = Template::parse("p", file).expect_err(file);
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_prompt_is_bounded_in_length_and_work() {
        let template = Template::parse("p", "{% for x in range(9000) %}{{ text }}{% endfor %}").expect("sound");
        assert!(filled(&template, &[("text", &"x".repeat(1000))]).is_err_and(|error| error.contains("1048576 bytes")));
        let template =
            Template::parse("p", "{% for x in range(9000) %}{% for y in range(9000) %}{% endfor %}{% endfor %}");
        assert!(template.expect("sound").fill(&BTreeMap::new()).is_err());
    }
}
