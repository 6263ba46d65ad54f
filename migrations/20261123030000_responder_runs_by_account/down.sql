DROP INDEX ai_runs_account;
