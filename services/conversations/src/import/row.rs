//! Whether a row of a file can be taken, and if not, why not. The reasons are part of the API.

use std::collections::HashSet;

use domain::PhoneNumber;
use domain::store::conversations::words::Language;
use domain::store::conversations::write::GoodRow;

use crate::spreadsheet::{Row, Sheet, Unreadable};

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;
/// The longest way to write a number that is kept.
const LONGEST_RAW: usize = 64;

/// Where in a row what stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Columns {
    phone: usize,
    name: Option<usize>,
    language: Option<usize>,
}

impl Columns {
    /// Finds the columns that were named.
    pub(crate) fn find(
        sheet: &Sheet,
        phone: &str,
        name: Option<&str>,
        language: Option<&str>,
    ) -> Result<Self, Unreadable> {
        Ok(Self {
            phone: sheet.column(phone)?,
            name: name.map(|name| sheet.column(name)).transpose()?,
            language: language.map(|language| sheet.column(language)).transpose()?,
        })
    }
}

/// Judges a row of a file whose header has `width` cells. A number counts as seen only where its row is
/// taken, so that a good row is not lost to a bad one before it.
pub(super) fn judge(
    row: &Row<'_>,
    columns: &Columns,
    width: usize,
    seen: &mut HashSet<PhoneNumber>,
) -> Result<GoodRow, &'static str> {
    if !row.is_text() {
        return Err("not-encoded");
    }
    if row.len() > width {
        return Err("too-many-columns");
    }
    let cell = |column: Option<usize>| column.and_then(|column| row.cell(column)).unwrap_or("");
    let raw = cell(Some(columns.phone));
    if raw.is_empty() {
        return Err("missing-phone");
    }
    let phone = PhoneNumber::fold(raw).map_err(|_| "not-a-phone-number")?;
    if raw.chars().count() > LONGEST_RAW {
        return Err("not-a-phone-number");
    }
    let name = cell(columns.name);
    if name.chars().count() > LONGEST_NAME {
        return Err("name-too-long");
    }
    let language = language(cell(columns.language))?;
    if !seen.insert(phone.clone()) {
        return Err("duplicate-in-file");
    }
    Ok(GoodRow { phone, raw: raw.to_owned(), name: name.to_owned(), language })
}

/// `es`, `en-US`, `Español`, ….
fn language(cell: &str) -> Result<Option<Language>, &'static str> {
    let word = cell.to_lowercase();
    let tag = word.split(['-', '_']).next().unwrap_or_default();
    match tag {
        "" if word.is_empty() => Ok(None),
        "es" | "español" | "espanol" | "spanish" => Ok(Some(Language::Es)),
        "en" | "inglés" | "ingles" | "english" => Ok(Some(Language::En)),
        _ => Err("unknown-language"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(rows: &str) -> Vec<Result<String, &'static str>> {
        let file = format!("tel,nombre,idioma\n{rows}");
        let mut sheet = Sheet::open(file.as_bytes()).unwrap();
        let columns = Columns::find(&sheet, "tel", Some("nombre"), Some("idioma")).unwrap();
        let mut seen = HashSet::new();
        let mut verdicts = Vec::new();
        while let Some(row) = sheet.next() {
            let verdict = judge(&row, &columns, 3, &mut seen);
            verdicts.push(verdict.map(|good| format!("{} {}", good.phone.as_e164(), good.name)));
        }
        verdicts
    }

    #[test]
    fn each_bad_row_says_what_is_wrong_with_it() {
        let long = "x".repeat(201);
        let rows = format!(
            "55 1234 5678,Ana,es-MX\n,Eva,\nhola,Eva,\n5512345679,{long},\n5512345680,Eva,fr\n\
             5512345681,Eva,en,more\n+521 55 1234 5678,Ana,\n'+525512345682\n"
        );

        let verdicts = judged(&rows);

        let expected = [
            Ok("+525512345678 Ana".to_owned()),
            Err("missing-phone"),
            Err("not-a-phone-number"),
            Err("name-too-long"),
            Err("unknown-language"),
            Err("too-many-columns"),
            Err("duplicate-in-file"),
            Ok("+525512345682 ".to_owned()),
        ];
        assert_eq!(verdicts, expected);
    }
}
