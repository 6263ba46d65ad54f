//! `/api/invitations`: ways in for colleagues who have no password yet.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use chassis::api::{Failure, conn, once};
use chrono::{DateTime, Utc};
use domain::store::Tx;
use domain::store::conversations::views::Person;
use domain::store::gateway::write::NewInvitation;
use domain::store::gateway::{InvitationRow, read, write};
use domain::{EmailAddress, InvitationId, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Post, Problem};

use super::{is_replayed, said, wrong};
use crate::Gateway;
use crate::access::{INVITATION, Secret};
use crate::gate::Actor;

/// The latest invitations.
#[derive(Serialize, ToSchema)]
pub struct InvitationList {
    /// The newest first, at most 200.
    items: Vec<Invitation>,
}

/// An invitation.
#[derive(Clone, Serialize, ToSchema)]
pub struct Invitation {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: InvitationId,
    /// Who is invited.
    #[schema(example = "luis@example.mx")]
    email: String,
    /// Their name; empty where it is not known.
    #[schema(example = "Luis Ortega")]
    name: String,
    /// What they will be.
    #[schema(value_type = Role)]
    role: String,
    /// Who invited.
    #[schema(required)]
    invited_by: Option<Person>,
    /// When.
    created_at: DateTime<Utc>,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
    /// When it was used.
    #[schema(required)]
    accepted_at: Option<DateTime<Utc>>,
    /// The link to send them: given once, in the answer that makes the invitation.
    #[schema(required, example = "https://hilo.example.mx/invite/4b2Jq0m9x7Yc")]
    url: Option<String>,
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        let invited_by = row.invited_by.zip(row.invited_by_name);
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            role: row.role,
            invited_by: invited_by.map(|(id, name)| Person { id, name }),
            created_at: row.created_at,
            expires_at: row.expires_at,
            accepted_at: row.accepted_at,
            url: None,
        }
    }
}

/// Who is to be invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvitation, example = json!({"email": "luis@example.mx", "role": "agent", "name": "Luis Ortega"}))]
pub struct InvitationForm {
    /// E-mail address.
    #[schema(max_length = 254, format = "email")]
    email: String,
    /// What they will be.
    role: Role,
    /// Their name, if it is known.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    #[serde(default)]
    name: Option<String>,
}

/// Where a link leads; the dashboard's page for it.
const PAGE: &str = "invite";
const AT_MOST: u32 = 200;

/// Invitations of the account
#[utoipa::path(tag = "people", responses((status = OK, body = InvitationList)))]
#[get("/api/invitations")]
pub async fn list_invitations(
    actor: Actor,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let mut conn = conn(&gateway.pool).await?;
    let rows = read::invitations(&mut conn, actor.0.row.account_id, AT_MOST).await?;
    let items = rows.into_iter().map(Invitation::from).collect();
    Ok(HttpResponse::Ok().json(InvitationList { items }))
}

/// Invite a colleague
///
/// Answers with a link that is good for seven days and once; it is shown here and never again. An
/// earlier invitation of the same address that was not accepted is no longer good. 409 `email-taken`
/// when somebody has the address; 403 `owners-only` when somebody else invites an owner.
#[utoipa::path(
    tag = "people",
    request_body = InvitationForm,
    responses((status = CREATED, body = Invitation), (status = CONFLICT))
)]
#[post("/api/invitations")]
pub async fn create_invitation(
    actor: Actor,
    post: Post<InvitationForm>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let InvitationForm { email, role, name } = post.body;
    if role == Role::Owner && actor.0.identity.role != Role::Owner {
        return Err(Problem::forbidden("owners-only").into());
    }
    let email = EmailAddress::parse(&email).map_err(|_| wrong("email", "not-an-email-address"))?;
    let name = name.as_deref().map(|name| said("name", name, 200)).transpose()?.unwrap_or("");
    let (secret, now) = (Secret::generate()?, gateway.clock.now());
    let new = NewInvitation {
        id: InvitationId::generate(),
        account: actor.0.row.account_id,
        email: email.as_str(),
        name,
        role,
        secret_hash: &secret.hash(),
        invited_by: actor.0.row.user_id,
        at: now,
        expires_at: now + INVITATION,
    };
    let mut made = None;
    let work = async |tx: &mut Tx| {
        if read::login(tx, new.email).await?.is_some() {
            return Err(Problem::conflict("email-taken").into());
        }
        write::invite(tx, &new).await?;
        let row = read::invitation(tx, new.account, new.id).await?;
        let row = row.ok_or_else(|| Problem::internal("an invitation that is not there"))?;
        let invitation = Invitation::from(row);
        made = Some(invitation.clone());
        // Without the link: what is answered again to the same key is kept in the clear.
        Ok(invitation)
    };
    let done =
        once(&gateway.pool, &post.identity, &post.once, now, StatusCode::CREATED, work).await?;
    match made {
        Some(invitation) if !is_replayed(&done) => {
            let base = gateway.config.public_base.as_str().trim_end_matches('/');
            let url = Some(format!("{base}/{PAGE}/{}", secret.text()));
            Ok(HttpResponse::Created().json(Invitation { url, ..invitation }))
        }
        _ => Ok(done),
    }
}

/// Take an invitation back
///
/// 404 `no-such-invitation` also for one that was accepted: whom it let in is in `/api/users`.
#[utoipa::path(
    tag = "people",
    params(("id" = Uuid, Path, description = "The invitation.")),
    responses((status = NO_CONTENT))
)]
#[delete("/api/invitations/{id}")]
pub async fn delete_invitation(
    actor: Actor,
    id: Path<InvitationId>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let mut conn = conn(&gateway.pool).await?;
    if !write::delete_invitation(&mut conn, actor.0.row.account_id, *id).await? {
        return Err(Problem::not_found("no-such-invitation").into());
    }
    Ok(HttpResponse::NoContent().finish())
}
