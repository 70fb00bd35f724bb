package io.heliosdb.nano.catalog.ddl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.EnumValue;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.junit.jupiter.api.Test;

/// DDL of types, domains, functions, triggers, policies, roles and privileges.
class ObjectDdlTest {
  private final DdlFixture ddl = new DdlFixture();

  @Test
  void enum_values_keep_their_place() {
    ddl.run("CREATE TYPE mood AS ENUM ('sad', 'happy')");
    ddl.run("ALTER TYPE mood ADD VALUE 'ok' BEFORE 'happy'");
    ddl.run("ALTER TYPE mood ADD VALUE 'great'");
    ddl.run("ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'");
    PgType mood = ddl.snapshot().type(2200, "mood");
    assertEquals(List.of("sad", "fine", "happy", "great"), ddl.snapshot().enumValues(mood).stream().map(EnumValue::label).toList());
    assertEquals(1.5f, ddl.snapshot().enumValue(mood, "fine").sortOrder());
    assertNotNull(ddl.snapshot().type(2200, "_mood"));
    assertEquals("42710 enum label \"sad\" already exists", ddl.error("ALTER TYPE mood ADD VALUE 'sad'"));
    ddl.run("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'");
    assertEquals(List.of("NOTICE enum label \"sad\" already exists, skipping"), ddl.notices);
    assertEquals("22023 \"x\" is not an existing enum label", ddl.error("ALTER TYPE mood ADD VALUE 'y' AFTER 'x'"));
    ddl.run("CREATE TABLE t (m mood, ms mood[])");
    assertEquals("2BP01 cannot drop type mood because other objects depend on it"
        + "|column ms of table t depends on type mood[]\ncolumn m of table t depends on type mood"
        + "|Use DROP ... CASCADE to drop the dependent objects too.", ddl.error("DROP TYPE mood"));
  }

  @Test
  void composite_range_and_domain_types() {
    ddl.run("CREATE TYPE pair AS (a int, b text)");
    ddl.run("ALTER TYPE pair ADD ATTRIBUTE c date");
    PgType pair = ddl.snapshot().type(2200, "pair");
    assertEquals(3, ddl.snapshot().compositeFields(pair).size());
    ddl.run("CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi)");
    PgType span = ddl.snapshot().type(2200, "span");
    assertEquals(PgTypes.FLOAT8, ddl.snapshot().range(span).subtype());
    assertEquals("span_multirange", ddl.snapshot().range(span).multirange().name());
    assertEquals(span, ddl.snapshot().rangeOfMultirange(ddl.snapshot().type(2200, "span_multirange")).range());
    assertEquals(2, ddl.snapshot().functions(2200, "span").size());
    ddl.run("CREATE DOMAIN age AS int DEFAULT 1 NOT NULL CHECK (VALUE > 0)");
    PgType age = ddl.snapshot().type(2200, "age");
    Catalog.DomainDetails details = (Catalog.DomainDetails) ddl.snapshot().typeDetails(age.oid());
    assertTrue(details.notNull());
    assertEquals("age_check", details.checks().get(0).name());
    ddl.run("CREATE TABLE t (a age)");
    ddl.run("ALTER DOMAIN age ADD CONSTRAINT big CHECK (VALUE < 200)");
    assertTrue(ddl.work.contains("domain t.1"));
    ddl.run("ALTER DOMAIN age DROP CONSTRAINT age_check");
    assertEquals("42704 constraint \"nope\" of domain \"age\" does not exist", ddl.error("ALTER DOMAIN age DROP CONSTRAINT nope"));
    ddl.run("DROP DOMAIN age CASCADE");
    assertEquals(List.of("NOTICE drop cascades to column a of table t"), ddl.notices);
    ddl.run("DROP TYPE span");
    assertNull(ddl.snapshot().type(2200, "span_multirange"));
  }

