DROP TABLE tally_marks;
DROP TABLE number_tallies;
