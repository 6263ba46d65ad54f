-- The roles stay: other databases of the cluster may use them.
DROP TABLE users;
DROP TABLE accounts;
