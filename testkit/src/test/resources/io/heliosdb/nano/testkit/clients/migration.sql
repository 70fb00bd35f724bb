CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'it''s fine');
CREATE DOMAIN app.positive AS integer DEFAULT 1 CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE TYPE app.address AS (street text, zip varchar(10));
CREATE TYPE app.span AS RANGE (SUBTYPE = float8);
CREATE COLLATION app.german (provider = icu, locale = 'de-DE');
CREATE FUNCTION app.twice(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT i * 2';
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed := 'touched'; RETURN NEW; END $$;
CREATE PROCEDURE app.nothing() LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE SEQUENCE app.counter INCREMENT BY 5 START WITH 100 MAXVALUE 100000 CYCLE;
SELECT nextval('app.counter'), nextval('app.counter');
CREATE TABLE app.kinds (
  id integer GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 10) PRIMARY KEY,
  big bigserial, b boolean DEFAULT true, i2 smallint, n numeric(20,5), free numeric, f4 real, f8 double precision, m money, t text DEFAULT 'it''s \ here', v varchar(10), c char(5),
  bin bytea, d date, tm time, tz timetz, ts timestamp(3), tstz timestamptz DEFAULT now(), iv interval, u uuid, j json, jb jsonb, x bit(5), xv bit varying, ip inet, net cidr, mac macaddr,
  pt point, bx box, pa path, pg polygon, ci circle, arr integer[], tarr text[][], mood app.mood, moods app.mood[], pos app.positive, adr app.address, r int4range, mr nummultirange, sp app.span,
  tv tsvector, tq tsquery, twice integer GENERATED ALWAYS AS (app.twice(i2::integer)) STORED, code integer DEFAULT nextval('app.counter'), german text COLLATE app.german, "Mixed Case" text, xm xml, o oid, ch "char", nm name);
INSERT INTO app.kinds (i2, n, free, f4, f8, m, t, v, c, bin, d, tm, tz, ts, tstz, iv, u, j, jb, x, xv, ip, net, mac, pt, bx, pa, pg, ci, arr, tarr, mood, moods, pos, adr, r, mr, sp, tv, tq, german, "Mixed Case", xm, o, ch, nm) VALUES
 (1, 12345.67891, 'NaN', 1.5, 'Infinity', 12.34, E'tab\there\nline\\end', 'vär', 'ab', '\x00ff5c', '4713-01-01 BC', '24:00:00', '12:00:00+05:30', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56.123456+02', '1 year -2 mons 3 days 04:05:06.7', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  '{"a" :  1}', '{"b": [1, null]}', '10101', '111', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03', '(1,2)', '(3,4),(1,2)', '((0,0),(1,1))', '((0,0),(1,1),(1,0))', '<(0,0),5>', '{1,NULL,3}', '{{a,"b c"},{"NULL",NULL}}', 'it''s fine', '{sad,ok}', 5, ROW('Main "St"', '12 3'), '[1,10)', '{[1,2],[5,)}', '[1.5,2.5]',
  'a fat cat', 'fat & cat', 'ä', 'x', '<a>1</a>', 4294967295, 'q', 'somename'),
 (-2, -0.00001, 1e50, '-0', '1e-300', -1, '', NULL, NULL, '', 'infinity', '00:00', '00:00-12', '-infinity', 'infinity', '-1 day', NULL, NULL, NULL, NULL, '', '::1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[0:1]={7,8}', '{}', 'sad', '{}', NULL, ROW(NULL, ''), 'empty', '{}', NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO app.kinds (i2) SELECT i FROM generate_series(10, 2000) i;
CREATE TABLE app.child (kind integer REFERENCES app.kinds ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, no integer, note text, PRIMARY KEY (no, kind), CONSTRAINT no_positive CHECK (no > 0), UNIQUE (note));
INSERT INTO app.child SELECT id, id, 'n' || id FROM app.kinds;
SET CONSTRAINTS ALL IMMEDIATE;
CREATE INDEX child_lower ON app.child (lower(note) DESC) WHERE no > 5;
CREATE TABLE app.self (id integer PRIMARY KEY, parent integer REFERENCES app.self, period int4range, EXCLUDE USING gist (period WITH &&));
INSERT INTO app.self VALUES (1, 2, '[1,3)'), (2, 1, '[3,5)');
CREATE TABLE app.parted (k integer, region text, v text, PRIMARY KEY (k, region)) PARTITION BY LIST (region);
CREATE TABLE app.parted_eu PARTITION OF app.parted FOR VALUES IN ('de', 'fr');
CREATE TABLE app.parted_rest PARTITION OF app.parted DEFAULT PARTITION BY RANGE (k);
CREATE TABLE app.parted_rest_low PARTITION OF app.parted_rest FOR VALUES FROM (MINVALUE) TO (100);
CREATE TABLE app.parted_rest_high PARTITION OF app.parted_rest FOR VALUES FROM (100) TO (MAXVALUE);
CREATE INDEX parted_v ON app.parted (v);
INSERT INTO app.parted SELECT i, (ARRAY['de', 'fr', 'us', 'jp'])[i % 4 + 1], 'v' || i FROM generate_series(1, 200) i;
CREATE TABLE app.changes (id integer, changed text);
INSERT INTO app.changes VALUES (1, 'before');
CREATE TRIGGER touch BEFORE UPDATE ON app.changes FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TABLE app.no_key (v text);
INSERT INTO app.no_key SELECT 'same' FROM generate_series(1, 3);
CREATE TABLE app.empty ();
CREATE VIEW app.outer_view AS SELECT no, twice FROM app.child JOIN app.kinds ON kind = id WHERE no < 50;
CREATE VIEW app.on_view AS SELECT sum(no) AS s, app.total(twice) AS t FROM app.outer_view;
CREATE MATERIALIZED VIEW app.stored AS SELECT count(*) AS c FROM app.child;
CREATE FUNCTION app.of_table(k app.child) RETURNS text LANGUAGE sql AS 'SELECT k.note';
ALTER TABLE app.child ENABLE ROW LEVEL SECURITY;
CREATE POLICY small ON app.child FOR SELECT USING (no < 1000);
COMMENT ON SCHEMA app IS 'the app''s';
COMMENT ON TABLE app.kinds IS 'all kinds';
COMMENT ON COLUMN app.kinds."Mixed Case" IS 'mixed';
COMMENT ON FUNCTION app.twice(integer) IS 'doubles';
COMMENT ON TYPE app.mood IS 'moods';
CREATE RULE r AS ON DELETE TO app.no_key DO INSTEAD NOTHING;