  @Test
  void functions_are_found_by_signature_and_replaced_with_care() {
    ddl.run("CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT 1'");
    ddl.run("CREATE FUNCTION f(a text, OUT x int, OUT y int) LANGUAGE plpgsql AS 'BEGIN END'");
    FunctionDef first = ddl.snapshot().functions(2200, "f").get(0);
    assertEquals('i', first.volatility());
    assertTrue(first.strict());
    assertEquals(1, first.defaults().size());
    FunctionDef second = ddl.snapshot().functions(2200, "f").get(1);
    assertEquals("ioo", second.argumentModes());
    assertEquals(PgTypes.RECORD.oid(), second.returnType());
    assertEquals("42723 function \"f\" already exists with same argument types",
        ddl.error("CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 2'"));
    assertEquals("42P13 cannot change return type of existing function|Use DROP FUNCTION f(integer,text) first.",
        ddl.error("CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT '') RETURNS text LANGUAGE sql AS 'SELECT 2'"));
    assertEquals("42P13 cannot change name of input parameter \"a\"|Use DROP FUNCTION f(integer,text) first.",
        ddl.error("CREATE OR REPLACE FUNCTION f(z int, b text DEFAULT '') RETURNS int LANGUAGE sql AS 'SELECT 2'"));
    assertEquals("42725 function name \"f\" is not unique|Specify the argument list to select the function unambiguously.",
        ddl.error("DROP FUNCTION f"));
    assertEquals("42883 function f(bigint) does not exist", ddl.error("DROP FUNCTION f(bigint)"));
    ddl.run("ALTER FUNCTION f(int, text) VOLATILE COST 7 SET search_path = public");
    assertEquals('v', ddl.snapshot().function(first.oid()).volatility());
    assertEquals("public", ddl.snapshot().functionDetails(first.oid()).settings().get("search_path"));
    ddl.run("DROP FUNCTION f(text)");
    ddl.run("DROP FUNCTION f");
    assertEquals(List.of(), ddl.snapshot().functions(2200, "f"));
    ddl.run("DROP FUNCTION IF EXISTS f");
    assertEquals(List.of("NOTICE function f() does not exist, skipping"), ddl.notices);
  }

