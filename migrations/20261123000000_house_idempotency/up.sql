-- What came of a POST that carried an Idempotency-Key, written in the transaction of its effect: who
-- sends it again gets the same answer, and nothing is done twice. Like the outbox it belongs to the
-- house: each service writes what it answered itself.
CREATE TABLE idempotency_keys (
  account_id uuid NOT NULL REFERENCES accounts (id),
  user_id uuid NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  -- SHA-256 of method, path, query and body: another request under the same key is refused.
  fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
  status smallint NOT NULL,
  answer jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, user_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO hilo_gateway, hilo_conversations, hilo_responder;
