-- The pool. A number belongs to one account for good: that is what makes (our number, recipient)
-- decide the conversation, so `account_id` is in no UPDATE grant.
CREATE TABLE phone_numbers (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  phone_number text NOT NULL UNIQUE CHECK (phone_number ~ '^\+[1-9][0-9]{7,14}$'),
  label text NOT NULL DEFAULT '' CHECK (length(label) <= 100),
  rotation_enabled boolean NOT NULL DEFAULT true,
  -- Weight of the stride: a number of priority 3 is dealt three times as often as one of 1.
  rotation_priority integer NOT NULL DEFAULT 1 CHECK (rotation_priority BETWEEN 1 AND 100),
  -- Where the number stands in the deal; the lowest goes first. See domain::rotation.
  turn bigint NOT NULL DEFAULT 0,
  uses bigint NOT NULL DEFAULT 0,
  last_used_at timestamptz,
  -- New recipients a day (business zone); carriers filter numbers that strike up too many.
  new_recipients_per_day integer NOT NULL DEFAULT 200 CHECK (new_recipients_per_day > 0),
  budget_day date,
  budget_used integer NOT NULL DEFAULT 0,
  quarantined_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account_id, id, phone_number)
) WITH (fillfactor = 50);

-- One row an account: its lock serialises the deal, and `pass` is the lowest turn of the last one.
CREATE TABLE rotations (
  account_id uuid PRIMARY KEY REFERENCES accounts (id),
  pass bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- A token bucket a number, in SMS segments. Bulk may not draw the bucket below `reserve`, so that a
-- reply to a live customer never waits behind it.
CREATE TABLE number_pace (
  number_id uuid PRIMARY KEY REFERENCES phone_numbers (id),
  segments_per_second double precision NOT NULL DEFAULT 1 CHECK (segments_per_second > 0),
  burst double precision NOT NULL DEFAULT 12 CHECK (burst >= 1),
  reserve double precision NOT NULL DEFAULT 8 CHECK (reserve >= 0),
  tokens double precision NOT NULL DEFAULT 12,
  tokens_at timestamptz NOT NULL DEFAULT now(),
  -- Set when the provider says that this sender's queue is full or that it is misconfigured.
  paused_until timestamptz,
  paused_code integer,
  CHECK (reserve < burst)
) WITH (fillfactor = 50);

GRANT SELECT, INSERT, DELETE ON phone_numbers TO hilo_conversations;
GRANT UPDATE (label, rotation_enabled, rotation_priority, turn, uses, last_used_at,
  new_recipients_per_day, budget_day, budget_used, quarantined_until) ON phone_numbers TO hilo_conversations;
GRANT SELECT, INSERT, UPDATE, DELETE ON rotations, number_pace TO hilo_conversations;
GRANT SELECT ON phone_numbers TO hilo_gateway, hilo_ingress, hilo_responder;
