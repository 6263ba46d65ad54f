DROP TABLE live_events, live_heads;
