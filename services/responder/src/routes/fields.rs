//! What a field may hold, told field by field: all that is wrong with a form is said at once.

use std::ops::RangeInclusive;

use web::Problem;

/// What is wrong so far.
#[derive(Default)]
pub(super) struct Fields {
    wrong: Vec<(&'static str, &'static str)>,
}

impl Fields {
    /// A text of so many characters; one that may not be empty may not be blank either.
    pub(super) fn text(&mut self, path: &'static str, text: &str, chars: RangeInclusive<usize>) {
        let blank = *chars.start() > 0 && text.trim().is_empty();
        let count = text.chars().count();
        if blank {
            self.wrong(path, "blank");
        } else if count > *chars.end() {
            self.wrong(path, "too-long");
        }
    }

    /// A number in these bounds.
    pub(super) fn number<N: PartialOrd>(
        &mut self,
        path: &'static str,
        number: N,
        bounds: RangeInclusive<N>,
    ) {
        if !bounds.contains(&number) {
            self.wrong(path, "out-of-range");
        }
    }

    /// Something else is wrong with a field.
    pub(super) fn wrong(&mut self, path: &'static str, code: &'static str) {
        self.wrong.push((path, code));
    }

    /// 422 that names every field that is wrong.
    pub(super) fn check(self) -> Result<(), Problem> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        let problem = Problem::unprocessable("unexpected-json");
        Err(self.wrong.into_iter().fold(problem, |problem, (path, code)| problem.field(path, code)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let mut fields = Fields::default();
        fields.text("name", " \n", 1..=10);
        fields.text("facts", &"ñ".repeat(11), 0..=10);
        fields.text("note", "", 0..=10);
        fields.number("days", 128, 0..=127);

        let problem = fields.check().unwrap_err();

        let wrong: Vec<_> =
            problem.fields().iter().map(|field| (field.path.as_str(), field.code)).collect();
        assert_eq!(wrong, [("name", "blank"), ("facts", "too-long"), ("days", "out-of-range")]);
    }
}
