-- The embedded bus: the broker's queues as tables, for a laptop, a demo and tests.
CREATE TABLE bus_bindings (
  queue text NOT NULL,
  event_type text NOT NULL,
  PRIMARY KEY (queue, event_type)
);

CREATE TABLE bus_messages (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  id uuid NOT NULL,
  event_type text NOT NULL,
  account_id uuid,
  occurred_at timestamptz NOT NULL,
  traceparent text,
  payload bytea NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  -- Also the lease: a claimed message becomes visible again when its holder stops renewing it.
  available_at timestamptz NOT NULL DEFAULT '-infinity',
  dead_why text,
  UNIQUE (queue, id)
) WITH (fillfactor = 80);
CREATE INDEX bus_messages_ready ON bus_messages (queue, seq) WHERE dead_why IS NULL;
CREATE INDEX bus_messages_dead ON bus_messages (queue, seq) WHERE dead_why IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON bus_bindings, bus_messages TO hilo_gateway, hilo_ingress, hilo_conversations, hilo_responder;
