-- Who changed what: one row a write that a signed-in person or program asked for, granted or refused,
-- and one a sign-in. Never a body, never a customer: what was asked is a permission and a route.
CREATE TABLE audit_log (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  at timestamptz NOT NULL,
  user_id uuid,
  -- Set when a program asked in the person's name.
  token_id uuid,
  -- The permission that the route needs, or `session:sign-in`, `session:refused`, `invitations:accept`.
  action text NOT NULL CHECK (length(action) <= 60),
  method text NOT NULL CHECK (length(method) <= 10),
  -- The route, with its ids as `{names}`.
  path text NOT NULL CHECK (length(path) <= 200),
  -- The innermost id of the path.
  resource_id text CHECK (length(resource_id) <= 64),
  status smallint NOT NULL,
  request_id text NOT NULL CHECK (length(request_id) <= 64)
);
CREATE INDEX audit_log_account ON audit_log (account_id, at DESC, id DESC);
CREATE INDEX audit_log_user ON audit_log (account_id, user_id, at DESC, id DESC);
CREATE INDEX audit_log_action ON audit_log (account_id, action, at DESC, id DESC);
CREATE INDEX audit_log_at ON audit_log (at);

-- What was written stays as it was; it goes when it is old.
GRANT SELECT, INSERT, DELETE ON audit_log TO hilo_gateway;
