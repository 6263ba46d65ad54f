DROP TABLE number_pace;
DROP TABLE rotations;
DROP TABLE phone_numbers;
