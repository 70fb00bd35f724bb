package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `name = value` or keyword option of a utility statement; names are lower case. PostgreSQL's `DefElem`.
/// `action` distinguishes the three verbs of foreign-data options and SET/DROP of other option lists.
public record Option(@Nullable String namespace, String name, @Nullable Value value, Action action, int position) {
  /// What an ALTER wants done with the option; `UNSPECIFIED` outside ALTER … OPTIONS.
  public enum Action { UNSPECIFIED, SET, ADD, DROP }

  public static Option of(String name, @Nullable Value value, int position) {
    return new Option(null, name, value, Action.UNSPECIFIED, position);
  }

  /// The value as PostgreSQL's `defGetString` would give it, null if the option has none.
  public @Nullable String text() {
    return value == null ? null : value.text();
  }

  /// The value of an option. Which forms are valid for an option is decided by the statement that takes it.
  public sealed interface Value {
    /// The value as one string.
    String text();
  }

  /// A quoted string.
  public record StringValue(String value) implements Value {
    @Override
    public String text() {
      return value;
    }
  }

  /// A number with optional sign, as written (the sign only if negative).
  public record NumberValue(String value) implements Value {
    @Override
    public String text() {
      return value;
    }
  }

  /// A boolean that the grammar itself recognised.
  public record BooleanValue(boolean value) implements Value {
    @Override
    public String text() {
      return value ? "true" : "false";
    }
  }

  /// A bare keyword or identifier that is not also readable as a type, for example `NONE` or a reserved word.
  public record WordValue(String value) implements Value {
    @Override
    public String text() {
      return value;
    }
  }

  /// A name or type: a bare identifier is read as a type name, as in PostgreSQL.
  public record TypeValue(TypeName type) implements Value {
    @Override
    public String text() {
      return type.name().toString();
    }
  }

  /// A possibly qualified operator.
  public record OperatorValue(QualifiedName operator) implements Value {
    @Override
    public String text() {
      return operator.toString();
    }
  }

  /// A possibly qualified object name where the grammar asks for one (OWNED BY, support functions).
  public record NameValue(QualifiedName name) implements Value {
    @Override
    public String text() {
      return name.toString();
    }
  }

  /// A role, as in CREATE SCHEMA or role options.
  public record RoleValue(RoleSpecification role) implements Value {
    @Override
    public String text() {
      return role.name();
    }
  }

  /// An expression, for example a trigger's or statistics' argument.
  public record ExpressionValue(Expression expression) implements Value {
    @Override
    public String text() {
      return expression.toString();
    }
  }

  /// A list: of column names, roles, options.
  public record ListValue(List<Value> values) implements Value {
    @Override
    public String text() {
      return String.join(", ", values.stream().map(Value::text).toList());
    }
  }

  /// `*` as a value (COPY FORCE_QUOTE *).
  public record StarValue() implements Value {
    @Override
    public String text() {
      return "*";
    }
  }
}
