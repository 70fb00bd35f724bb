package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Role;
import io.heliosdb.nano.catalog.CatalogObject.TextSearchObject;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.catalog.TextSearchObjects.Kind;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.search.SearchDictionaries;
import io.heliosdb.nano.function.search.TextTokens;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.AlterTextSearchConfiguration;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.AlterTextSearchDictionary;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateTextSearch;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.MappingAction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CREATE and ALTER TEXT SEARCH PARSER, TEMPLATE, DICTIONARY and CONFIGURATION. Parsers and templates are other names for the built-in functions:
/// functions of that signature can be written in C only.
final class TextSearchCommands {
  private final Ddl ddl;

  TextSearchCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  static Kind kind(ObjectKind kind) {
    return switch (kind) {
      case TEXT_SEARCH_PARSER -> Kind.PARSER;
      case TEXT_SEARCH_TEMPLATE -> Kind.TEMPLATE;
      case TEXT_SEARCH_DICTIONARY -> Kind.DICTIONARY;
      case TEXT_SEARCH_CONFIGURATION -> Kind.CONFIGURATION;
      default -> throw new IllegalArgumentException(kind.name());
    };
  }

  @Nullable TextSearchObject find(Kind kind, QualifiedName name) {
    return TextSearchObjects.find(ddl.catalog(), kind, ddl.path().namespaces(), name.schema(), name.name());
  }

  private static QualifiedName name(String text) {
    return new QualifiedName(io.heliosdb.nano.type.Identifiers.parts(text), -1);
  }

