//! Just enough of Rust's grammar to tell code from comments and strings.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// The code alone: comments and the insides of strings become spaces.
pub fn code(text: &str) -> String {
    blank(text, true)
}

/// The code with its strings: only comments become spaces.
pub fn code_and_strings(text: &str) -> String {
    blank(text, false)
}

/// What ships of a file: without the `mod tests { … }` that ends it.
pub fn shipped(text: &str) -> &str {
    TESTS.find(text).map_or(text, |found| &text[..found.start()])
}

/// What does not: the rest.
pub fn unshipped(text: &str) -> &str {
    &text[shipped(text).len()..]
}

/// Words are tokens of their own, so that the `r` of `var"` is not the beginning of a raw string.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let comment = r"//[^\n]*|/\*.*?\*/";
    let raw = r##"b?r"[^"]*"|b?r#".*?"#"##;
    let string = r#"b?"(?:[^"\\]|\\.)*""#;
    let character = r"b?'(?:\\.[^']*|[^\\'])'";
    let token = format!(r"(?s)(?P<comment>{comment})|(?P<string>{raw}|{string}|{character})|\w+");
    Regex::new(&token).unwrap()
});

static TESTS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"#\[cfg\(test\)\]\s*mod \w+ \{").unwrap());

fn blank(text: &str, strings_too: bool) -> String {
    let spaces = |token: &Captures<'_>| {
        let is_blank =
            token.name("comment").is_some() || (strings_too && token.name("string").is_some());
        match is_blank {
            // Lines stay lines, so that a place can be counted.
            true => token[0].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect(),
            false => token[0].to_owned(),
        }
    };
    TOKEN.replace_all(text, spaces).into_owned()
}

#[test]
fn comments_and_strings_are_not_code() {
    let text = "a // b\n/* c */ \"d\\\"\" r#\"e\"f\"# 'g' '\\'' <'h> i";
    let words: Vec<String> = code(text).split_whitespace().map(str::to_owned).collect();
    assert_eq!(words, ["a", "<'h>", "i"]);
    assert!(code_and_strings(text).contains("r#\"e\"f\"#"));
    assert_eq!(code(text).lines().count(), 2);
}

#[test]
fn tests_at_the_end_of_a_file_do_not_ship() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\n";
    assert_eq!((shipped(text).trim(), unshipped(text).contains("fn b")), ("fn a() {}", true));
    assert_eq!(shipped("#[cfg(test)]\nmod tests;\nfn a() {}").lines().count(), 3);
}
