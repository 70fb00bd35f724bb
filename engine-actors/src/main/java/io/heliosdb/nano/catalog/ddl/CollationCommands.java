package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.CollationDef;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateCollation;
import io.heliosdb.nano.type.Collations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CREATE COLLATION over ICU, or as a copy of another one.
final class CollationCommands {
  private final Ddl ddl;

  CollationCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateCollation statement) {
    int namespaceOid = ddl.creationNamespace(statement.name());
    String name = statement.name().name();
    if (ddl.catalog().collation(ddl.namespaceName(namespaceOid), name, List.of()) != null) {
      String message = "collation \"" + name + "\" already exists";
      if (statement.ifNotExists()) {
        ddl.skipping(SqlState.DUPLICATE_OBJECT, message);
        return "CREATE COLLATION";
      }
      throw new SqlException(SqlState.DUPLICATE_OBJECT, message);
    }
    char provider = 'c';
    boolean deterministic = true;
    String locale = null;
    if (statement.from() != null) {
      CollationDef from = ddl.catalog().collation(statement.from().schema(), statement.from().name(), ddl.path().namespaces());
      if (from == null) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "collation \"" + statement.from() + "\" for encoding \"UTF8\" does not exist");
      }
      if (from.provider() == 'd') {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "collation \"default\" cannot be copied");
      }
      provider = from.provider();
      deterministic = from.deterministic();
      locale = from.locale();
    }
    for (Option option : statement.options()) {
      switch (option.name()) {
        case "provider" -> provider = switch (String.valueOf(option.text()).toLowerCase(java.util.Locale.ROOT)) {
          case "icu" -> 'i';
          case "libc" -> 'c';
          default -> throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "unrecognized collation provider: " + option.text());
        };
        case "locale", "lc_collate", "lc_ctype" -> locale = option.text();
        case "deterministic" -> deterministic = truth(option.text());
        case "version" -> { }
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "collation attribute \"" + option.name() + "\" not recognized");
      }
    }
    if (provider == 'c' && !deterministic) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "nondeterministic collations not supported with this provider");
    }
    if (locale == null) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "parameter \"locale\" must be specified");
    }
    boolean bytes = locale.equals("C") || locale.equals("POSIX") || locale.equals("C.UTF-8") || locale.equals("C.utf8");
    if (provider == 'i') {
      Collations.checkLocale(locale);
    }
    if (provider == 'c' && !bytes) {
      throw SqlException.notSupported("a libc collation other than C (locale \"" + locale + "\")");
    }
    int oid = ddl.nextOid();
    if (provider == 'i') {
      do {
        oid = Collations.oidFor(locale, deterministic, ddl.nextOid());
      } while (ddl.catalog().collation(oid) != null);
    }
    ddl.put(new CollationObject(new CollationDef(oid, namespaceOid, name, provider, deterministic, locale), ddl.user(), 0));
    return "CREATE COLLATION";
  }

  private static boolean truth(@Nullable String text) {
    return switch (text == null ? "true" : text.toLowerCase(java.util.Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, "deterministic requires a Boolean value");
    };
  }
}
