-- Rules that answer without the model; the highest priority that matches wins.
CREATE TABLE static_responses (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  -- keyword: one of the words is the whole text; phrase: the text holds it; regex: it matches.
  kind text NOT NULL CHECK (kind IN ('keyword', 'phrase', 'regex')),
  pattern text NOT NULL CHECK (length(pattern) BETWEEN 1 AND 500),
  body text NOT NULL CHECK (length(body) BETWEEN 1 AND 1600),
  -- Only for customers of this language; NULL for all.
  language text CHECK (language IN ('es', 'en')),
  priority integer NOT NULL DEFAULT 0,
  -- When it applies: always, or only within or outside the account's business hours.
  hours text NOT NULL DEFAULT 'always' CHECK (hours IN ('always', 'open', 'closed')),
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account_id, name)
);

-- How the account's assistant speaks, what it knows and how far it may go.
CREATE TABLE assistant_profiles (
  account_id uuid PRIMARY KEY REFERENCES accounts (id),
  enabled boolean NOT NULL DEFAULT true,
  display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 100),
  instructions text NOT NULL DEFAULT '' CHECK (length(instructions) <= 8000),
  -- The only source of prices, links and promises.
  facts text NOT NULL DEFAULT '' CHECK (length(facts) <= 60000),
  max_segments smallint NOT NULL DEFAULT 2 CHECK (max_segments BETWEEN 1 AND 10),
  -- How long the customer must be silent before a burst counts as over.
  debounce_ms integer NOT NULL DEFAULT 2500 CHECK (debounce_ms BETWEEN 0 AND 60000),
  max_replies_per_day integer NOT NULL DEFAULT 1000 CHECK (max_replies_per_day >= 0),
  max_tokens_per_day bigint NOT NULL DEFAULT 5000000 CHECK (max_tokens_per_day >= 0),
  -- Business hours: bit 0 is Monday; minutes of the local day, the span may pass midnight.
  open_days smallint NOT NULL DEFAULT 127 CHECK (open_days BETWEEN 0 AND 127),
  open_from_minute smallint NOT NULL DEFAULT 540 CHECK (open_from_minute BETWEEN 0 AND 1439),
  open_to_minute smallint NOT NULL DEFAULT 1140 CHECK (open_to_minute BETWEEN 0 AND 1440),
  help_text text NOT NULL DEFAULT '' CHECK (length(help_text) <= 480),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- What the model cost an account on a day of its own zone.
CREATE TABLE assistant_days (
  account_id uuid NOT NULL REFERENCES accounts (id),
  day date NOT NULL,
  replies integer NOT NULL DEFAULT 0,
  tokens bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, day)
) WITH (fillfactor = 50);

-- Each attempt to find a reply, and what came of it.
CREATE TABLE ai_runs (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  reply_epoch bigint NOT NULL,
  source text NOT NULL CHECK (source IN ('static_response', 'assistant', 'none')),
  static_response_id uuid,
  model text,
  outcome text NOT NULL,
  note text NOT NULL DEFAULT '',
  input_tokens integer NOT NULL DEFAULT 0,
  cached_tokens integer NOT NULL DEFAULT 0,
  output_tokens integer NOT NULL DEFAULT 0,
  model_ms integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL
);
CREATE INDEX ai_runs_conversation ON ai_runs (conversation_id, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON static_responses, assistant_profiles, assistant_days, ai_runs TO hilo_responder;
GRANT SELECT ON static_responses, assistant_profiles, assistant_days, ai_runs TO hilo_gateway;
GRANT SELECT ON assistant_profiles TO hilo_conversations;
