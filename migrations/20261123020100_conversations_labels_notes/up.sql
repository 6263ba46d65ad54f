-- An account's own coloured words.
CREATE TABLE labels (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  color text NOT NULL CHECK (color IN ('agave', 'cielo', 'cempa', 'grana', 'jacaranda', 'ink')),
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX labels_name ON labels (account_id, lower(name));

CREATE TABLE conversation_labels (
  conversation_id uuid NOT NULL REFERENCES user_conversations (id) ON DELETE CASCADE,
  label_id uuid NOT NULL REFERENCES labels (id) ON DELETE CASCADE,
  PRIMARY KEY (conversation_id, label_id)
);
CREATE INDEX conversation_labels_label ON conversation_labels (label_id, conversation_id);

-- What colleagues tell each other about a conversation; the customer never sees it.
CREATE TABLE conversation_notes (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  conversation_id uuid NOT NULL REFERENCES user_conversations (id),
  body text NOT NULL CHECK (length(body) BETWEEN 1 AND 4000),
  author_user_id uuid,
  created_at timestamptz NOT NULL
);
CREATE INDEX conversation_notes_thread ON conversation_notes (conversation_id, id DESC);

GRANT SELECT, INSERT, UPDATE, DELETE ON labels, conversation_labels, conversation_notes TO hilo_conversations;
-- The gateway shows conversations to browsers as they change.
GRANT SELECT ON labels, conversation_labels TO hilo_gateway;
