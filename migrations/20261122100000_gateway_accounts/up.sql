-- The role of each service. A service may SELECT what it reads and write only in its own slice;
-- the grants stand beside each table. Roles belong to the whole cluster, so another database of the
-- cluster may have made them already; concurrent migrations may race for the same name.
DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['hilo_gateway', 'hilo_ingress', 'hilo_conversations', 'hilo_responder'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    -- So that whoever migrates may also start services under one login (`SET ROLE`). On a cluster
    -- where that is not wanted, give each service a login of its own and revoke this.
    BEGIN
      EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
    EXCEPTION WHEN OTHERS THEN
      -- A superuser needs no membership, and two migrations at once may collide on the catalogue.
      RAISE NOTICE 'role % not granted to the migrating user: %', role_name, SQLERRM;
    END;
  END LOOP;
END $$;

-- The border that no query crosses.
CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- The business zone: days, schedules and screens. America/Mexico_City has no DST since 2022.
  time_zone text NOT NULL DEFAULT 'America/Mexico_City',
  language text NOT NULL DEFAULT 'es' CHECK (language IN ('es', 'en')),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id),
  email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'viewer')),
  -- NULL until the person has set one.
  password_hash text,
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz,
  UNIQUE (account_id, id)
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

GRANT SELECT, INSERT, UPDATE, DELETE ON accounts, users TO hilo_gateway;
GRANT SELECT ON accounts TO hilo_ingress, hilo_conversations, hilo_responder;
-- Never the password hash.
GRANT SELECT (id, account_id, email, name, role, created_at, disabled_at) ON users TO hilo_conversations;
