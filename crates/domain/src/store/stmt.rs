//! Constant SQL that is prepared once a connection.
//!
//! `diesel::sql_query` is never cached as a prepared statement, which costs a round trip a call;
//! this is the same thing, cached by its text.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};

/// A statement and what is bound to `$1`, `$2`, ….
pub struct Stmt<'a> {
    sql: Cow<'static, str>,
    binds: Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>,
}

/// Starts a statement; bind its parameters in order. One that is put together of constant parts stays
/// prepared too, so there must be few of its kind.
pub fn stmt<'a>(sql: impl Into<Cow<'static, str>>) -> Stmt<'a> {
    Stmt { sql: sql.into(), binds: Vec::new() }
}

impl<'a> Stmt<'a> {
    /// Binds the next parameter.
    pub fn bind<ST: Send + 'a, V: ToSql<ST, Pg> + Send + 'a>(mut self, value: V) -> Self
    where
        Pg: HasSqlType<ST>,
    {
        self.binds.push(Box::new(Bind(value, PhantomData::<ST>)));
        self
    }
}

struct Bind<ST, V>(V, PhantomData<ST>);

impl<ST, V: ToSql<ST, Pg>> QueryFragment<Pg> for Bind<ST, V>
where
    Pg: HasSqlType<ST>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param_value_only::<ST, V>(&self.0)
    }
}

impl QueryFragment<Pg> for Stmt<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.sql);
        for bind in &self.binds {
            bind.walk_ast(out.reborrow())?;
        }
        Ok(())
    }
}

/// Without a static id diesel takes the SQL text as the key of its cache, which is what we want.
impl QueryId for Stmt<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Stmt<'_> {
    type SqlType = Untyped;
}
