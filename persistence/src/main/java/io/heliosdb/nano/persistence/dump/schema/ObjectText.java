package io.heliosdb.nano.persistence.dump.schema;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// CREATE statements of types, routines, operators, casts, collations and roles.
final class ObjectText {
  private final Catalog catalog;
  private final Names names;
  private final Definitions definitions;

  ObjectText(Catalog catalog, Names names, Definitions definitions) {
    this.catalog = catalog;
    this.names = names;
    this.definitions = definitions;
  }

  String enumType(PgType type, Catalog.EnumDetails details) {
    return "CREATE TYPE " + names.of(type) + " AS ENUM ("
        + details.labels().stream().map(label -> Names.literal(label.label())).collect(Collectors.joining(", ")) + ")";
  }

  String domain(PgType type, Catalog.DomainDetails details) {
    StringBuilder out = new StringBuilder("CREATE DOMAIN ").append(names.of(type)).append(" AS ").append(names.type(type.baseOid(), type.baseTypmod()));
    if (type.collationOid() != 0 && type.collationOid() != catalog.byOid(type.baseOid()).collationOid()) {
      out.append(" COLLATE ").append(names.collation(type.collationOid()));
    }
    if (details.defaultExpression() != null) {
      out.append(" DEFAULT ").append(definitions.expression(details.defaultExpression(), 0));
    }
    if (details.notNull()) {
      out.append(" NOT NULL");
    }
    for (Relation.Constraint check : details.checks()) {
      out.append(" CONSTRAINT ").append(Names.quote(check.name())).append(' ').append(definitions.call("pg_get_constraintdef", check.oid()));
    }
    return out.toString();
  }

  String composite(Relation.Composite type) {
    List<String> attributes = new ArrayList<>();
    for (Relation.Column column : type.columns()) {
      if (!column.dropped()) {
        String collation = column.collationOid() != 0 && column.collationOid() != catalog.byOid(column.typeOid()).collationOid()
            ? " COLLATE " + names.collation(column.collationOid()) : "";
        attributes.add(Names.quote(column.name()) + " " + names.type(column.typeOid(), column.typmod()) + collation);
      }
    }
    return "CREATE TYPE " + names.of(type) + " AS (" + String.join(", ", attributes) + ")";
  }

  String range(PgType type, Catalog.RangeDetails details) {
    StringBuilder out = new StringBuilder("CREATE TYPE ").append(names.of(type)).append(" AS RANGE (subtype = ").append(names.type(details.subtypeOid(), -1));
    if (details.collationOid() != 0 && details.collationOid() != catalog.byOid(details.subtypeOid()).collationOid()) {
      out.append(", collation = ").append(names.collation(details.collationOid()));
    }
    if (details.subtypeDiffFunction() != 0) {
      out.append(", subtype_diff = ").append(function(details.subtypeDiffFunction()));
    }
    PgType multirange = catalog.findByOid(details.multirangeOid());
    if (multirange != null) {
      out.append(", multirange_type_name = ").append(names.of(multirange));
    }
    return out.append(')').toString();
  }

  /// A function's name without arguments.
  private String function(int oid) {
    FunctionDef function = catalog.function(oid);
    return function == null ? "?" : names.qualified(function.namespaceOid(), function.name());
  }

  /// `schema.name(argument types)`.
  String signature(FunctionDef function) {
    if (function.isAggregate()) {
      return names.qualified(function.namespaceOid(), function.name()) + "(" + aggregateArguments(function) + ")";
    }
    return names.qualified(function.namespaceOid(), function.name()) + "(" + definitions.call("pg_get_function_identity_arguments", function.oid()) + ")";
  }

  private String aggregateArguments(FunctionDef function) {
    return function.argumentTypes().isEmpty() ? "*" : definitions.call("pg_get_function_identity_arguments", function.oid());
  }

  static String kindOf(FunctionDef function) {
    return switch (function.kind()) {
      case 'a' -> "AGGREGATE";
      case 'p' -> "PROCEDURE";
      default -> "FUNCTION";
    };
  }

  String routine(FunctionDef function) {
    return function.body() instanceof FunctionDef.AggregateBody body ? aggregate(function, body) : definitions.call("pg_get_functiondef", function.oid()).stripTrailing();
  }

