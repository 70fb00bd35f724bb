package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.PrintWriter;

/// Makes the users of the configuration file at first start; a role that exists already is left as it is.
final class UserSeeding {
  private UserSeeding() {}

  static void seed(EmbeddedDatabase db, Configuration config, PrintWriter warnings) {
    for (ConfigFile.SeedUser user : config.users()) {
      if (db.queryOne("SELECT 1 FROM pg_roles WHERE rolname = $1", Integer.class, user.name()) != null) {
        continue;
      }
      if (user.password() != null) {
        warnings.println("warning: user \"" + user.name() + "\" has a plain-text password in the configuration file; use password_hash");
        warnings.flush();
      }
      String verifier = user.passwordHash() != null ? user.passwordHash() : user.password();
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