  private TextSearchObject get(Kind kind, QualifiedName name) {
    TextSearchObject found = find(kind, name);
    if (found == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, kind.words() + " \"" + name + "\" does not exist");
    }
    return found;
  }

  // CREATE

  String create(CreateTextSearch statement) {
    Kind kind = kind(statement.kind());
    if ((kind == Kind.PARSER || kind == Kind.TEMPLATE) && !ddl.isSuperuser()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be superuser to create " + kind.words() + "s");
    }
    int namespaceOid = ddl.creationNamespace(statement.name());
    Map<String, String> attributes = switch (kind) {
      case PARSER -> functions(kind, statement.options(), List.of("start", "gettoken", "end", "lextypes"), List.of("headline"));
      case TEMPLATE -> functions(kind, statement.options(), List.of("lexize"), List.of("init"));
      case DICTIONARY -> dictionary(statement.options());
      case CONFIGURATION -> configuration(statement.options());
    };
    checkFree(kind, namespaceOid, statement.name().name());
    ddl.put(new TextSearchObject(kind, ddl.nextOid(), statement.name().name(), namespaceOid, ddl.user(), attributes, 0));
    return "CREATE " + statement.kind().words();
  }

  private void checkFree(Kind kind, int namespaceOid, String name) {
    if (TextSearchObjects.in(ddl.catalog(), kind, namespaceOid, name) != null) {
      String column = switch (kind) {
        case PARSER -> "prsname";
        case TEMPLATE -> "tmplname";
        case DICTIONARY -> "dictname";
        case CONFIGURATION -> "cfgname";
      };
      String space = column.substring(0, column.length() - 4) + "namespace";
      String index = kind.relation() + "_" + column + "_index";
      throw new SqlException(SqlState.UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"" + index + "\"")
          .withDetail("Key (" + column + ", " + space + ")=(" + name + ", " + Integer.toUnsignedString(namespaceOid) + ") already exists.");
    }
  }

  private Map<String, String> functions(Kind kind, List<Option> options, List<String> required, List<String> others) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (Option option : options) {
      if (!required.contains(option.name()) && !others.contains(option.name())) {
        throw new SqlException(SqlState.SYNTAX_ERROR, kind.words() + " parameter \"" + option.name() + "\" not recognized");
      }
      attributes.put(option.name(), Integer.toUnsignedString(function(kind, option)));
    }
    for (String name : required) {
      if (!attributes.containsKey(name)) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, kind.words() + " " + name + " method is required");
      }
    }
    return attributes;
  }

  /// A function for that purpose: only built-in ones have arguments of type internal.
  private int function(Kind kind, Option option) {
    int arguments = switch (option.name()) {
      case "start" -> 2;
      case "gettoken", "headline" -> 3;
      case "lexize" -> 4;
      default -> 1;
    };
    String text = option.text();
    String plain = text == null ? "" : text.startsWith("pg_catalog.") ? text.substring(11) : text;
    for (FunctionDef function : ddl.catalog().functions(io.heliosdb.nano.catalog.Catalog.PG_CATALOG, plain)) {
      boolean internal = function.argumentTypes().size() == arguments && function.argumentTypes().getFirst() == 2281;
      if (internal) {
        return function.oid();
      }
    }
    List<String> types = new ArrayList<>(java.util.Collections.nCopies(arguments, "internal"));
    if (option.name().equals("start")) {
      types.set(1, "integer");
    }
    throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + text + "(" + String.join(", ", types) + ") does not exist");
  }

  private Map<String, String> dictionary(List<Option> options) {
    TextSearchObject template = null;
    Map<String, String> given = new LinkedHashMap<>();
    List<Option> kept = new ArrayList<>();
    for (Option option : options) {
      if (option.name().equals("template")) {
        template = get(Kind.TEMPLATE, name(option.text()));
      } else {
        given.put(option.name(), option.text());
        kept.add(option);
      }
    }
    if (template == null) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "text search template is required");
    }
    check(template, given);
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("template", Integer.toUnsignedString(template.oid()));
    if (!given.isEmpty()) {
      attributes.put("options", text(given, kept));
    }
    return attributes;
  }

  private void check(TextSearchObject template, Map<String, String> options) {
    if (TextSearchObjects.oid(template, "init") == 0) {
      if (!options.isEmpty()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "text search template \"" + template.name() + "\" does not accept options");
      }
      return;
    }
    String directory = ddl.context.setting("data_directory");
    SearchDictionaries.make(ddl.catalog(), template.oid(), options, directory == null || directory.isEmpty() ? null : Path.of(directory),
        name -> find(Kind.DICTIONARY, name(name)));
  }

  /// The form of `pg_ts_dict.dictinitoption`: numbers bare, the rest quoted.
  private static String text(Map<String, String> options, List<Option> written) {
    StringBuilder out = new StringBuilder();
    options.forEach((name, value) -> {
      boolean number = written.stream().anyMatch(option -> option.name().equals(name) && option.value() instanceof Option.NumberValue);
      String text = value == null ? "" : value;
      out.append(out.isEmpty() ? "" : ", ").append(io.heliosdb.nano.type.Identifiers.quoteIfNeeded(name)).append(" = ");
      if (number) {
        out.append(text);
      } else {
        out.append(text.indexOf('\\') >= 0 ? "E" : "").append('\'').append(text.replace("\\", "\\\\").replace("'", "''")).append('\'');
      }
    });
    return out.toString();
  }

  private Map<String, String> configuration(List<Option> options) {
    TextSearchObject source = null;
    TextSearchObject parser = null;
    for (Option option : options) {
      QualifiedName name = name(String.valueOf(option.text()));
      switch (option.name()) {
        case "parser" -> parser = get(Kind.PARSER, name);
        case "copy" -> source = get(Kind.CONFIGURATION, name);
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "text search configuration parameter \"" + option.name() + "\" not recognized");
      }
    }
    if (source != null && parser != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cannot specify both PARSER and COPY options");
    }
    if (source != null) {
      return source.attributes();
    }
    if (parser == null) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "text search parser is required");
    }
    return Map.of("parser", Integer.toUnsignedString(parser.oid()));
  }

  // ALTER

  String alter(AlterTextSearchDictionary statement) {
    TextSearchObject old = own(Kind.DICTIONARY, statement.name());
    Map<String, String> options = SearchDictionaries.options(old.attributes().getOrDefault("options", ""));
    for (Option option : statement.options()) {
      if (option.value() == null) {
        options.remove(option.name());
      } else {
        options.remove(option.name());
        options.put(option.name(), option.text());
      }
    }
    check(TextSearchObjects.byOid(ddl.catalog(), Kind.TEMPLATE, TextSearchObjects.oid(old, "template")), options);
    Map<String, String> attributes = new LinkedHashMap<>(old.attributes());
    if (options.isEmpty()) {
      attributes.remove("options");
    } else {
      attributes.put("options", text(options, statement.options()));
    }
    ddl.put(old.with(old.name(), old.namespaceOid(), old.ownerOid(), attributes));
    return "ALTER TEXT SEARCH DICTIONARY";
  }

  private TextSearchObject own(Kind kind, QualifiedName name) {
    TextSearchObject object = get(kind, name);
    ddl.checkOwner(object.ownerOid(), kind.words(), object.name());
    if (object.version() == 0 && object.namespaceOid() == io.heliosdb.nano.catalog.Catalog.PG_CATALOG) {
      throw SqlException.notSupported("changing a built-in " + kind.words());
    }
    return object;
  }

  String alter(AlterTextSearchConfiguration statement) {
    TextSearchObject old = own(Kind.CONFIGURATION, statement.name());
    Map<String, String> attributes = new LinkedHashMap<>(old.attributes());
    Set<Integer> types = new LinkedHashSet<>();
    statement.tokenTypes().forEach(name -> types.add(tokenType(name)));
    switch (statement.action()) {
      case DROP -> drop(statement, attributes, types);
      case REPLACE -> {
        String from = Integer.toUnsignedString(get(Kind.DICTIONARY, statement.replaced()).oid());
        String to = Integer.toUnsignedString(get(Kind.DICTIONARY, statement.dictionaries().getFirst()).oid());
        for (Map.Entry<String, String> entry : attributes.entrySet()) {
          if (Character.isDigit(entry.getKey().charAt(0)) && (types.isEmpty() || types.contains(Integer.parseInt(entry.getKey())))) {
            entry.setValue(String.join(",", java.util.Arrays.stream(entry.getValue().split(",")).map(oid -> oid.equals(from) ? to : oid).toList()));
          }
        }
      }
      case ADD, ALTER -> {
        List<String> dictionaries = new ArrayList<>();
        statement.dictionaries().forEach(name -> dictionaries.add(Integer.toUnsignedString(get(Kind.DICTIONARY, name).oid())));
        for (int type : types) {
          if (statement.action() == MappingAction.ADD && attributes.containsKey(String.valueOf(type))) {
            throw new SqlException(SqlState.UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"pg_ts_config_map_index\"")
                .withDetail("Key (mapcfg, maptokentype, mapseqno)=(" + Integer.toUnsignedString(old.oid()) + ", " + type + ", 1) already exists.");
          }
          attributes.put(String.valueOf(type), String.join(",", dictionaries));
        }
      }
    }
    ddl.put(old.with(old.name(), old.namespaceOid(), old.ownerOid(), attributes));
    return "ALTER TEXT SEARCH CONFIGURATION";
  }

  private void drop(AlterTextSearchConfiguration statement, Map<String, String> attributes, Set<Integer> types) {
    for (int type : types) {
      if (attributes.remove(String.valueOf(type)) != null) {
        continue;
      }
      String message = "mapping for token type \"" + TextTokens.Type.values()[type - 1].alias() + "\" does not exist";
      if (!statement.ifExists()) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, message);
      }
      ddl.skipping(SqlState.SUCCESSFUL_COMPLETION, message);
    }
  }

  private static int tokenType(String name) {
    for (TextTokens.Type type : TextTokens.Type.values()) {
      if (type.alias().equals(name)) {
        return type.number();
      }
    }
    throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "token type \"" + name + "\" does not exist");
  }

  // RENAME, SET SCHEMA, OWNER

  private TextSearchObject stored(ObjectAddress address) {
    for (Kind kind : Kind.values()) {
      if (kind.objectClass().classOid() == address.classOid()
          && ddl.catalog().object(kind.objectClass(), address) instanceof TextSearchObject object) {
        return object;
      }
    }
    throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: built-in objects cannot be changed");
  }

  void move(ObjectAddress address, String name, int namespaceOid) {
    TextSearchObject old = stored(address);
    if (TextSearchObjects.in(ddl.catalog(), old.kind(), namespaceOid, name) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, old.kind().words() + " \"" + name + "\" already exists in schema \""
          + ddl.namespaceName(namespaceOid) + "\"");
    }
    ddl.put(old.with(name, namespaceOid, old.ownerOid(), old.attributes()));
  }

  void changeOwner(ObjectAddress address, Role role) {
    TextSearchObject old = stored(address);
    ddl.checkOwner(old.ownerOid(), old.kind().words(), old.name());
    ddl.checkMayOwn(role);
    ddl.put(old.with(old.name(), old.namespaceOid(), role.oid(), old.attributes()));
  }
}
