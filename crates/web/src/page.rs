//! Windows into lists: every list has a limit.

use crate::Problem;

/// What is given without a limit.
pub const DEFAULT_LIMIT: u32 = 50;
/// The most that is given at once.
pub const MAX_LIMIT: u32 = 200;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many to pass over.
    pub offset: u32,
    /// How many to give, 1 to [`MAX_LIMIT`].
    pub limit: u32,
}

/// The window that a query asks for.
///
/// # Errors
/// 400 that names `limit` or `offset`, when it is out of bounds.
pub fn window(offset: Option<u32>, limit: Option<u32>) -> Result<Window, Problem> {
    let (offset, limit) = (offset.unwrap_or(0), limit.unwrap_or(DEFAULT_LIMIT));
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::bad_request("malformed-query").field("limit", "out-of-range"));
    }
    if i32::try_from(offset).is_err() {
        return Err(Problem::bad_request("malformed-query").field("offset", "out-of-range"));
    }
    Ok(Window { offset, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_a_limit_whatever_was_asked() {
        assert_eq!(window(None, None), Ok(Window { offset: 0, limit: 50 }));
        assert_eq!(window(Some(7), Some(200)), Ok(Window { offset: 7, limit: 200 }));
        assert!(window(None, Some(0)).is_err());
        assert!(window(None, Some(201)).is_err());
        assert!(window(Some(u32::MAX), None).is_err());
    }
}
