-- How people and programs come in. Only the gateway's role may read any of it: what stands here is
-- worth as much as the accounts themselves, although no secret does, only their SHA-256. (Secrets of
-- 256 random bits need no slow hash: nobody can guess them. Passwords do, and have argon2id.)

-- When the person was last here; kept when their sessions are gone.
ALTER TABLE users ADD COLUMN last_seen_at timestamptz;
CREATE INDEX users_account ON users (account_id, created_at, id);

-- A browser that is signed in. A session ends 12 h after it was last seen and at `expires_at`,
-- whichever is first; ending one deletes its row.
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  -- Of the 32 random bytes in the cookie. Changes with the password, while `id` stays.
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  -- Written at most once a minute.
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  user_agent text NOT NULL CHECK (length(user_agent) <= 200),
  address text NOT NULL CHECK (length(address) <= 45)
);
CREATE INDEX sessions_user ON sessions (user_id, last_seen_at DESC);
CREATE INDEX sessions_seen ON sessions (last_seen_at);

-- RFC 6238. Unlike the others this secret must be readable: both sides compute with it.
CREATE TABLE second_factors (
  user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  secret bytea NOT NULL CHECK (length(secret) = 20),
  created_at timestamptz NOT NULL,
  -- NULL until the person has shown a code: an unconfirmed one locks nobody out.
  confirmed_at timestamptz,
  -- The last time step whose code was taken: each is taken once.
  last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
  code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
  used_at timestamptz,
  PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'viewer')),
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  invited_by uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  FOREIGN KEY (account_id, invited_by) REFERENCES users (account_id, id)
);
-- A second invitation of the same person takes the place of the first.
CREATE UNIQUE INDEX invitations_pending ON invitations (account_id, lower(email)) WHERE accepted_at IS NULL;
CREATE INDEX invitations_account ON invitations (account_id, created_at DESC);

-- What a program signs in with, in the name of a person and with no more than their rights.
CREATE TABLE api_tokens (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  user_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  -- The beginning of the token, by which a person knows it again.
  prefix text NOT NULL CHECK (length(prefix) <= 16),
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id)
);
CREATE INDEX api_tokens_user ON api_tokens (user_id, created_at DESC);

-- One row an attempt in vain, written before the password is looked at and taken back when it was
-- right: attempts at the same instant cannot all pass before the first of them counts.
CREATE TABLE sign_in_failures (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Of the address in small letters, known or not: who guesses addresses leaves none here.
  email_hash bytea NOT NULL CHECK (length(email_hash) = 32),
  address text NOT NULL CHECK (length(address) <= 45),
  at timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_email ON sign_in_failures (email_hash, at DESC);
CREATE INDEX sign_in_failures_address ON sign_in_failures (address, at DESC);
CREATE INDEX sign_in_failures_at ON sign_in_failures (at);

-- From where a person has signed in: a stranger's attempts on their address do not lock these out.
CREATE TABLE known_addresses (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  address text NOT NULL CHECK (length(address) <= 45),
  last_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, address)
);
CREATE INDEX known_addresses_address ON known_addresses (address);

GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, second_factors, recovery_codes, invitations, api_tokens,
  sign_in_failures, known_addresses TO hilo_gateway;
