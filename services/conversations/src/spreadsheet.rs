//! Files of contacts as spreadsheets write them: the encoding, the separator, the header, the rows; and
//! cells that a spreadsheet does not take for formulas.

use std::borrow::Cow;
use std::io::Cursor;

use csv::{ByteRecord, Reader, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The most rows of a file, without its header.
pub(crate) const MOST_ROWS: usize = 200_000;

/// Why a file cannot be read at all. The words are part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// There is not even a header.
    #[error("empty-file")]
    Empty,
    /// It is no text, for instance a spreadsheet's own format.
    #[error("not-text")]
    NotText,
    /// One of the columns that were named is not in the header.
    #[error("no-such-column")]
    NoSuchColumn,
    /// More than [`MOST_ROWS`].
    #[error("too-many-rows")]
    TooManyRows,
}

/// An open file.
pub(crate) struct Sheet {
    /// The cells of its first line.
    pub(crate) header: Vec<String>,
    rows: Reader<Cursor<Vec<u8>>>,
    record: ByteRecord,
}

/// A row as it stands in the file.
pub(crate) struct Row<'a> {
    /// The line at which it begins; the header is line 1.
    pub(crate) line: i32,
    record: &'a ByteRecord,
}

impl Sheet {
    /// Opens a file: UTF-8, UTF-16 with its mark, or Windows-1252.
    pub(crate) fn open(body: &[u8]) -> Result<Self, Unreadable> {
        let text = decode(body)?;
        let mut rows = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator(&text))
            .from_reader(Cursor::new(text));
        let mut record = ByteRecord::new();
        match rows.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) | Err(_) => return Err(Unreadable::Empty),
        }
        let header = record.iter().map(words).map(|cell| cell.trim().to_owned()).collect();
        Ok(Self { header, rows, record })
    }

    /// Where a column is, whatever the case of its name.
    pub(crate) fn column(&self, name: &str) -> Result<usize, Unreadable> {
        let wanted = name.trim().to_lowercase();
        let found = self.header.iter().position(|cell| cell.to_lowercase() == wanted);
        found.ok_or(Unreadable::NoSuchColumn)
    }

    /// The next row; lines without any cell are none.
    pub(crate) fn next(&mut self) -> Option<Row<'_>> {
        // In memory and flexible, reading does not fail.
        if !self.rows.read_byte_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        let line = self.record.position().map_or(0, |position| {
            // Newlines that end the line before, and empty lines, are still before the reader.
            let at = usize::try_from(position.byte()).unwrap_or(usize::MAX);
            let rest = self.rows.get_ref().get_ref().get(at..).unwrap_or_default();
            let between = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
            let newlines = between.filter(|byte| **byte == b'\n').count();
            position.line().saturating_add(u64::try_from(newlines).unwrap_or(0))
        });
        Some(Row { line: i32::try_from(line).unwrap_or(i32::MAX), record: &self.record })
    }

    /// Reads to the end and counts; no further than one row more than there may be.
    pub(crate) fn count(mut self) -> usize {
        let mut count = 0;
        while count <= MOST_ROWS && self.next().is_some() {
            count += 1;
        }
        count
    }
}

impl Row<'_> {
    /// How many cells it has.
    pub(crate) fn len(&self) -> usize {
        self.record.len()
    }

    /// A cell as people mean it: without space around it, and without the mark of [`guarded`]. Empty where
    /// the row is shorter; `None` where it is no text.
    pub(crate) fn cell(&self, column: usize) -> Option<&str> {
        let Some(cell) = self.record.get(column) else { return Some("") };
        let cell = std::str::from_utf8(cell).ok()?;
        (!cell.contains('\0')).then(|| unguarded(cell.trim()))
    }

    /// Whether every cell is text.
    pub(crate) fn is_text(&self) -> bool {
        self.record.iter().all(|cell| !cell.contains(&0) && std::str::from_utf8(cell).is_ok())
    }

    /// All cells, as far as they are text.
    pub(crate) fn cells(&self) -> Vec<String> {
        self.record.iter().map(words).collect()
    }
}

fn words(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).replace('\0', "\u{fffd}")
}

/// UTF-8, except where the file itself says that it is but is not in places: those cells are not text.
fn decode(body: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let (encoding, mark) = match Encoding::for_bom(body) {
        Some((encoding, length)) => (encoding, length),
        None if std::str::from_utf8(body).is_ok() => (UTF_8, 0),
        None => (WINDOWS_1252, 0),
    };
    let rest = body.get(mark..).unwrap_or_default();
    let text = if encoding == UTF_8 {
        rest.to_vec()
    } else {
        encoding.decode_without_bom_handling(rest).0.into_owned().into_bytes()
    };
    // A zip archive or a picture; text has none of these in its first lines.
    if text.iter().take(1_000).any(|byte| *byte == 0) {
        return Err(Unreadable::NotText);
    }
    Ok(text)
}

