-- People are found by a part of their name or of their number. pg_trgm comes with PostgreSQL and is
-- trusted: whoever may create in the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Accents and case do not count; `domain::store::conversations::list` folds what is asked the same way.
CREATE INDEX contacts_name_parts ON contacts
  USING gin (lower(translate(name, 'ÁÉÍÓÚÜÑáéíóúüñ', 'AEIOUUNaeiouun')) gin_trgm_ops);
CREATE INDEX contacts_phone_parts ON contacts USING gin (phone_number gin_trgm_ops);
CREATE INDEX contacts_list ON contacts (account_id, created_at DESC, id DESC);
