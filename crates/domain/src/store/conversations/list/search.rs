//! Finding people by a part of their name or of their number.

use diesel::result::QueryResult;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::{Bind, Key, Scope, Span};
use crate::{AccountId, PhoneNumber};

/// The most that is found: who finds more must ask for more.
pub const MOST_FOUND: usize = 5_000;

/// Below this many characters a part would be everywhere: then a name must begin with it, and a
/// number end in it.
const SHORTEST_PART: usize = 3;

/// Who is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Search {
    /// `LIKE` pattern of a name.
    name: String,
    /// `LIKE` pattern of a number, where what was typed could be one.
    phone: Option<String>,
}

impl Search {
    /// Reads what somebody typed; `None` when that is nothing.
    pub fn of(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let is_short = typed.chars().count() < SHORTEST_PART;
        let name = like(&typed.chars().map(folded).collect::<String>().to_lowercase());
        let name = if is_short { format!("{name}%") } else { format!("%{name}%") };
        Some(Self { name, phone: phone(typed, is_short) })
    }
}

/// As the index of names folds them.
fn folded(c: char) -> char {
    match c {
        'Á' | 'á' => 'a',
        'É' | 'é' => 'e',
        'Í' | 'í' => 'i',
        'Ó' | 'ó' => 'o',
        'Ú' | 'Ü' | 'ú' | 'ü' => 'u',
        'Ñ' | 'ñ' => 'n',
        other => other,
    }
}

fn phone(typed: &str, is_short: bool) -> Option<String> {
    let is_of_a_number = |c: char| c.is_ascii_digit() || " +().-".contains(c);
    if !typed.chars().all(is_of_a_number) {
        return None;
    }
    // Written out in one of Mexico's many ways, it is one number and no part.
    if let Ok(number) = PhoneNumber::fold(typed) {
        return Some(number.as_e164().to_owned());
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "" => None,
        _ if is_short => Some(format!("%{digits}")),
        _ => Some(format!("%{digits}%")),
    }
}

/// What `LIKE` takes for itself alone.
fn like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Conversations of a list with the people who are looked for, in the list's order; at most
/// [`MOST_FOUND`] people are looked at.
pub async fn conversations_found(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    search: &Search,
    span: Span,
) -> QueryResult<Vec<Key>> {
    let scope = scope.within(span);
    let (people, more) = people(&scope, search);
    // Materialised: else a walk through the whole list may look cheaper to the planner.
    let sql = format!(
        "WITH people AS MATERIALIZED (SELECT p.phone_number {people})
         SELECT c.last_message_at AS at, c.id FROM people
         JOIN user_conversations c ON c.to_number = people.phone_number
         WHERE {} ORDER BY c.last_message_at DESC, c.id DESC",
        scope.condition
    );
    scope.bound(sql, more).load(conn).await
}

/// The people of an account who are looked for, newest first; at most [`MOST_FOUND`].
pub async fn contacts_found(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    search: &Search,
) -> QueryResult<Vec<Key>> {
    let scope = super::contacts(account);
    let (people, more) = people(&scope, search);
    let sql = format!(
        "WITH people AS MATERIALIZED (SELECT p.created_at, p.id {people})
         SELECT created_at AS at, id FROM people ORDER BY created_at DESC, id DESC"
    );
    scope.bound(sql, more).load(conn).await
}

/// `FROM contacts …`, and what it binds after the scope's own values.
fn people(scope: &Scope, search: &Search) -> (String, Vec<Bind>) {
    let n = scope.binds.len();
    let limit = i64::try_from(MOST_FOUND).unwrap_or(i64::MAX);
    let mut binds = vec![Bind::Count(limit), Bind::Words(search.name.clone())];
    let name =
        format!("lower(translate(p.name, 'ÁÉÍÓÚÜÑáéíóúüñ', 'AEIOUUNaeiouun')) LIKE ${}", n + 2);
    let condition = match &search.phone {
        Some(phone) => {
            binds.push(Bind::Words(phone.clone()));
            format!("({name} OR p.phone_number LIKE ${})", n + 3)
        }
        None => name,
    };
    let from = format!("FROM contacts p WHERE p.account_id = $1 AND {condition} LIMIT ${}", n + 1);
    (from, binds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(typed: &str) -> (String, Option<String>) {
        let search = Search::of(typed).unwrap();
        (search.name, search.phone)
    }

    #[test]
    fn accents_and_case_do_not_count_and_wildcards_are_letters() {
        assert_eq!(of(" José ÑU_%\\ ").0, "%jose nu\\_\\%\\\\%");
        assert_eq!(Search::of("  "), None);
    }

    #[test]
    fn digits_are_a_part_of_a_number_and_a_whole_number_is_itself() {
        assert_eq!(of("5678").1.as_deref(), Some("%5678%"));
        assert_eq!(of("044 55 1234 5678").1.as_deref(), Some("+525512345678"));
        assert_eq!(of("55-12").1.as_deref(), Some("%5512%"));
        assert_eq!(of("Ana 3").1, None);
    }

    #[test]
    fn what_is_short_begins_a_name_and_ends_a_number() {
        assert_eq!(of("Jo").0, "jo%");
        assert_eq!(of("78").1.as_deref(), Some("%78"));
    }
}
