DROP TABLE known_addresses, sign_in_failures, api_tokens, invitations, recovery_codes, second_factors, sessions;
DROP INDEX users_account;
ALTER TABLE users DROP COLUMN last_seen_at;
