package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.CatalogBuilder;
import java.util.Set;

/// A catalog with an object of every kind that DDL can make.
public final class DdlScript {
  private DdlScript() {}

  public static CatalogBuilder everyKindOfObject() {
    DdlFixture ddl = new DdlFixture();
    ddl.run("CREATE ROLE alice LOGIN CONNECTION LIMIT 3 VALID UNTIL '2030-01-01'");
    ddl.run("GRANT pg_monitor TO alice WITH ADMIN OPTION");
    ddl.run("COMMENT ON ROLE alice IS 'shared comment'");
    ddl.run("CREATE SCHEMA s");
    ddl.run("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')");
    ddl.run("CREATE DOMAIN many_moods AS mood[] CHECK (VALUE IS NOT NULL)");
    ddl.run("CREATE TYPE pair AS (a int, b mood, c many_moods)");
    ddl.run("CREATE TYPE span AS RANGE (subtype = numeric)");
    ddl.run("CREATE COLLATION german (provider = icu, locale = 'de')");
    ddl.run("CREATE TEXT SEARCH PARSER prs (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)");
    ddl.run("CREATE TEXT SEARCH TEMPLATE tmpl (lexize = dsimple_lexize)");
    ddl.run("CREATE TEXT SEARCH DICTIONARY dict (template = simple, stopwords = english)");
    ddl.run("CREATE TEXT SEARCH CONFIGURATION conf (copy = english)");
    ddl.run("CREATE TABLE t (id serial PRIMARY KEY, a int NOT NULL CHECK (a > 0), b text COLLATE german DEFAULT 'x', m many_moods, p pair,"
        + " n int GENERATED ALWAYS AS IDENTITY, r int REFERENCES t ON DELETE SET NULL, UNIQUE (a, b) DEFERRABLE)");
    ddl.run("ALTER TABLE t ADD COLUMN added int DEFAULT 7");
    ddl.run("ALTER TABLE t DROP COLUMN p");
    ddl.run("ALTER TABLE t ALTER COLUMN a SET (n_distinct = 5)");
    ddl.run("CREATE INDEX ON t (a DESC, (a + 1)) INCLUDE (b) WHERE a > 5");
    ddl.run("CREATE TABLE m (d int) PARTITION BY RANGE (d)");
    ddl.run("CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (1) TO (MAXVALUE)");
    ddl.viewDependencies = Set.of(Ddl.columnAddress(ddl.table("t"), 2));
    ddl.run("CREATE VIEW v AS SELECT a FROM t");
    ddl.run("CREATE MATERIALIZED VIEW mv AS SELECT a FROM t");
    ddl.run("CREATE FUNCTION f(a int, VARIADIC b text[]) RETURNS TABLE (x int, y text) LANGUAGE sql STABLE SET work_mem = '1MB' AS 'SELECT 1'");
    ddl.run("CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
    ddl.run("CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')");
    ddl.run("CREATE FUNCTION eq(pair, pair) RETURNS bool LANGUAGE sql AS 'SELECT true'");
    ddl.run("CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = eq)");
    ddl.run("CREATE CAST (pair AS text) WITH INOUT");
    ddl.run("CREATE TRIGGER tr AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n EXECUTE FUNCTION tf('a')");
    ddl.run("CREATE RULE r AS ON DELETE TO t WHERE old.id > 0 DO ALSO NOTIFY gone");
    ddl.run("CREATE POLICY p ON t TO alice USING (a > 1) WITH CHECK (a > 2)");
    ddl.run("GRANT SELECT, UPDATE (a) ON t TO alice");
    ddl.run("REVOKE EXECUTE ON FUNCTION tf() FROM PUBLIC");
    ddl.run("GRANT SELECT ON pg_authid TO alice");
    ddl.run("ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO alice");
    ddl.run("COMMENT ON COLUMN t.a IS 'comment'");
    ddl.run("CREATE EXTENSION vector SCHEMA s");
    ddl.run("CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1')");
    ddl.run("CREATE SERVER sv VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h')");
    ddl.run("CREATE USER MAPPING FOR PUBLIC SERVER sv OPTIONS (user 'u')");
    ddl.run("GRANT USAGE ON FOREIGN SERVER sv TO alice");
    ddl.run("CREATE FOREIGN TABLE ft (a int OPTIONS (x 'y')) SERVER sv OPTIONS (t 'tt')");
    ddl.run("CREATE PUBLICATION pub FOR TABLE t (a), m");
    ddl.run("CREATE PUBLICATION pubs FOR TABLES IN SCHEMA s");
    ddl.run("CREATE FUNCTION ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'");
    ddl.run("CREATE EVENT TRIGGER et ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION ev()");
    ddl.run("CREATE TEMP TABLE tmp (a int) ON COMMIT DROP");
    return ddl.catalog;
  }
}
