//! Rows that were not taken, written while they are sent.

use actix_web::web::Bytes;
use chassis::api::{self, Failure};
use domain::ImportId;
use domain::store::conversations::read::{self, RejectedRow};
use domain::store::{Pool, Tx};
use futures_util::stream::{self, Stream};

use crate::spreadsheet::line;

/// Rows a statement.
const CHUNK: i64 = 1_000;

/// All of an import's, after its header of `width` cells.
pub(super) fn rows(
    pool: Pool,
    id: ImportId,
    width: usize,
) -> impl Stream<Item = Result<Bytes, Failure>> {
    stream::try_unfold(0, move |after: i32| {
        let pool = pool.clone();
        async move {
            let rows = api::read(&pool, async |tx: &mut Tx| {
                Ok(read::rejected_rows(tx, id, after, CHUNK).await?)
            })
            .await?;
            let Some(last) = rows.last().map(|row| row.line) else { return Ok(None) };
            let bytes: Vec<u8> = rows.into_iter().flat_map(|row| line(cells(row, width))).collect();
            Ok(Some((Bytes::from(bytes), last)))
        }
    })
}

/// Short rows are filled up, so that line and reason stand under their names; long ones stay long, and
/// have them at their end.
fn cells(row: RejectedRow, width: usize) -> Vec<String> {
    let mut cells: Vec<String> = serde_json::from_value(row.cells).unwrap_or_default();
    cells.resize(cells.len().max(width), String::new());
    cells.extend([row.line.to_string(), row.reason]);
    cells
}
