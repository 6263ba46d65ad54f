-- The journal: every authentic webhook, as it came, before anything was made of it.
CREATE TABLE webhook_receipts (
  id uuid PRIMARY KEY,
  provider text NOT NULL CHECK (provider IN ('twilio')),
  kind text NOT NULL CHECK (kind IN ('sms_inbound', 'sms_status', 'malformed')),
  -- The provider's own id of what happened; the same webhook comes twice (a retry, the fallback URL).
  dedupe_key text NOT NULL CHECK (length(dedupe_key) <= 200),
  source text NOT NULL CHECK (source IN ('webhook', 'spool', 'reconciliation')),
  request_target text NOT NULL,
  -- The raw bytes of the body: the full ordered list of parameters, unknown ones included.
  body bytea NOT NULL,
  -- Why nothing could be made of it; NULL when something was.
  problem text,
  received_at timestamptz NOT NULL,
  UNIQUE (provider, kind, dedupe_key)
);
CREATE INDEX webhook_receipts_received ON webhook_receipts USING brin (received_at);

GRANT SELECT, INSERT, DELETE ON webhook_receipts TO hilo_ingress;
GRANT SELECT ON webhook_receipts TO hilo_gateway;