/// The one that stands most often in the first line, outside of quotes.
fn separator(text: &[u8]) -> u8 {
    let (mut counts, mut quoted) = ([(b',', 0_u32), (b';', 0), (b'\t', 0)], false);
    for byte in text.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')) {
        match byte {
            b'"' => quoted = !quoted,
            byte if !quoted => {
                for (separator, count) in &mut counts {
                    *count += u32::from(separator == byte);
                }
            }
            _ => {}
        }
    }
    // Among equals the first.
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(separator, _)| *separator)
}

/// A cell that no spreadsheet takes for a formula: one that begins like one gets a quote before it.
pub(crate) fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// What stood in a cell before it was [`guarded`].
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => cell,
    }
}

/// A line of a file.
pub(crate) fn line<C: AsRef<str>>(cells: impl IntoIterator<Item = C>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cells = cells.into_iter().map(|cell| guarded(cell.as_ref()).into_owned());
    // Into memory, writing does not fail.
    let written = writer.write_record(cells).and_then(|()| Ok(writer.flush()?));
    written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(body: &[u8]) -> Vec<Vec<String>> {
        let mut sheet = Sheet::open(body).unwrap();
        let mut rows = vec![sheet.header.clone()];
        while let Some(row) = sheet.next() {
            rows.push((0..row.len()).map(|i| row.cell(i).unwrap_or("?").to_owned()).collect());
        }
        rows
    }

    #[test]
    fn what_excel_saves_in_mexico_is_read() {
        let expected = [["Teléfono", "Nombre"], ["55 1234 5678", "Núñez; Ana"]];
        let utf8 = "\u{feff}Teléfono;Nombre\r\n55 1234 5678;\"Núñez; Ana\"\r\n";
        assert_eq!(rows(utf8.as_bytes()), expected);
        let windows = WINDOWS_1252.encode(utf8.trim_start_matches('\u{feff}')).0;
        assert_eq!(rows(&windows), expected);
        let utf16: Vec<u8> = utf8.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&utf16), expected);
        assert_eq!(
            rows(utf8.replace("; Ana", ", Ana").replace(';', "\t").as_bytes())[1][1],
            "Núñez, Ana"
        );
    }

    #[test]
    fn a_cell_that_is_no_text_is_not_guessed() {
        let mut sheet = Sheet::open(b"\xef\xbb\xbftel,name\n1,\xff\n2,b\n").unwrap();
        let row = sheet.next().unwrap();
        assert!(!row.is_text() && row.cell(1).is_none() && row.line == 2);
        assert!(sheet.next().unwrap().is_text());
    }

    #[test]
    fn a_row_is_where_an_editor_shows_it() {
        for newline in ["\n", "\r\n"] {
            let file = ["tel,name", "1,\"a", "b\"", "2,c", "", "3,d", ""].join(newline);
            let mut sheet = Sheet::open(file.as_bytes()).unwrap();
            let lines: Vec<i32> = std::iter::from_fn(|| sheet.next().map(|row| row.line)).collect();
            assert_eq!(lines, [2, 4, 6], "{newline:?}");
        }
    }

    #[test]
    fn what_is_no_file_of_contacts_says_why() {
        assert_eq!(Sheet::open(b"").err(), Some(Unreadable::Empty));
        assert_eq!(Sheet::open(b"PK\x03\x04\0\0").err(), Some(Unreadable::NotText));
        let sheet = Sheet::open(b"a,b\n").unwrap();
        assert_eq!(sheet.column("c"), Err(Unreadable::NoSuchColumn));
        assert_eq!(sheet.column(" B "), Ok(1));
        assert_eq!(sheet.count(), 0);
    }

    #[test]
    fn a_cell_is_no_formula() {
        let written = line(["=1+1", "+52", "a,b", "x"]);
        assert_eq!(String::from_utf8(written).unwrap(), "'=1+1,'+52,\"a,b\",x\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(cells in prop::collection::vec("[^\0]{0,12}", 2..5)) {
            let cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
            prop_assume!(cells.iter().any(|cell| !cell.is_empty()));
            let mut file = b"a,b\n".to_vec();
            file.extend(line(&cells));
            let mut sheet = Sheet::open(&file).unwrap();
            let row = sheet.next().unwrap();
            let read: Vec<&str> = (0..row.len()).filter_map(|i| row.cell(i)).collect();
            // A quote that was there before a sign is taken for ours.
            let expected: Vec<&str> = cells.iter().map(|cell| unguarded(cell)).collect();
            prop_assert_eq!(read, expected);
        }
    }
}
