//! Just enough of Rust's grammar to tell code from comments and strings.

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
    let tests = regex::Regex::new(r"#\[cfg\(test\)\]\s*mod \w+ \{").unwrap();
    tests.find(text).map_or(text, |found| &text[..found.start()])
}

/// What does not: the rest.
pub fn unshipped(text: &str) -> &str {
    &text[shipped(text).len()..]
}

fn blank(text: &str, strings_too: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, is_blank) = if let Some(length) = comment(rest) {
            (&rest[..length], true)
        } else if let Some(length) = string(rest) {
            (&rest[..length], strings_too)
        } else {
            (&rest[..word(rest).unwrap_or(first.len_utf8())], false)
        };
        if is_blank {
            // Lines stay lines, so that a place can be counted.
            out.extend(token.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        } else {
            out.push_str(token);
        }
        rest = &rest[token.len()..];
    }
    out
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let inside = rest.strip_prefix("/*")?;
    Some(inside.find("*/").map_or(rest.len(), |end| end + 4))
}

/// Strings, raw strings and characters, with what stands before their quote.
fn string(rest: &str) -> Option<usize> {
    let after_b = rest.strip_prefix('b').unwrap_or(rest);
    if let Some(raw) = after_b.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let begin = rest.len() - raw.len() + hashes + 1;
            return Some(rest[begin..].find(&end).map_or(rest.len(), |at| begin + at + end.len()));
        }
    }
    if after_b.starts_with('"') {
        let begin = rest.len() - after_b.len() + 1;
        return Some(begin + closing_quote(&rest[begin..]));
    }
    let character = regex::Regex::new(r"^'(\\.[^']*|[^\\'])'").unwrap();
    character.find(rest).map(|found| found.end())
}

/// The length up to and with the first quote that no backslash escapes.
fn closing_quote(inside: &str) -> usize {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    inside.len()
}

/// A word is taken whole, so that the `r` of `var"` is not the beginning of a raw string.
fn word(rest: &str) -> Option<usize> {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    (end > 0).then_some(end)
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
