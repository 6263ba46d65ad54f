DROP TABLE ai_runs;
DROP TABLE assistant_days;
DROP TABLE assistant_profiles;
DROP TABLE static_responses;
