-- What people's screens are told, in the order of the commits. The row of the account's head is locked
-- until the commit, so ids are dense and become visible in their order: a reader that has seen 7 has
-- seen everything up to 7.
CREATE TABLE live_heads (
  account_id uuid PRIMARY KEY REFERENCES accounts (id),
  head bigint NOT NULL
) WITH (fillfactor = 50);

-- What changed, and not how it looks now: that is read when it is told. So nobody's screen is given
-- an older state after a newer one, and no text of a customer outlives its own row.
CREATE TABLE live_events (
  account_id uuid NOT NULL REFERENCES accounts (id),
  id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('conversation_changed', 'import_progressed', 'numbers_changed')),
  what text NOT NULL DEFAULT '' CHECK (length(what) <= 40),
  conversation_id uuid,
  message_id uuid,
  import_id uuid,
  at timestamptz NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX live_events_at ON live_events (at);

GRANT SELECT, INSERT, UPDATE, DELETE ON live_heads, live_events TO hilo_gateway;
