package io.heliosdb.nano.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.TreeSet;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.snapshot.DatabaseSnapshot;
import liquibase.snapshot.SnapshotControl;
import liquibase.snapshot.SnapshotGeneratorFactory;
import liquibase.structure.core.Column;
import liquibase.structure.core.ForeignKey;
import liquibase.structure.core.Index;
import liquibase.structure.core.PrimaryKey;
import liquibase.structure.core.Sequence;
import liquibase.structure.core.Table;
import liquibase.structure.core.UniqueConstraint;
import liquibase.structure.core.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LiquibaseTest {
  @RegisterExtension
  static final Server SERVER = new Server("Liquibase", Server.versionOf(Liquibase.class));

  private static final String CHANGES = """
      <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
        <changeSet id="1" author="test">
          <createTable tableName="team" remarks="who plays">
            <column name="id" type="int" autoIncrement="true"><constraints primaryKey="true"/></column>
            <column name="name" type="varchar(40)" remarks="its name"><constraints nullable="false" unique="true" uniqueConstraintName="one_name"/></column>
            <column name="founded" type="timestamp with time zone" defaultValueComputed="now()"/>
            <column name="active" type="boolean" defaultValueBoolean="true"/>
            <column name="budget" type="decimal(12,2)" defaultValueNumeric="1.5"/>
          </createTable>
          <createTable tableName="person">
            <column name="id" type="bigint" autoIncrement="true" startWith="100"><constraints primaryKey="true" primaryKeyName="person_key"/></column>
            <column name="team_id" type="int"/><column name="note" type="clob"/><column name="photo" type="blob"/><column name="code" type="uuid"/>
          </createTable>
          <addForeignKeyConstraint baseTableName="person" baseColumnNames="team_id" constraintName="plays_for" referencedTableName="team" referencedColumnNames="id" onDelete="CASCADE"
              deferrable="true" initiallyDeferred="true"/>
          <createIndex tableName="person" indexName="person_team"><column name="team_id"/><column name="code" descending="true"/></createIndex>
          <createSequence sequenceName="counter" startValue="5" incrementBy="2"/>
        </changeSet>
        <changeSet id="2" author="test">
          <preConditions><tableExists tableName="team"/><columnExists tableName="person" columnName="note"/><indexExists indexName="person_team"/>
            <foreignKeyConstraintExists foreignKeyName="plays_for"/><primaryKeyExists tableName="team"/><sequenceExists sequenceName="counter"/><rowCount tableName="team" expectedRows="0"/></preConditions>
          <addColumn tableName="team"><column name="motto" type="text" defaultValue="none"><constraints nullable="false"/></column></addColumn>
          <renameColumn tableName="person" oldColumnName="note" newColumnName="remark" columnDataType="clob"/>
          <modifyDataType tableName="team" columnName="name" newDataType="varchar(80)"/>
          <addNotNullConstraint tableName="person" columnName="code" columnDataType="uuid" defaultNullValue="12345678-1234-5678-1234-567812345678"/>
          <addUniqueConstraint tableName="person" columnNames="code" constraintName="one_code" deferrable="true"/>
          <insert tableName="team"><column name="name" value="red"/><column name="budget" valueNumeric="2.25"/></insert>
          <createView viewName="teams">SELECT id, name FROM team</createView>
          <createProcedure>CREATE FUNCTION twice(x int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN x * 2; END; $$</createProcedure>
          <sql splitStatements="false">DO $$ BEGIN INSERT INTO team (name) VALUES ('blue'); END $$</sql>
          <rollback><sql>DROP VIEW teams; DROP FUNCTION twice(int); DELETE FROM team</sql>
            <dropUniqueConstraint tableName="person" constraintName="one_code"/><dropNotNullConstraint tableName="person" columnName="code"/>
            <renameColumn tableName="person" oldColumnName="remark" newColumnName="note"/><dropColumn tableName="team" columnName="motto"/></rollback>
        </changeSet>
      </databaseChangeLog>
      """;

  @Test
  void updates_rolls_back_snapshots_and_reports_errors(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("changes.xml"), CHANGES);
    Files.writeString(directory.resolve("broken.sql"), "--liquibase formatted sql\n--changeset test:9\nCREATE TABLE half (a int);\nSELECT 1/0;\n");
    try (HikariDataSource pool = SERVER.pool(5);
        Connection connection = pool.getConnection()) {
      Database database = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
      assertEquals("PostgreSQL", database.getDatabaseProductName());
      Liquibase liquibase = new Liquibase("changes.xml", new DirectoryResourceAccessor(directory), database);
      liquibase.validate();
      liquibase.update(new Contexts());
      liquibase.update(new Contexts());
      assertEquals(0, liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression()).size());
      StringWriter sql = new StringWriter();
      liquibase.futureRollbackSQL(new Contexts(), new LabelExpression(), sql);
      DatabaseSnapshot snapshot =
          SnapshotGeneratorFactory.getInstance().createSnapshot(database.getDefaultSchema(), database,
              new SnapshotControl(database, Table.class, Column.class, PrimaryKey.class, ForeignKey.class, Index.class, UniqueConstraint.class, View.class, Sequence.class));
      TreeSet<String> found = new TreeSet<>();
      snapshot.get(Table.class).forEach(t -> found.add("table " + t.getName() + " " + t.getRemarks()));
      snapshot.get(PrimaryKey.class).forEach(k -> found.add("key " + k.getName() + " " + k.getColumnNames()));
      snapshot.get(ForeignKey.class).forEach(k -> found.add("foreign key " + k.getName() + " " + k.getDeleteRule() + " " + k.isInitiallyDeferred()));
      snapshot.get(UniqueConstraint.class).forEach(k -> found.add("unique " + k.getName() + " " + k.isDeferrable()));
      snapshot.get(View.class).forEach(v -> found.add("view " + v.getName() + " " + v.getDefinition().strip().replaceAll("\\s+", " ")));
      snapshot.get(Sequence.class).forEach(s -> found.add("sequence " + s.getName() + " " + s.getIncrementBy()));
      snapshot.get(Column.class).stream().filter(c -> c.getRelation() instanceof Table t && t.getName().equals("team"))
          .forEach(c -> found.add("column " + c.getName() + " " + c.getType() + " " + c.isNullable() + " " + c.getDefaultValue()));
      for (String line : new String[] {"table team who plays", "key person_key id", "foreign key plays_for importedKeyCascade true", "unique one_code false", "unique one_name false",
          "view teams SELECT team.id, team.name FROM team;", "sequence counter 2", "column name varchar(80 BYTE) false null", "column motto text false none",
          "column budget numeric(12, 2) true 1.5"}) {
        assertTrue(found.stream().anyMatch(line::equalsIgnoreCase), () -> "no " + line + " in\n" + String.join("\n", found));
      }
      liquibase.rollback(1, "");
      LiquibaseException failure = assertThrows(LiquibaseException.class,
          () -> new Liquibase("broken.sql", new DirectoryResourceAccessor(directory), database).update(new Contexts()));
      assertTrue(failure.getMessage().contains("division by zero"), failure.getMessage());
      connection.rollback();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT to_regclass('half'), (SELECT count(*) FROM team), (SELECT locked FROM databasechangeloglock)")) {
        rows.next();
        assertEquals(null, rows.getString(1));
        assertEquals(0, rows.getInt(2));
        assertEquals(false, rows.getBoolean(3));
      }
      connection.rollback();
      liquibase.dropAll();
      connection.commit();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN ('team', 'person', 'teams')")) {
        rows.next();
        assertEquals(0, rows.getInt(1));
      }
    }
  }
}
