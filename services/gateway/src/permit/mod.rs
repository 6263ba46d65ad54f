//! Who may do what, as data: every permission with the least role that has it, and every route with
//! the permission that it needs. Nothing else in the gateway, and nothing behind it, decides this.

mod find;
mod routes;

use domain::Role;

pub use find::{Found, Params, Table};
pub use routes::{Access, Owner, ROUTES, Route};

/// A permission: what, and to do what with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Read the account.
    AccountRead,
    /// Change the account.
    AccountWrite,
    /// Read the assistant's profile, rules and runs.
    AssistantRead,
    /// Ask the assistant what it would say.
    AssistantTry,
    /// Change the assistant's profile and rules.
    AssistantWrite,
    /// Read the audit log.
    AuditRead,
    /// Delete contacts with all that is known of them.
    ContactsDelete,
    /// Take all contacts away in a file.
    ContactsExport,
    /// Bring contacts in from a file.
    ContactsImport,
    /// Read contacts.
    ContactsRead,
    /// Write contacts.
    ContactsWrite,
    /// Read conversations, their texts and notes.
    ConversationsRead,
    /// Give a conversation another of our numbers.
    ConversationsReassign,
    /// Text people.
    ConversationsSend,
    /// Change what is not a text: status, owner, labels, notes, who answers, opt-outs.
    ConversationsWrite,
    /// Invite people and take invitations back.
    InvitationsWrite,
    /// Make and change labels.
    LabelsWrite,
    /// Be told of changes as they happen.
    LiveRead,
    /// Read our numbers.
    NumbersRead,
    /// Add and change our numbers.
    NumbersWrite,
    /// Play the customer, where the provider is simulated.
    SandboxUse,
    /// One's own sessions, password and second factor.
    SessionOwn,
    /// One's own tokens.
    TokensOwn,
    /// See who is in the account.
    UsersRead,
    /// Change people's names and roles, and keep them out.
    UsersWrite,
}

use Permission as P;

/// Every permission, its name in the API, and the least role that has it.
const PERMISSIONS: [(Permission, &str, Role); 25] = [
    (P::AccountRead, "account:read", Role::Viewer),
    (P::AccountWrite, "account:write", Role::Admin),
    (P::AssistantRead, "assistant:read", Role::Viewer),
    (P::AssistantTry, "assistant:try", Role::Agent),
    (P::AssistantWrite, "assistant:write", Role::Admin),
    (P::AuditRead, "audit:read", Role::Admin),
    (P::ContactsDelete, "contacts:delete", Role::Admin),
    (P::ContactsExport, "contacts:export", Role::Admin),
    (P::ContactsImport, "contacts:import", Role::Admin),
    (P::ContactsRead, "contacts:read", Role::Viewer),
    (P::ContactsWrite, "contacts:write", Role::Agent),
    (P::ConversationsRead, "conversations:read", Role::Viewer),
    (P::ConversationsReassign, "conversations:reassign", Role::Agent),
    (P::ConversationsSend, "conversations:send", Role::Agent),
    (P::ConversationsWrite, "conversations:write", Role::Agent),
    (P::InvitationsWrite, "invitations:write", Role::Admin),
    (P::LabelsWrite, "labels:write", Role::Admin),
    (P::LiveRead, "live:read", Role::Viewer),
    (P::NumbersRead, "numbers:read", Role::Viewer),
    (P::NumbersWrite, "numbers:write", Role::Admin),
    (P::SandboxUse, "sandbox:use", Role::Agent),
    (P::SessionOwn, "session:own", Role::Viewer),
    (P::TokensOwn, "tokens:own", Role::Viewer),
    (P::UsersRead, "users:read", Role::Viewer),
    (P::UsersWrite, "users:write", Role::Admin),
];

impl Permission {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        PERMISSIONS.iter().map(|(permission, ..)| *permission)
    }

    /// Its name in the API.
    pub fn as_str(self) -> &'static str {
        self.row().map_or("", |(_, name, _)| *name)
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        PERMISSIONS.iter().find(|(_, known, _)| *known == name).map(|(permission, ..)| *permission)
    }

    /// Whether a role has it.
    pub fn is_of(self, role: Role) -> bool {
        self.row().is_some_and(|(.., least)| role >= *least)
    }

    fn row(self) -> Option<&'static (Self, &'static str, Role)> {
        PERMISSIONS.iter().find(|(permission, ..)| *permission == self)
    }
}

/// What somebody may do: all that their role may or, with a token, no more than its scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights(Vec<Permission>);

impl Rights {
    /// Of a role, cut to scopes where there are some. A scope that no longer exists grants nothing.
    pub fn of(role: Role, scopes: Option<&[String]>) -> Self {
        let in_scope = |permission: &Permission| {
            scopes.is_none_or(|scopes| scopes.iter().any(|scope| scope == permission.as_str()))
        };
        let held = Permission::all().filter(|permission| permission.is_of(role));
        Self(held.filter(in_scope).collect())
    }

    /// Whether this is among them.
    pub fn include(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    /// Their names, in order.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|permission| permission.as_str()).collect()
    }
}

#[cfg(test)]
mod tests;
