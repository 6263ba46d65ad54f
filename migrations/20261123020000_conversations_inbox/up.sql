-- What a list of conversations shows, and the orders that it is read in.
ALTER TABLE user_conversations
  -- The last text of the thread. The list reads it by its key instead of keeping a copy: a copy of
  -- its status would have to be written under the conversation's lock, which is taken before a
  -- message's and not after it.
  ADD COLUMN last_message_id uuid,
  -- Texts of the customer since somebody last had the thread open.
  ADD COLUMN unread integer NOT NULL DEFAULT 0 CHECK (unread >= 0);

UPDATE user_conversations c SET last_message_id =
  (SELECT m.id FROM sms_messages m WHERE m.conversation_id = c.id ORDER BY m.id DESC LIMIT 1);

-- One index a filter, each in the order of the list, so that a page costs the same however long the
-- list is. A text moves its conversation in all of them: HOT updates are given up for that.
CREATE INDEX user_conversations_list ON user_conversations (account_id, last_message_at DESC, id DESC);
CREATE INDEX user_conversations_unread ON user_conversations (account_id, last_message_at DESC, id DESC)
  INCLUDE (user_id) WHERE unread > 0;
CREATE INDEX user_conversations_handed_over ON user_conversations (account_id, last_message_at DESC, id DESC)
  WHERE assistant = 'handed_over';
CREATE INDEX user_conversations_not_active ON user_conversations (account_id, conversation_status, last_message_at DESC, id DESC)
  WHERE conversation_status <> 'active';
CREATE INDEX user_conversations_number ON user_conversations (number_id, last_message_at DESC, id DESC)
  INCLUDE (conversation_status);
CREATE INDEX user_conversations_owner ON user_conversations (user_id, last_message_at DESC, id DESC)
  WHERE user_id IS NOT NULL;
-- The one above does what it did.
DROP INDEX user_conversations_user;
