package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.wire.PasswordVerifiers;
import java.io.PrintWriter;

/// Makes the users of the configuration file at first start; a role that exists already is left as it is.
final class UserSeeding {
  private UserSeeding() {}

  static void seed(EmbeddedDatabase db, Configuration config, PrintWriter warnings) {
    for (ConfigFile.SeedUser user : config.users()) {
      if (user.password() != null) {
        warnings.println("warning: " + user.place() + ": user \"" + user.name() + "\" has a plain-text password; put what 'heliosdb-nano passwd' prints into password_hash");
        warnings.flush();
      }
      if (db.queryOne("SELECT 1 FROM pg_roles WHERE rolname = $1", Integer.class, user.name()) != null) {
        continue;
      }
      // The password itself goes no further than this.
      String verifier = user.password() != null ? PasswordVerifiers.makeScram(user.password()) : user.passwordHash();
      StringBuilder sql = new StringBuilder("CREATE ROLE ").append(quoteIdentifier(user.name())).append(" LOGIN");
      if (user.roles().contains("admin")) {
        sql.append(" SUPERUSER");
      }
      if (verifier != null) {
        sql.append(" PASSWORD ").append(quoteLiteral(verifier));
      }
      db.execute(sql.toString());
      if (user.roles().contains("write")) {
        db.execute("GRANT pg_read_all_data, pg_write_all_data TO " + quoteIdentifier(user.name()));
      } else if (user.roles().contains("read")) {
        db.execute("GRANT pg_read_all_data TO " + quoteIdentifier(user.name()));
      }
    }
  }

  static String quoteIdentifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quoteLiteral(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
