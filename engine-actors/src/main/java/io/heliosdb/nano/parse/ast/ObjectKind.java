package io.heliosdb.nano.parse.ast;

import java.util.Locale;

/// The kinds of objects that generic statements (DROP, COMMENT, ALTER … RENAME, OWNER, SET SCHEMA, SECURITY LABEL) address.
public enum ObjectKind {
  ACCESS_METHOD, AGGREGATE, ATTRIBUTE, CAST, COLLATION, COLUMN, CONVERSION, DATABASE, DOMAIN, DOMAIN_CONSTRAINT, EVENT_TRIGGER, EXTENSION,
  FOREIGN_DATA_WRAPPER, FOREIGN_TABLE, FUNCTION, INDEX, LANGUAGE, LARGE_OBJECT, MATERIALIZED_VIEW, OPERATOR, OPERATOR_CLASS,
  OPERATOR_FAMILY, POLICY, PROCEDURE, PUBLICATION, ROLE, ROUTINE, RULE, SCHEMA, SEQUENCE, SERVER, STATISTICS, SUBSCRIPTION, TABLE,
  TABLE_CONSTRAINT, TABLESPACE, TEXT_SEARCH_CONFIGURATION, TEXT_SEARCH_DICTIONARY, TEXT_SEARCH_PARSER, TEXT_SEARCH_TEMPLATE,
  TRANSFORM, TRIGGER, TYPE, USER_MAPPING, VIEW;

  /// The words of the statement, as in command tags: `FOREIGN TABLE`.
  public String words() {
    return switch (this) {
      case DOMAIN_CONSTRAINT, TABLE_CONSTRAINT -> "CONSTRAINT";
      default -> name().replace('_', ' ');
    };
  }

  /// The words as PostgreSQL writes them in messages: `foreign table`.
  public String lowerWords() {
    return words().toLowerCase(Locale.ROOT);
  }
}
