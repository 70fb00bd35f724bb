package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import java.util.ArrayList;
import java.util.List;

/// Names of things, lists of them, and the little clauses that many statements share.
final class NameParser {
  private NameParser() {}

  /// any_name: `ColId [. ColLabel]…`.
  static QualifiedName parseAnyName(Tokens t) {
    int position = t.position();
    String first = t.columnIdentifier();
    if (!t.is('.')) {
      return new QualifiedName(List.of(first), position);
    }
    List<String> parts = new ArrayList<>(3);
    parts.add(first);
    while (t.accept('.')) {
      parts.add(t.label());
    }
    return new QualifiedName(List.copyOf(parts), position);
  }

  /// qualified_name: a relation, at most `catalog.schema.name`.
  static QualifiedName parseQualifiedName(Tokens t) {
    QualifiedName name = parseAnyName(t);
    if (name.parts().size() > 3) {
      throw tooManyDots(name);
    }
    return name;
  }

  static SqlException tooManyDots(QualifiedName name) {
    return new SqlException(SqlState.SYNTAX_ERROR, "improper qualified name (too many dotted names): " + name).at(name.position());
  }

  static List<QualifiedName> parseAnyNames(Tokens t) {
    List<QualifiedName> names = new ArrayList<>();
    do {
      names.add(parseAnyName(t));
    } while (t.accept(','));
    return List.copyOf(names);
  }

  static List<QualifiedName> parseQualifiedNames(Tokens t) {
    List<QualifiedName> names = new ArrayList<>();
    do {
      names.add(parseQualifiedName(t));
    } while (t.accept(','));
    return List.copyOf(names);
  }

  /// name_list: ColIds separated by commas.
  static List<String> parseNames(Tokens t) {
    List<String> names = new ArrayList<>();
    do {
      names.add(t.columnIdentifier());
    } while (t.accept(','));
    return List.copyOf(names);
  }

  /// columnList with positions.
  static List<Name> parseColumns(Tokens t) {
    List<Name> names = new ArrayList<>();
    do {
      names.add(t.name());
    } while (t.accept(','));
    return List.copyOf(names);
  }

  /// `[ '(' columnList ')' ]`.
  static List<Name> parseOptionalColumns(Tokens t) {
    return t.is('(') ? parseParenthesisedColumns(t) : List.of();
  }

  static List<Name> parseParenthesisedColumns(Tokens t) {
    t.expect('(');
    List<Name> names = parseColumns(t);
    t.expect(')');
    return names;
  }

  /// func_name: `type_function_name` or `ColId . name …`.
  static QualifiedName parseFunctionName(Tokens t) {
    int position = t.position();
    if (t.peek(1) == '.' && isColumnIdentifier(t.kind)) {
      return parseAnyName(t);
    }
    return QualifiedName.of(t.typeOrFunctionName(), position);
  }

  /// relation_expr: `[ONLY] name [*]`, or `ONLY (name)`.
  static RelationTarget parseRelation(Tokens t) {
    int position = t.position();
    if (t.accept(ONLY)) {
      boolean parenthesised = t.accept('(');
      QualifiedName name = parseQualifiedName(t);
      if (parenthesised) {
        t.expect(')');
      }
      return new RelationTarget(name, true, position);
    }
    QualifiedName name = parseQualifiedName(t);
    t.accept('*');
    return new RelationTarget(name, false, position);
  }

  static List<RelationTarget> parseRelations(Tokens t) {
    List<RelationTarget> relations = new ArrayList<>();
    do {
      relations.add(parseRelation(t));
    } while (t.accept(','));
    return List.copyOf(relations);
  }

  static RoleSpecification parseRole(Tokens t) {
    int position = t.position();
    int at = t.index;
    RoleSpecification.Kind kind =
        switch (t.kind) {
          case CURRENT_ROLE -> RoleSpecification.Kind.CURRENT_ROLE;
          case CURRENT_USER -> RoleSpecification.Kind.CURRENT_USER;
          case SESSION_USER -> RoleSpecification.Kind.SESSION_USER;
          default -> RoleSpecification.Kind.NAMED;
        };
    if (kind != RoleSpecification.Kind.NAMED) {
      t.advance();
      return new RoleSpecification(kind, t.identifier(at), position);
    }
    String name = t.nonReservedWord();
    if (name.equals("public")) {
      return new RoleSpecification(RoleSpecification.Kind.PUBLIC, name, position);
    }
    if (name.equals("none")) {
      throw new SqlException(SqlState.RESERVED_NAME, "role name \"none\" is reserved").at(position);
    }
    return new RoleSpecification(kind, name, position);
  }

  static List<RoleSpecification> parseRoles(Tokens t) {
    List<RoleSpecification> roles = new ArrayList<>();
    do {
      roles.add(parseRole(t));
    } while (t.accept(','));
    return List.copyOf(roles);
  }

  /// RoleId: the name of a real role, for statements that create or rename one.
  static String parseRoleId(Tokens t) {
    RoleSpecification role = parseRole(t);
    return switch (role.kind()) {
      case NAMED -> role.name();
      case PUBLIC -> throw new SqlException(SqlState.RESERVED_NAME, "role name \"public\" is reserved").at(role.position());
      case CURRENT_ROLE, CURRENT_USER, SESSION_USER ->
          throw new SqlException(SqlState.RESERVED_NAME, role.kind() + " cannot be used as a role name here").at(role.position());
    };
  }

  /// `[CASCADE|RESTRICT]`: true for CASCADE.
  static boolean parseCascade(Tokens t) {
    if (t.accept(CASCADE)) {
      return true;
    }
    t.accept(RESTRICT);
    return false;
  }

  /// `[IF EXISTS]`.
  static boolean parseIfExists(Tokens t) {
    if (!t.is(IF, EXISTS)) {
      return false;
    }
    t.advance();
    t.advance();
    return true;
  }

  /// `[IF NOT EXISTS]`.
  static boolean parseIfNotExists(Tokens t) {
    if (!t.is(IF, NOT)) {
      return false;
    }
    t.advance();
    t.advance();
    t.expect(EXISTS);
    return true;
  }

  /// NonReservedWord_or_Sconst.
  static String parseWordOrString(Tokens t) {
    return t.is(SCONST) ? t.stringConstant() : t.nonReservedWord();
  }

  /// Sconst or NULL, as after COMMENT … IS.
  static @org.jspecify.annotations.Nullable String parseStringOrNull(Tokens t) {
    return t.accept(NULL) ? null : t.stringConstant();
  }

  /// SignedIconst.
  static int parseSignedInteger(Tokens t) {
    boolean negative = t.accept('-');
    if (!negative) {
      t.accept('+');
    }
    int value = parseInteger(t);
    return negative ? -value : value;
  }

  static int parseInteger(Tokens t) {
    if (t.kind != ICONST) {
      throw t.syntaxError();
    }
    int value = t.integer(t.index);
    t.advance();
    return value;
  }

  /// NumericOnly as text, with the sign if negative.
  static String parseNumber(Tokens t) {
    boolean negative = t.accept('-');
    if (!negative) {
      t.accept('+');
    }
    if (t.kind != ICONST && t.kind != FCONST) {
      throw t.syntaxError();
    }
    String text = t.raw(t.index);
    t.advance();
    return negative ? "-" + text : text;
  }
}
