DROP INDEX contacts_list;
DROP INDEX contacts_phone_parts;
DROP INDEX contacts_name_parts;
DROP EXTENSION pg_trgm;
