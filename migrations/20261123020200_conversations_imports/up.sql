-- A file of contacts that is read in, and how far that is. `created + updated + skipped + rejected`
-- is `rows_done`, always: they are written in one statement, with the rows themselves.
CREATE TABLE contact_imports (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
  phone_column text NOT NULL CHECK (length(phone_column) BETWEEN 1 AND 200),
  name_column text CHECK (length(name_column) BETWEEN 1 AND 200),
  language_column text CHECK (length(language_column) BETWEEN 1 AND 200),
  -- What becomes of a contact that is there already.
  on_duplicate text NOT NULL CHECK (on_duplicate IN ('update', 'skip')),
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'finished', 'cancelled', 'failed')),
  -- The first line, as a JSON array of its cells.
  header jsonb NOT NULL,
  rows_total integer NOT NULL DEFAULT 0,
  rows_done integer NOT NULL DEFAULT 0,
  created integer NOT NULL DEFAULT 0,
  updated integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  started_by uuid,
  -- Why it failed, as a code.
  failure text,
  -- Who reads it now, and until when that is believed without a sign of life.
  holder uuid,
  lease_until timestamptz,
  -- How often it was begun since it last got any further.
  attempts smallint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  CHECK (created + updated + skipped + rejected = rows_done)
);
CREATE INDEX contact_imports_latest ON contact_imports (account_id, created_at DESC, id DESC);
CREATE INDEX contact_imports_unfinished ON contact_imports (created_at) WHERE state IN ('waiting', 'running');

-- The file itself, until it has been read.
CREATE TABLE contact_import_files (
  import_id uuid PRIMARY KEY REFERENCES contact_imports (id) ON DELETE CASCADE,
  body bytea NOT NULL
);
-- It is written and read whole, and compressing 16 MiB costs more than it saves for minutes.
ALTER TABLE contact_import_files ALTER COLUMN body SET STORAGE EXTERNAL;

-- Rows that were not taken, to be mended and sent again.
CREATE TABLE contact_import_rejects (
  import_id uuid NOT NULL REFERENCES contact_imports (id) ON DELETE CASCADE,
  -- Line of the file at which the row begins; the header is line 1.
  line integer NOT NULL,
  reason text NOT NULL,
  -- As they were, a JSON array.
  cells jsonb NOT NULL,
  PRIMARY KEY (import_id, line)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON contact_imports, contact_import_files, contact_import_rejects TO hilo_conversations;
-- The gateway shows progress to browsers; the rows themselves are not its business.
GRANT SELECT ON contact_imports TO hilo_gateway;
