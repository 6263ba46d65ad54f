DROP TABLE conversation_notes;
DROP TABLE conversation_labels;
DROP TABLE labels;
