package io.heliosdb.nano.session;

import io.heliosdb.nano.parse.ast.AccessDdl;
import io.heliosdb.nano.parse.ast.ObjectDdl;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.parse.ast.UtilityStatement;

/// The command name of a statement for messages, such as `CREATE TABLE`: from the record's name, unless one record stands for several.
final class DdlNames {
  private DdlNames() {}

  static String of(Statement statement) {
    return switch (statement) {
      case ObjectDdl.Drop drop -> "DROP " + drop.kind().words();
      case ObjectDdl.Rename rename -> "ALTER " + rename.ownerKind().words();
      case ObjectDdl.SetSchema move -> "ALTER " + move.kind().words();
      case ObjectDdl.ChangeOwner change -> "ALTER " + change.kind().words();
      case TableDdl.AlterTable alter -> "ALTER " + alter.kind().words();
      case TableDdl.CreateTableAs create -> create.materializedView() ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
      case ObjectDdl.Comment comment -> comment.kind() == io.heliosdb.nano.parse.ast.ObjectKind.EVENT_TRIGGER ? "COMMENT ON EVENT TRIGGER" : "COMMENT";
      case AccessDdl.GrantPrivileges grant -> grant.grant() ? "GRANT" : "REVOKE";
      case AccessDdl.GrantRole grant -> grant.grant() ? "GRANT ROLE" : "REVOKE ROLE";
      case UtilityStatement.Truncate ignored -> "TRUNCATE TABLE";
      case SelectStatement ignored -> "SELECT INTO";
      default -> fromRecord(statement);
    };
  }

  private static String fromRecord(Statement statement) {
    String name = statement.getClass().getSimpleName();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (i > 0 && Character.isUpperCase(c)) {
        text.append(' ');
      }
      text.append(Character.toUpperCase(c));
    }
    return text.toString();
  }
}
