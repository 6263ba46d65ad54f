-- The attempts of an account, the latest first: the ids are of version 7 and sort by time.
CREATE INDEX ai_runs_account ON ai_runs (account_id, id);
