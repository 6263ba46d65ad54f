//! Every route of the API: method, path, the service that owns it, and what it needs.

use super::Permission::{self, *};

/// A route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET`, ….
    pub method: &'static str,
    /// With `{names}` for what varies; its last slash, or the lack of one, is the canonical form.
    pub path: &'static str,
    /// Who answers.
    pub owner: Owner,
    /// Who may ask.
    pub access: Access,
}

/// Who answers a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The gateway itself.
    Gateway,
    /// `services/conversations`.
    Conversations,
    /// `services/responder`.
    Responder,
    /// The gateway, on behalf of the simulator; not there without one.
    Sandbox,
}

/// Who may ask a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever is signed in and has this.
    Needs(Permission),
}

impl Owner {
    /// The name of the service that a request goes on to; `None` where the gateway answers.
    pub fn service(self) -> Option<&'static str> {
        match self {
            Self::Conversations => Some("conversations"),
            Self::Responder => Some("responder"),
            Self::Gateway | Self::Sandbox => None,
        }
    }
}

const fn to(
    owner: Owner,
    method: &'static str,
    path: &'static str,
    permission: Permission,
) -> Route {
    Route { method, path, owner, access: Access::Needs(permission) }
}

const fn own(method: &'static str, path: &'static str, permission: Permission) -> Route {
    to(Owner::Gateway, method, path, permission)
}

const fn conv(method: &'static str, path: &'static str, permission: Permission) -> Route {
    to(Owner::Conversations, method, path, permission)
}

const fn resp(method: &'static str, path: &'static str, permission: Permission) -> Route {
    to(Owner::Responder, method, path, permission)
}

const fn sandbox(method: &'static str, path: &'static str) -> Route {
    to(Owner::Sandbox, method, path, SandboxUse)
}

const fn public(method: &'static str, path: &'static str) -> Route {
    Route { method, path, owner: Owner::Gateway, access: Access::Public }
}

/// All of them. A route that is not here does not exist, whatever a service serves.
pub const ROUTES: &[Route] = &[
    // Conversations.
    conv("GET", "/api/conversations/", ConversationsRead),
    conv("GET", "/api/conversations/counts", ConversationsRead),
    conv("POST", "/api/conversations/start", ConversationsSend),
    conv("GET", "/api/conversations/{id}", ConversationsRead),
    conv("GET", "/api/conversations/{id}/messages", ConversationsRead),
    conv("POST", "/api/conversations/{id}/messages", ConversationsSend),
    conv("DELETE", "/api/conversations/{id}/messages/{message_id}", ConversationsSend),
    conv("PATCH", "/api/conversations/{id}/status", ConversationsWrite),
    conv("PATCH", "/api/conversations/{id}/owner", ConversationsWrite),
    conv("GET", "/api/conversations/{id}/numbers", ConversationsRead),
    conv("POST", "/api/conversations/{id}/number", ConversationsReassign),
    conv("PUT", "/api/conversations/{id}/read", ConversationsWrite),
    conv("DELETE", "/api/conversations/{id}/read", ConversationsWrite),
    conv("GET", "/api/conversations/{id}/notes", ConversationsRead),
    conv("POST", "/api/conversations/{id}/notes", ConversationsWrite),
    conv("DELETE", "/api/conversations/{id}/notes/{note_id}", ConversationsWrite),
    conv("PUT", "/api/conversations/{id}/labels", ConversationsWrite),
    conv("POST", "/api/conversations/{id}/take-over", ConversationsWrite),
    conv("POST", "/api/conversations/{id}/hand-back", ConversationsWrite),
    conv("GET", "/api/conversations/{id}/opt-outs", ConversationsRead),
    conv("POST", "/api/conversations/{id}/opt-out", ConversationsWrite),
    conv("POST", "/api/conversations/{id}/opt-in", ConversationsWrite),
    conv("POST", "/api/texts/preview", ConversationsSend),
    conv("GET", "/api/labels", ConversationsRead),
    conv("POST", "/api/labels", LabelsWrite),
    conv("PATCH", "/api/labels/{id}", LabelsWrite),
    conv("DELETE", "/api/labels/{id}", LabelsWrite),
    // Contacts.
    conv("GET", "/api/contacts", ContactsRead),
    conv("POST", "/api/contacts", ContactsWrite),
    conv("GET", "/api/contacts/export", ContactsExport),
    conv("GET", "/api/contacts/imports", ContactsImport),
    conv("POST", "/api/contacts/imports", ContactsImport),
    conv("GET", "/api/contacts/imports/{id}", ContactsImport),
    conv("POST", "/api/contacts/imports/{id}/cancel", ContactsImport),
    conv("GET", "/api/contacts/imports/{id}/rejected", ContactsImport),
    conv("GET", "/api/contacts/{id}", ContactsRead),
    conv("PATCH", "/api/contacts/{id}", ContactsWrite),
    conv("DELETE", "/api/contacts/{id}", ContactsDelete),
    // Numbers. What the provider's account holds is for whoever may add a number from it.
    conv("GET", "/api/numbers", NumbersRead),
    conv("POST", "/api/numbers", NumbersWrite),
    conv("GET", "/api/numbers/available", NumbersWrite),
    conv("GET", "/api/numbers/{id}", NumbersRead),
    conv("PATCH", "/api/numbers/{id}", NumbersWrite),
    // The assistant.
    resp("GET", "/api/assistant", AssistantRead),
    resp("PUT", "/api/assistant", AssistantWrite),
    resp("POST", "/api/assistant/try", AssistantTry),
    resp("GET", "/api/assistant/runs", AssistantRead),
    resp("GET", "/api/static-responses", AssistantRead),
    resp("POST", "/api/static-responses", AssistantWrite),
    resp("PUT", "/api/static-responses/{id}", AssistantWrite),
    resp("DELETE", "/api/static-responses/{id}", AssistantWrite),
    // People and programs.
    public("POST", "/api/session"),
    own("GET", "/api/session", SessionOwn),
    own("DELETE", "/api/session", SessionOwn),
    own("PUT", "/api/session/password", SessionOwn),
    own("POST", "/api/session/second-factor", SessionOwn),
    own("DELETE", "/api/session/second-factor", SessionOwn),
    own("POST", "/api/session/second-factor/confirm", SessionOwn),
    own("GET", "/api/sessions", SessionOwn),
    own("DELETE", "/api/sessions", SessionOwn),
    own("DELETE", "/api/sessions/{id}", SessionOwn),
    own("GET", "/api/tokens", TokensOwn),
    own("POST", "/api/tokens", TokensOwn),
    own("DELETE", "/api/tokens/{id}", TokensOwn),
    own("GET", "/api/users", UsersRead),
    own("PATCH", "/api/users/{id}", UsersWrite),
    own("GET", "/api/invitations", InvitationsWrite),
    own("POST", "/api/invitations", InvitationsWrite),
    own("DELETE", "/api/invitations/{id}", InvitationsWrite),
    public("GET", "/api/invitations/accept/{secret}"),
    public("POST", "/api/invitations/accept/{secret}"),
    own("GET", "/api/account", AccountRead),
    own("PATCH", "/api/account", AccountWrite),
    own("GET", "/api/audit", AuditRead),
    own("GET", "/api/live", LiveRead),
    public("GET", "/api/openapi.json"),
    public("GET", "/api/docs"),
    // The simulated world.
    sandbox("GET", "/api/sandbox/phones"),
    sandbox("GET", "/api/sandbox/phones/{phone_number}"),
    sandbox("POST", "/api/sandbox/texts"),
];