  private String aggregate(FunctionDef function, FunctionDef.AggregateBody body) {
    StringBuilder out = new StringBuilder("CREATE AGGREGATE ").append(names.qualified(function.namespaceOid(), function.name()));
    out.append('(').append(aggregateArguments(function)).append(") (\n    SFUNC = ").append(function(body.transitionFunction()));
    out.append(",\n    STYPE = ").append(names.type(body.transitionType(), -1));
    option(out, "FINALFUNC", body.finalFunction());
    if (body.finalExtra()) {
      out.append(",\n    FINALFUNC_EXTRA");
    }
    option(out, "COMBINEFUNC", body.combineFunction());
    if (body.initialValue() != null) {
      out.append(",\n    INITCOND = ").append(Names.literal(body.initialValue()));
    }
    if (body.movingTransitionFunction() != 0) {
      option(out, "MSFUNC", body.movingTransitionFunction());
      option(out, "MINVFUNC", body.movingInverseFunction());
      out.append(",\n    MSTYPE = ").append(names.type(body.movingTransitionType(), -1));
      option(out, "MFINALFUNC", body.movingFinalFunction());
      if (body.movingInitialValue() != null) {
        out.append(",\n    MINITCOND = ").append(Names.literal(body.movingInitialValue()));
      }
    }
    if (body.sortOperator() != 0) {
      out.append(",\n    SORTOP = ").append(operatorName(body.sortOperator()));
    }
    if (body.aggregateKind() == 'h') {
      out.append(",\n    HYPOTHETICAL");
    }
    return out.append("\n)").toString();
  }

  private void option(StringBuilder out, String name, int functionOid) {
    if (functionOid != 0) {
      out.append(",\n    ").append(name).append(" = ").append(function(functionOid));
    }
  }

  private String operatorName(int oid) {
    Catalog.OperatorDef operator = catalog.operator(oid);
    return operator == null ? "?" : "OPERATOR(" + Names.quote(names.schema(operator.namespaceOid())) + "." + operator.name() + ")";
  }

  String operator(Catalog.OperatorDef operator) {
    StringBuilder out = new StringBuilder("CREATE OPERATOR ").append(Names.quote(names.schema(operator.namespaceOid()))).append('.').append(operator.name());
    out.append(" (\n    FUNCTION = ").append(function(operator.functionOid()));
    if (operator.left() != 0) {
      out.append(",\n    LEFTARG = ").append(names.type(operator.left(), -1));
    }
    out.append(",\n    RIGHTARG = ").append(names.type(operator.right(), -1));
    if (operator.commutator() != 0) {
      out.append(",\n    COMMUTATOR = ").append(operatorName(operator.commutator()));
    }
    if (operator.negator() != 0) {
      out.append(",\n    NEGATOR = ").append(operatorName(operator.negator()));
    }
    return out.append(operator.canMerge() ? ",\n    MERGES" : "").append(operator.canHash() ? ",\n    HASHES" : "").append("\n)").toString();
  }

  String cast(Catalog.CastDef cast) {
    StringBuilder out = new StringBuilder("CREATE CAST (").append(names.type(cast.source(), -1)).append(" AS ").append(names.type(cast.target(), -1)).append(") ");
    switch (cast.method()) {
      case 'b' -> out.append("WITHOUT FUNCTION");
      case 'i' -> out.append("WITH INOUT");
      default -> out.append("WITH FUNCTION ").append(signature(catalog.function(cast.functionOid())));
    }
    return out.append(cast.context() == 'i' ? " AS IMPLICIT" : cast.context() == 'a' ? " AS ASSIGNMENT" : "").toString();
  }

  String collation(Catalog.CollationDef collation) {
    return "CREATE COLLATION " + names.qualified(collation.namespaceOid(), collation.name()) + " (provider = " + (collation.provider() == 'i' ? "icu" : "libc")
        + ", locale = " + Names.literal(collation.locale() == null ? "C" : collation.locale()) + (collation.deterministic() ? "" : ", deterministic = false") + ")";
  }

  String role(Catalog.Role role) {
    return "CREATE ROLE " + Names.quote(role.name());
  }

  String roleAttributes(Catalog.Role role) {
    StringBuilder out = new StringBuilder("ALTER ROLE ").append(Names.quote(role.name())).append(" WITH");
    out.append(role.superuser() ? " SUPERUSER" : " NOSUPERUSER").append(role.inherit() ? " INHERIT" : " NOINHERIT");
    out.append(role.createRole() ? " CREATEROLE" : " NOCREATEROLE").append(role.createDb() ? " CREATEDB" : " NOCREATEDB");
    out.append(role.canLogin() ? " LOGIN" : " NOLOGIN").append(role.replication() ? " REPLICATION" : " NOREPLICATION");
    out.append(role.bypassRls() ? " BYPASSRLS" : " NOBYPASSRLS");
    if (role.connectionLimit() >= 0) {
      out.append(" CONNECTION LIMIT ").append(role.connectionLimit());
    }
    if (role.password() != null) {
      out.append(" PASSWORD ").append(Names.literal(role.password()));
    }
    if (role.validUntil() != null) {
      out.append(" VALID UNTIL ").append(Names.literal(role.validUntil()));
    }
    return out.toString();
  }

  List<String> roleSettings(Catalog.Role role) {
    List<String> statements = new ArrayList<>();
    for (Map.Entry<String, String> setting : role.settings().entrySet()) {
      statements.add("ALTER ROLE " + Names.quote(role.name()) + " SET " + setting.getKey() + " TO " + Names.literal(setting.getValue()));
    }
    return statements;
  }
}