  @Test
  void triggers_and_policies_belong_to_their_table() {
    ddl.run("CREATE TABLE t (a int)");
    ddl.run("CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
    ddl.run("CREATE TRIGGER tr BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION tf('x', 'y')");
    Catalog.Trigger trigger = ddl.snapshot().trigger(ddl.table("t").triggerOids().get(0));
    assertEquals("iu", trigger.events());
    assertEquals(List.of("x", "y"), trigger.arguments());
    assertEquals(List.of(1), trigger.columns());
    ddl.run("CREATE POLICY p ON t FOR SELECT USING (a > 0)");
    ddl.run("ALTER TABLE t ENABLE ROW LEVEL SECURITY");
    assertTrue(ddl.table("t").rowSecurity());
    assertEquals("42710 trigger \"tr\" for relation \"t\" already exists",
        ddl.error("CREATE TRIGGER tr AFTER INSERT ON t EXECUTE FUNCTION tf()"));
    assertEquals("2BP01 cannot drop function tf() because other objects depend on it|trigger tr on table t depends on function tf()"
        + "|Use DROP ... CASCADE to drop the dependent objects too.", ddl.error("DROP FUNCTION tf"));
    ddl.run("ALTER TABLE t DISABLE TRIGGER ALL");
    assertEquals('D', ddl.snapshot().trigger(trigger.oid()).enabled());
    ddl.run("DROP TRIGGER tr ON t");
    assertEquals(List.of(), ddl.table("t").triggerOids());
    ddl.run("DROP TRIGGER IF EXISTS tr ON t");
    assertEquals(List.of("NOTICE trigger \"tr\" for relation \"t\" does not exist, skipping"), ddl.notices);
    ddl.run("DROP TABLE t");
    assertTrue(ddl.snapshot().policies().isEmpty());
  }

  @Test
  void grants_follow_options_and_ownership() {
    ddl.run("CREATE ROLE alice LOGIN PASSWORD 'pw'");
    ddl.run("CREATE USER bob IN ROLE alice");
    Catalog.Role alice = ddl.snapshot().role("alice");
    Catalog.Role bob = ddl.snapshot().role("bob");
    assertEquals("verifier of pw", alice.password());
    assertTrue(bob.canLogin());
    ddl.run("CREATE TABLE t (a int, b int)");
    ddl.run("GRANT SELECT, INSERT ON t TO alice WITH GRANT OPTION");
    ddl.run("GRANT UPDATE (b) ON t TO alice");
    assertEquals(new AclItem(alice.oid(), "ar", "ar", 10), ddl.table("t").acl().get(1));
    assertTrue(Privileges.hasOnRelation(ddl.snapshot(), bob.oid(), ddl.table("t"), "r"));
    assertFalse(Privileges.hasOnRelation(ddl.snapshot(), bob.oid(), ddl.table("t"), "w"));
    assertTrue(Privileges.hasOnColumn(ddl.snapshot(), bob.oid(), ddl.table("t"), ddl.table("t").column("b"), 'w'));
    ddl.user = bob.oid();
    assertEquals("42501 must be owner of table t", ddl.error("DROP TABLE t"));
    assertEquals("42501 permission denied for schema public", ddl.error("CREATE TABLE u (a int)"));
    ddl.user = 10;
    assertEquals("2BP01 role \"alice\" cannot be dropped because some objects depend on it"
        + "|privileges for table t\nprivileges for column b of table t", ddl.error("DROP ROLE alice"));
    assertEquals("0LP01 invalid privilege type USAGE for table", ddl.error("GRANT USAGE ON t TO alice"));
    assertEquals("0LP01 role \"bob\" is a member of role \"alice\"", ddl.error("GRANT bob TO alice"));
    ddl.run("REVOKE ALL ON t FROM alice");
    ddl.run("REVOKE UPDATE (b) ON t FROM alice");
    ddl.run("DROP ROLE alice");
    assertEquals(List.of(), ddl.snapshot().role("bob").memberOf());
    ddl.run("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO bob");
    ddl.run("CREATE TABLE d (a int)");
    assertTrue(Privileges.hasOnRelation(ddl.snapshot(), bob.oid(), ddl.table("d"), "r"));
    ddl.run("ALTER TABLE d OWNER TO bob");
    ddl.run("REASSIGN OWNED BY bob TO postgres");
    assertEquals(10, ddl.table("d").ownerOid());
  }

  @Test
  void comments_go_with_their_objects() {
    ddl.run("CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))");
    ddl.run("COMMENT ON TABLE t IS 'table'");
    ddl.run("COMMENT ON COLUMN t.a IS 'column'");
    ddl.run("COMMENT ON CONSTRAINT c ON t IS 'constraint'");
    int oid = ddl.table("t").oid();
    assertEquals("column", ddl.snapshot().comment(1259, oid, 1));
    ddl.run("COMMENT ON TABLE t IS NULL");
    assertNull(ddl.snapshot().comment(1259, oid, 0));
    assertEquals("42703 column \"x\" of relation \"t\" does not exist", ddl.error("COMMENT ON COLUMN t.x IS ''"));
    ddl.run("DROP TABLE t");
    assertNull(ddl.snapshot().comment(1259, oid, 1));
  }

  @Test
  void operators_casts_aggregates_and_extensions() {
    ddl.run("CREATE TYPE box3 AS (a int, b int)");
    ddl.run("CREATE FUNCTION box3_eq(box3, box3) RETURNS bool LANGUAGE sql AS 'SELECT true'");
    ddl.run("CREATE OPERATOR === (LEFTARG = box3, RIGHTARG = box3, FUNCTION = box3_eq, COMMUTATOR = ===)");
    Catalog.OperatorDef operator = ddl.snapshot().operators(2200, "===").get(0);
    assertEquals(operator.oid(), operator.commutator());
    ddl.run("CREATE FUNCTION box3_text(box3) RETURNS text LANGUAGE sql AS 'SELECT 1'");
    ddl.run("CREATE CAST (box3 AS text) WITH FUNCTION box3_text(box3) AS ASSIGNMENT");
    assertEquals('a', ddl.snapshot().cast(ddl.snapshot().type(2200, "box3").oid(), PgTypes.TEXT.oid()).context());
    ddl.run("CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')");
    assertTrue(ddl.snapshot().functions(2200, "total").get(0).isAggregate());
    ddl.run("CREATE EXTENSION vector");
    assertEquals("0A000", ddl.error("CREATE EXTENSION postgis").substring(0, 5));
    assertEquals("42809", ddl.error("CREATE RULE r AS ON INSERT TO box3 DO NOTHING").substring(0, 5));
    ddl.run("DROP TYPE box3 CASCADE");
    assertEquals(List.of(), ddl.snapshot().operators(2200, "==="));
  }
}
