package io.heliosdb.nano.clients;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class JooqTest {
  static {
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
  }

  @RegisterExtension
  static final Server SERVER = new Server("jOOQ", Server.versionOf(DSLContext.class));

  @Test
  void queries_transactions_and_generated_code(@TempDir Path directory) throws Exception {
    try (HikariDataSource pool = SERVER.pool(20)) {
      DSLContext dsl = DSL.using(pool, SQLDialect.POSTGRES);
      schema(dsl);
      work(dsl);
      generate(pool, directory);
      assertTrue(dsl.meta().getTables("person").stream().anyMatch(t -> t.getPrimaryKey() != null && t.getReferences().size() == 1));
      assertTrue(dsl.meta().ddl().queries().length > 3);
    }
  }

  private static void schema(DSLContext dsl) {
    dsl.createSchema("shop").execute();
    dsl.setSchema("shop").execute();
    dsl.execute("""
        CREATE TYPE shop.mood AS ENUM ('sad', 'happy');
        CREATE TYPE shop.address AS (street text, number int);
        CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0);
        CREATE TABLE shop.team (id serial PRIMARY KEY, name varchar(40) NOT NULL UNIQUE);
        CREATE TABLE shop.person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, team_id int NOT NULL CONSTRAINT plays REFERENCES shop.team, name text NOT NULL DEFAULT 'x',
          salary numeric(10,2) CONSTRAINT paid CHECK (salary >= 0), born date, facts jsonb, tags text[], mood shop.mood, home shop.address, n shop.positive, doubled int GENERATED ALWAYS AS (length(name) * 2) STORED);
        CREATE UNIQUE INDEX person_name ON shop.person (lower(name));
        CREATE INDEX person_team ON shop.person (team_id, born DESC);
        COMMENT ON TABLE shop.person IS 'who works';
        COMMENT ON COLUMN shop.person.name IS 'full name';
        CREATE VIEW shop.rich AS SELECT id, name FROM shop.person WHERE salary > 100;
        CREATE FUNCTION shop.add(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a + b';
        CREATE FUNCTION shop.pairs(n int) RETURNS TABLE (a int, b text) LANGUAGE sql AS 'SELECT i, i::text FROM generate_series(1, n) i';
        CREATE PROCEDURE shop.act(INOUT x int) LANGUAGE plpgsql AS $$ BEGIN x := x * 2; END $$;
        CREATE SEQUENCE shop.counter INCREMENT 5;
        CREATE TRIGGER t BEFORE UPDATE ON shop.team FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
        """);
  }

  private static void work(DSLContext dsl) {
    var team = table(name("shop", "team"));
    var person = table(name("shop", "person"));
    var id = field(name("id"), SQLDataType.INTEGER);
    var teamName = field(name("name"), SQLDataType.VARCHAR);
    Integer red = dsl.insertInto(team).set(teamName, "red").returningResult(id).fetchOne().value1();
    assertEquals(1, red);
    var insert = dsl.insertInto(person, field(name("team_id"), SQLDataType.INTEGER), teamName, field(name("salary"), SQLDataType.NUMERIC), field(name("born"), SQLDataType.LOCALDATE),
        field(name("facts"), SQLDataType.JSONB), field(name("tags"), SQLDataType.VARCHAR.array()));
    for (int i = 0; i < 50; i++) {
      insert = insert.values(red, "p" + i, BigDecimal.valueOf(i * 10), LocalDate.of(2000, 1, 1).plusDays(i), JSONB.valueOf("{\"i\": " + i + "}"), new String[] {"t" + i, null});
    }
    assertEquals(50, insert.execute());
    var salary = field(name("salary"), SQLDataType.NUMERIC);
    var ranked = dsl.select(teamName, DSL.rank().over(DSL.orderBy(salary.desc()))).from(person).where(salary.gt(BigDecimal.valueOf(300))).orderBy(salary.desc()).limit(2).fetch();
    assertEquals(List.of("p49", "p48"), ranked.getValues(0));
    assertEquals(1, dsl.fetchCount(person, DSL.condition("facts @> {0}", DSL.val(JSONB.valueOf("{\"i\": 7}")))));
    var nested = dsl.select(teamName, DSL.multiset(DSL.select(field(name("p", "name"), SQLDataType.VARCHAR)).from(person.as("p"))
        .where(field(name("p", "salary"), SQLDataType.NUMERIC).lt(BigDecimal.valueOf(15))).orderBy(field(name("p", "id"))))).from(team).fetchOne();
    assertEquals("[(p0), (p1)]", nested.value2().map(r -> "(" + r.value1() + ")").toString());
    assertEquals(1, dsl.insertInto(team).set(teamName, "red").onConflict(teamName).doUpdate().set(teamName, DSL.excluded(teamName).concat("!")).execute());
    assertEquals(2, dsl.update(person).set(salary, salary.plus(1)).where(teamName.in("p1", "p2")).execute());
    assertEquals(1, dsl.mergeInto(team).using(DSL.selectOne()).on(teamName.eq("green")).whenNotMatchedThenInsert(teamName).values("green").execute());
    var violation = assertThrows(IntegrityConstraintViolationException.class, () -> dsl.insertInto(team).set(teamName, "green").execute());
    assertEquals("23505", violation.sqlState());
    assertThrows(DataAccessException.class, () -> dsl.transaction(configuration -> {
      configuration.dsl().deleteFrom(person).execute();
      assertThrows(DataAccessException.class, () -> configuration.dsl().transaction(inner -> inner.dsl().execute("SELECT 1/0")));
      assertEquals(0, configuration.dsl().fetchCount(person));
      throw new DataAccessException("back");
    }));
    assertEquals(50, dsl.fetchCount(person));
    assertEquals(3, dsl.fetchLazy("SELECT * FROM generate_series(1, 3)").stream().count());
  }

  private static void generate(HikariDataSource pool, Path directory) throws Exception {
    try (Connection connection = pool.getConnection()) {
      org.jooq.codegen.GenerationTool tool = new org.jooq.codegen.GenerationTool();
      tool.setConnection(connection);
      tool.run(new Configuration().withLogging(org.jooq.meta.jaxb.Logging.ERROR).withGenerator(new Generator()
          .withDatabase(new Database().withName("org.jooq.meta.postgres.PostgresDatabase").withInputSchema("shop").withIncludeCheckConstraints(true).withIncludeIndexes(true)
              .withIncludeTriggerRoutines(true).withIncludeSystemIndexes(true).withTableValuedFunctions(true))
          .withGenerate(new Generate().withComments(true))
          .withTarget(new Target().withPackageName("made").withDirectory(directory.toString()))));
    }
    Set<String> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).map(p -> directory.resolve("made").relativize(p).toString()).collect(Collectors.toSet());
    }
    assertTrue(files.containsAll(Set.of("Keys.java", "Indexes.java", "Sequences.java", "Routines.java", "enums/Mood.java", "tables/Person.java", "tables/Team.java", "tables/Rich.java", "tables/Pairs.java",
        "udt/Address.java", "routines/Add.java", "routines/Act.java", "Domains.java")), files::toString);
    String person = Files.readString(directory.resolve("made/tables/Person.java"));
    for (String part : List.of("SQLDataType.BIGINT.nullable(false).identity(true)", "SQLDataType.NUMERIC(10, 2)", "SQLDataType.JSONB", "SQLDataType.CLOB.array()", "Keys.PERSON_PKEY", "who works", "full name",
        "\"paid\"", "Keys.PERSON__PLAYS", "Mood", "Domains.POSITIVE.getDataType()")) {
      assertTrue(person.contains(part), () -> "Person lacks " + part + ":\n" + person);
    }
  }
}
