-- How many texts each number has carried, counted in passing: to count them all takes seconds where
-- there are millions. What is newer than the mark is counted when it is asked for.
CREATE TABLE number_tallies (
  number_id uuid PRIMARY KEY REFERENCES phone_numbers (id) ON DELETE CASCADE,
  texts bigint NOT NULL
);

-- One row: all texts up to this id are in the tallies. Ids sort by time.
CREATE TABLE tally_marks (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  counted_to uuid NOT NULL
);
INSERT INTO tally_marks (counted_to) VALUES ('00000000-0000-0000-0000-000000000000');

GRANT SELECT, INSERT, UPDATE, DELETE ON number_tallies TO hilo_conversations;
GRANT SELECT, UPDATE ON tally_marks TO hilo_conversations;
