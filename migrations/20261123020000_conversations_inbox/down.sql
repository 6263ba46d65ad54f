CREATE INDEX user_conversations_user ON user_conversations (user_id, last_message_at DESC) WHERE user_id IS NOT NULL;
DROP INDEX user_conversations_owner;
DROP INDEX user_conversations_number;
DROP INDEX user_conversations_not_active;
DROP INDEX user_conversations_handed_over;
DROP INDEX user_conversations_unread;
DROP INDEX user_conversations_list;
ALTER TABLE user_conversations DROP COLUMN unread, DROP COLUMN last_message_id;
