DROP TABLE sms_messages;
DROP TABLE conversation_aliases;
DROP TABLE user_conversations;
DROP TABLE opt_outs;
DROP TABLE contacts;
