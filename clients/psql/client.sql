-- psql: create, migrate, insert, query, transactions, errors, variables, \copy, \gset, \crosstabview, \d of everything.
\set ON_ERROR_STOP on
\set VERBOSITY verbose
\pset pager off
BEGIN;
CREATE SCHEMA shop;
SET search_path = shop;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, mood mood DEFAULT 'ok', n positive);
CREATE TABLE purchase (id serial PRIMARY KEY, customer int REFERENCES customer ON DELETE CASCADE DEFERRABLE, at timestamptz, amount numeric(10,2) CHECK (amount > 0));
COMMENT ON TABLE customer IS 'who buys';
COMMENT ON COLUMN customer.name IS 'full';
COMMIT;
ALTER TABLE customer ADD COLUMN born date;
CREATE INDEX purchase_at ON purchase (at DESC NULLS LAST) WHERE amount > 10;
CREATE VIEW totals AS SELECT c.name, sum(p.amount) AS total FROM customer c LEFT JOIN purchase p ON p.customer = c.id GROUP BY c.name;
CREATE MATERIALIZED VIEW kept AS SELECT * FROM totals;
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x * 2';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := coalesce(NEW.at, '2024-01-01 00:00+00'); RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE INSERT OR UPDATE OF amount ON purchase FOR EACH ROW WHEN (NEW.amount > 1) EXECUTE FUNCTION touch();
CREATE TABLE measure (at date, v int) PARTITION BY RANGE (at);
CREATE TABLE measure_2024 PARTITION OF measure FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE measure_rest PARTITION OF measure DEFAULT;
CREATE SEQUENCE counter INCREMENT 5 CYCLE MAXVALUE 100;
CREATE ROLE reader;
GRANT SELECT ON customer TO reader;
GRANT SELECT (id), UPDATE (amount) ON purchase TO reader;
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON customer FOR SELECT TO reader USING (name = current_user);
\copy customer (name, born) FROM stdin WITH (FORMAT csv)
Ada,1815-12-10
"Bob, the second",
\.
INSERT INTO purchase (customer, amount) SELECT 1 + i % 2, i FROM generate_series(1, 10) i RETURNING id, at;
SELECT * FROM totals ORDER BY name \gx
SELECT count(*) AS n, max(amount) AS most FROM purchase \gset
\echo :n :most :'most'
PREPARE by_name (text) AS SELECT id FROM customer WHERE name = $1;
EXECUTE by_name('Ada');
BEGIN;
SAVEPOINT s;
\set ON_ERROR_STOP off
INSERT INTO customer (name) VALUES ('Ada');
SELECT 1;
ROLLBACK TO s;
INSERT INTO customer (name, n) VALUES ('Eve', -1);
ROLLBACK;
SELECT nope FROM customer;
SELECT * FROM nowhere;
SELECT 1 +;
INSERT INTO purchase (customer, amount) VALUES (77, 1);
\errverbose
\echo :SQLSTATE :LAST_ERROR_MESSAGE
\set ON_ERROR_STOP on
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT id FROM purchase ORDER BY id;
FETCH 2 FROM c;
FETCH LAST FROM c;
FETCH RELATIVE -3 FROM c;
COMMIT;
\set FETCH_COUNT 3
SELECT id, amount FROM purchase ORDER BY id;
\unset FETCH_COUNT
SELECT a, b, a * b AS v FROM generate_series(1, 2) a, generate_series(1, 3) b ORDER BY 1, 2 \crosstabview
SELECT format('SELECT %s AS x', i) FROM generate_series(1, 2) i \gexec
\copy (SELECT name, born FROM customer ORDER BY id) TO stdout WITH (FORMAT csv, HEADER)
EXPLAIN (COSTS OFF) SELECT 1;
\d
\d customer
\d+ customer
\d purchase
\d+ totals
\d+ kept
\d+ measure
\d measure_2024
\d counter
\d purchase_pkey
\d purchase_at
\dt shop.*
\di shop.*
\dv+ shop.*
\dm shop.*
\ds+ shop.*
\df shop.*
\df+ shop.twice
\sf twice
\sv totals
\dn+ shop
\dT+ shop.*
\dD shop.*
\dp shop.*
\du reader
\dP+ shop.*
\dd shop.*
\ddp
\dc shop.*
\dx plpgsql
\dRp
\dRs
\des
\dew
\dy
\dX
\dl
\dO shop.*
\dC mood
\do shop.*
\da shop.*
\dA+ btree
\dAc btree int*
\dF simple
\dFd simple
\dL
\drds
\db pg_default
\encoding
\z shop.customer
DROP SCHEMA shop CASCADE;
DROP ROLE reader;
