//! The ledger on disk: one entry a line, written before the world moves on, read back at start.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::Context;

use crate::entry::Entry;

#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
}

impl Journal {
    /// Opens the file, or makes it, and gives back what it holds.
    ///
    /// A last line without an end is what `kill -9` leaves of a write that never finished: it is
    /// cut off, so that the next entry starts on a line of its own.
    pub fn open(path: &Path) -> anyhow::Result<(Self, Vec<Entry>)> {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(path)
            .with_context(|| format!("could not open the ledger `{}`", path.display()))?;
        let mut reader = BufReader::new(&file);
        let mut entries = Vec::new();
        let mut line = String::new();
        let mut sound = 0_u64;
        loop {
            line.clear();
            let read = reader.read_line(&mut line).context("could not read the ledger")?;
            if read == 0 || !line.ends_with('\n') {
                break;
            }
            let number = entries.len() + 1;
            entries.push(
                serde_json::from_str(&line)
                    .with_context(|| format!("line {number} of the ledger is no entry"))?,
            );
            sound += u64::try_from(read)?;
        }
        file.set_len(sound).context("could not cut an unfinished line off the ledger")?;
        file.seek(SeekFrom::End(0))?;
        Ok((Self { file }, entries))
    }

    /// One `write` call straight to the kernel: it survives our death, though not the machine's.
    pub fn append(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.flush()?;
        Ok(())
    }
}
