package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// The short statements of the comparison, through one interface: HeliosDB's own API on one side, JDBC on the other.
interface ShortStatements extends AutoCloseable {
  int ROWS = 100_000;

  long selectPrepared(int key) throws SQLException;

  /// The same select with the key written into the text.
  long selectAdHoc(int key) throws SQLException;

  long insert(int key) throws SQLException;

  long update(int key) throws SQLException;

  /// Removes the rows that [#insert] made.
  void empty() throws SQLException;

  @Override
  void close() throws SQLException;

  /// HeliosDB without JDBC.
  final class Embedded implements ShortStatements {
    private final EmbeddedDatabase database = EmbeddedDatabase.newInMemory();

    Embedded() {
      database.execute("CREATE TABLE accounts (id INT PRIMARY KEY, name TEXT, balance INT)");
      database.execute("CREATE TABLE history (id INT PRIMARY KEY, name TEXT, balance INT)");
      database.execute("INSERT INTO accounts SELECT g, 'account ' || g, g FROM generate_series(0, " + (ROWS - 1) + ") AS s(g)");
    }

    private static long use(Row row) {
      return row.getString(0).length() + row.getInt(1);
    }

    @Override
    public long selectPrepared(int key) {
      return use(database.query("SELECT name, balance FROM accounts WHERE id = $1", key).row(0));
    }

    @Override
    public long selectAdHoc(int key) {
      return use(database.query("SELECT name, balance FROM accounts WHERE id = " + key).row(0));
    }

    @Override
    public long insert(int key) {
      return database.execute("INSERT INTO history VALUES ($1, $2, $3)", key, "a new account", key);
    }

    @Override
    public long update(int key) {
      return database.execute("UPDATE accounts SET balance = balance + 1 WHERE id = $1", key);
    }

    @Override
    public void empty() {
      database.execute("TRUNCATE history");
    }

    @Override
    public void close() {
      database.close();
    }
  }

  /// Any database over JDBC, prepared statements kept open.
  final class Jdbc implements ShortStatements {
    private final Contender contender;
    private final Connection connection;
    private final Statement plain;
    private final PreparedStatement select;
    private final PreparedStatement insert;
    private final PreparedStatement update;

    Jdbc(Contender contender) throws SQLException {
      this.contender = contender;
      connection = contender.connect();
      plain = connection.createStatement();
      plain.execute("CREATE TABLE accounts (id INT PRIMARY KEY, name VARCHAR(100), balance INT)");
      plain.execute("CREATE TABLE history (id INT PRIMARY KEY, name VARCHAR(100), balance INT)");
      plain.execute("INSERT INTO accounts SELECT g, 'account ' || g, g FROM " + contender.series(ROWS - 1));
      select = connection.prepareStatement("SELECT name, balance FROM accounts WHERE id = ?");
      insert = connection.prepareStatement("INSERT INTO history VALUES (?, ?, ?)");
      update = connection.prepareStatement("UPDATE accounts SET balance = balance + 1 WHERE id = ?");
    }

    private static long use(ResultSet result) throws SQLException {
      result.next();
      return result.getString(1).length() + result.getInt(2);
    }

    @Override
    public long selectPrepared(int key) throws SQLException {
      select.setInt(1, key);
      try (ResultSet result = select.executeQuery()) {
        return use(result);
      }
    }

    @Override
    public long selectAdHoc(int key) throws SQLException {
      try (ResultSet result = plain.executeQuery("SELECT name, balance FROM accounts WHERE id = " + key)) {
        return use(result);
      }
    }

    @Override
    public long insert(int key) throws SQLException {
      insert.setInt(1, key);
      insert.setString(2, "a new account");
      insert.setInt(3, key);
      return insert.executeUpdate();
    }

    @Override
    public long update(int key) throws SQLException {
      update.setInt(1, key);
      return update.executeUpdate();
    }

    @Override
    public void empty() throws SQLException {
      plain.execute("DELETE FROM history");
    }

    @Override
    public void close() throws SQLException {
      contender.close(connection);
    }
  }
}
