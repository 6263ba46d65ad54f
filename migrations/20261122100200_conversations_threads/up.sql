CREATE TABLE contacts (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  -- Canonical: E.164, Mexico as +52 and ten digits; or a short code or alphanumeric sender that
  -- wrote to us.
  phone_number text NOT NULL CHECK (length(phone_number) BETWEEN 1 AND 64),
  -- The same as it was first written to us.
  phone_raw text NOT NULL CHECK (length(phone_raw) <= 64),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  language text CHECK (language IN ('es', 'en')),
  -- The provider's code that says this number takes no texts (invalid, landline, unknown handset).
  unreachable_code integer,
  created_at timestamptz NOT NULL,
  UNIQUE (account_id, phone_number)
);

-- Opt-outs on record; one is in force while `revoked_at` is NULL. They belong to the recipient, not
-- to one of our numbers: who texted ALTO to one is left alone by all.
CREATE TABLE opt_outs (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  phone_number text NOT NULL,
  -- The words used, or the provider's code that told us.
  evidence text NOT NULL CHECK (length(evidence) <= 1600),
  source text NOT NULL CHECK (source IN ('keyword', 'provider', 'person')),
  message_id uuid,
  opted_out_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_evidence text
);
CREATE UNIQUE INDEX opt_outs_in_force ON opt_outs (account_id, phone_number) WHERE revoked_at IS NULL;

-- The thread. Within an account a recipient has one, whoever wrote first and on whichever number:
-- the unique key (to_number, account_id) is what stickiness stands on.
CREATE TABLE user_conversations (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  -- Whose it is; NULL until someone takes it.
  user_id uuid,
  contact_id uuid NOT NULL REFERENCES contacts (id),
  to_number text NOT NULL,
  number_id uuid NOT NULL,
  from_twilio_number text NOT NULL,
  conversation_status text NOT NULL DEFAULT 'active' CHECK (conversation_status IN ('active', 'inactive', 'blocked')),
  last_message_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  -- Why this number: dealt by the rotation, written to by the recipient, or chosen by a person.
  assigned_reason text NOT NULL CHECK (assigned_reason IN ('rotation', 'written_to', 'person')),
  assigned_note text NOT NULL DEFAULT '' CHECK (length(assigned_note) <= 500),
  assigned_by uuid,
  assigned_at timestamptz NOT NULL,
  -- The assistant answers while `on`; after `handed_over` a person has the word.
  assistant text NOT NULL DEFAULT 'on' CHECK (assistant IN ('on', 'handed_over')),
  handed_over_why text,
  handed_over_at timestamptz,
  -- Rises with everything that makes a reply in the making stale: an inbound text, a person's text,
  -- an opt-out, a hand-over. A draft made for an older epoch is never sent.
  reply_epoch bigint NOT NULL DEFAULT 0,
  -- When the burst is over and a reply is asked for.
  reply_due_at timestamptz,
  reply_to_message uuid,
  FOREIGN KEY (account_id, number_id, from_twilio_number) REFERENCES phone_numbers (account_id, id, phone_number),
  FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX user_conversations_to_number ON user_conversations (to_number, account_id);
CREATE INDEX user_conversations_user ON user_conversations (user_id, last_message_at DESC) WHERE user_id IS NOT NULL;
-- (our number, recipient) belongs to at most one conversation.
CREATE UNIQUE INDEX user_conversations_from_twilio_number ON user_conversations (from_twilio_number, to_number);
CREATE INDEX user_conversations_reply_due ON user_conversations (reply_due_at) WHERE reply_due_at IS NOT NULL;

-- Numbers that a conversation had before. A text to one joins the conversation: a number never
-- changes account and an account has one conversation a recipient, so the pair decides it.
CREATE TABLE conversation_aliases (
  conversation_id uuid NOT NULL REFERENCES user_conversations (id),
  number_id uuid NOT NULL REFERENCES phone_numbers (id),
  assigned_reason text NOT NULL,
  assigned_note text NOT NULL,
  assigned_by uuid,
  assigned_at timestamptz NOT NULL,
  retired_at timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, assigned_at)
);
CREATE INDEX conversation_aliases_number ON conversation_aliases (number_id);

-- Every text in either direction, and the send queue: a `queued` row is a text that waits.
CREATE TABLE sms_messages (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  conversation_id uuid NOT NULL REFERENCES user_conversations (id),
  -- The number it came to or leaves from.
  number_id uuid NOT NULL REFERENCES phone_numbers (id),
  direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  author text NOT NULL CHECK (author IN ('contact', 'assistant', 'static_response', 'person', 'campaign', 'system')),
  author_user_id uuid,
  -- `opt_out_confirmation` is the one text that a person who just opted out still gets.
  purpose text NOT NULL DEFAULT 'conversation' CHECK (purpose IN ('conversation', 'opt_out_confirmation', 'opt_in_confirmation', 'help')),
  -- The other side as the provider wrote it, before folding.
  peer_raw text NOT NULL DEFAULT '' CHECK (length(peer_raw) <= 64),
  -- What comes in is kept whatever its length; what goes out is what Twilio takes (21617).
  body text NOT NULL CHECK (direction = 'inbound' OR length(body) BETWEEN 1 AND 1600),
  num_media smallint NOT NULL DEFAULT 0,
  segments smallint NOT NULL CHECK (segments >= 0),
  status text NOT NULL CHECK (status IN ('received', 'queued', 'sending', 'uncertain', 'sent', 'canceled', 'undelivered', 'failed', 'delivered', 'read')),
  status_rank smallint NOT NULL,
  error_code integer,
  -- Why we ourselves ended it (opted_out, superseded, …).
  ended_why text,
  twilio_sid text UNIQUE,
  in_reply_to uuid,
  -- The conversation's epoch that this reply was made for; NULL for what no newer event cancels.
  reply_epoch bigint,
  -- 0 reply, 1 bulk.
  lane smallint,
  send_after timestamptz,
  lease_until timestamptz,
  attempts smallint NOT NULL DEFAULT 0,
  -- How often the provider's list was read in vain since the send became uncertain.
  absences smallint NOT NULL DEFAULT 0,
  -- W3C trace context of whatever made us write it, so that the send joins the same trace.
  traceparent text,
  created_at timestamptz NOT NULL,
  claimed_at timestamptz,
  sent_at timestamptz,
  finished_at timestamptz,
  CHECK ((direction = 'inbound') = (status = 'received')),
  CHECK ((direction = 'inbound') = (author = 'contact')),
  CHECK (direction = 'inbound' OR (lane IS NOT NULL AND send_after IS NOT NULL)),
  CHECK (status NOT IN ('sending', 'uncertain') OR lease_until IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX sms_messages_thread ON sms_messages (conversation_id, id);
CREATE INDEX sms_messages_queue ON sms_messages (number_id, lane, send_after, id) WHERE status = 'queued';
CREATE INDEX sms_messages_leased ON sms_messages (lease_until) WHERE status IN ('sending', 'uncertain');

GRANT SELECT, INSERT, UPDATE, DELETE ON contacts, opt_outs, user_conversations, conversation_aliases, sms_messages TO hilo_conversations;
GRANT SELECT ON contacts, opt_outs, user_conversations, conversation_aliases, sms_messages TO hilo_gateway, hilo_responder;
