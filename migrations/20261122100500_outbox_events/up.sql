-- What was said and has not reached the bus yet. Written with the state that it announces; taken
-- away by the relay when the bus has confirmed it.
CREATE TABLE outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL,
  event_type text NOT NULL,
  account_id uuid,
  occurred_at timestamptz NOT NULL,
  traceparent text,
  payload bytea NOT NULL,
  -- Set while the bus refuses this one (nobody bound yet, a full queue), so that the rest can pass.
  held_until timestamptz
);
CREATE INDEX outbox_ready ON outbox (seq) WHERE held_until IS NULL;
CREATE INDEX outbox_held ON outbox (held_until) WHERE held_until IS NOT NULL;

-- What a consumer has handled: a redelivery finds its row and does nothing.
CREATE TABLE inbox (
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  handled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_handled ON inbox USING brin (handled_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON outbox, inbox TO hilo_gateway, hilo_ingress, hilo_conversations, hilo_responder;
