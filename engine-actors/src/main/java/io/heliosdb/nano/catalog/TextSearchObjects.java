package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.CatalogObject.TextSearchObject;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FactTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Text search parsers, templates, dictionaries and configurations: the built-in ones and the user's, in one form.
///
/// Attributes by kind, all numbers being oids: parser `start`, `gettoken`, `end`, `headline`, `lextypes`; template `init`, `lexize`; dictionary
/// `template` and `options` (as `pg_ts_dict.dictinitoption`); configuration `parser`, and by number of the token type the dictionaries, comma
/// separated. Stateless; safe to share.
public final class TextSearchObjects {
  /// Built-in parser and templates that have an implementation.
  public static final int DEFAULT_PARSER = 3722;
  public static final int SIMPLE_TEMPLATE = 3727;
  public static final int SYNONYM_TEMPLATE = 3730;
  public static final int ISPELL_TEMPLATE = 3733;
  public static final int THESAURUS_TEMPLATE = 3742;
  public static final int SNOWBALL_TEMPLATE = 13150;

  public enum Kind {
    PARSER(ObjectClass.TEXT_SEARCH_PARSER, "pg_ts_parser", "prs", "parser"),
    TEMPLATE(ObjectClass.TEXT_SEARCH_TEMPLATE, "pg_ts_template", "tmpl", "template"),
    DICTIONARY(ObjectClass.TEXT_SEARCH_DICTIONARY, "pg_ts_dict", "dict", "dictionary"),
    CONFIGURATION(ObjectClass.TEXT_SEARCH_CONFIGURATION, "pg_ts_config", "cfg", "configuration");

    private final ObjectClass objectClass;
    private final String relation;
    private final String prefix;
    private final String word;

    Kind(ObjectClass objectClass, String relation, String prefix, String word) {
      this.objectClass = objectClass;
      this.relation = relation;
      this.prefix = prefix;
      this.word = word;
    }

    public ObjectClass objectClass() {
      return objectClass;
    }

    /// The system relation that lists such objects.
    public String relation() {
      return relation;
    }

    /// `text search dictionary` and so on.
    public String words() {
      return "text search " + word;
    }

    public static Kind of(ObjectClass objectClass) {
      for (Kind kind : values()) {
        if (kind.objectClass == objectClass) {
          return kind;
        }
      }
      throw new IllegalArgumentException(objectClass.name());
    }
  }

  private static final class Builtin {
    static final Map<Kind, Map<Integer, TextSearchObject>> OBJECTS = load();

    private static Map<Kind, Map<Integer, TextSearchObject>> load() {
      Map<Kind, Map<Integer, TextSearchObject>> all = new EnumMap<>(Kind.class);
      for (Kind kind : Kind.values()) {
        Map<Integer, TextSearchObject> objects = new LinkedHashMap<>();
        for (FactTable.Row row : BuiltinCatalog.facts(kind.relation).rows()) {
          TextSearchObject object = new TextSearchObject(
              kind, row.oid("oid"), row.text(kind.prefix + "name"), Catalog.PG_CATALOG, 10, attributes(kind, row), 0);
          objects.put(object.oid(), object);
        }
        all.put(kind, objects);
      }
      return all;
    }

    private static Map<String, String> attributes(Kind kind, FactTable.Row row) {
      Map<String, String> attributes = new LinkedHashMap<>();
      switch (kind) {
        case PARSER -> {
          attributes.put("start", row.text("prsstart"));
          attributes.put("gettoken", row.text("prstoken"));
          attributes.put("end", row.text("prsend"));
          attributes.put("headline", row.text("prsheadline"));
          attributes.put("lextypes", row.text("prslextype"));
        }
        case TEMPLATE -> {
          attributes.put("init", row.text("tmplinit"));
          attributes.put("lexize", row.text("tmpllexize"));
        }
        case DICTIONARY -> {
          attributes.put("template", row.text("dicttemplate"));
          if (row.get("dictinitoption") != null) {
            attributes.put("options", row.text("dictinitoption"));
          }
        }
        case CONFIGURATION -> {
          attributes.put("parser", row.text("cfgparser"));
          for (FactTable.Row map : BuiltinCatalog.facts("pg_ts_config_map").rows()) {
            if (map.oid("mapcfg") == row.oid("oid")) {
              attributes.merge(map.text("maptokentype"), map.text("mapdict"), (a, b) -> a + "," + b);
            }
          }
        }
      }
      return attributes;
    }
  }

  private TextSearchObjects() {}

  /// All objects of a kind, built-in ones first.
  public static List<TextSearchObject> all(@Nullable Catalog catalog, Kind kind) {
    List<TextSearchObject> all = new ArrayList<>(Builtin.OBJECTS.get(kind).values());
    if (catalog instanceof CatalogSnapshot snapshot) {
      snapshot.<TextSearchObject>objects(kind.objectClass).forEach(all::add);
    }
    return all;
  }

  public static @Nullable TextSearchObject byOid(@Nullable Catalog catalog, Kind kind, int oid) {
    TextSearchObject builtin = Builtin.OBJECTS.get(kind).get(oid);
    if (builtin != null || !(catalog instanceof CatalogSnapshot snapshot)) {
      return builtin;
    }
    return (TextSearchObject) snapshot.object(kind.objectClass, Catalog.ObjectAddress.of(kind.objectClass.classOid(), oid));
  }

  /// The object of that name in one schema.
  public static @Nullable TextSearchObject in(@Nullable Catalog catalog, Kind kind, int namespaceOid, String name) {
    for (TextSearchObject object : namespaceOid == Catalog.PG_CATALOG ? Builtin.OBJECTS.get(kind).values() : user(catalog, kind)) {
      if (object.namespaceOid() == namespaceOid && object.name().equals(name)) {
        return object;
      }
    }
    return null;
  }

  private static Iterable<TextSearchObject> user(@Nullable Catalog catalog, Kind kind) {
    return catalog instanceof CatalogSnapshot snapshot ? snapshot.objects(kind.objectClass) : List.of();
  }

  /// The object that a name with or without schema means.
  public static @Nullable TextSearchObject find(Catalog catalog, Kind kind, List<Integer> path, @Nullable String schema, String name) {
    if (schema != null) {
      Catalog.Namespace namespace = catalog.namespace(schema);
      return namespace == null ? null : in(catalog, kind, namespace.oid(), name);
    }
    for (int namespaceOid : path) {
      TextSearchObject object = in(catalog, kind, namespaceOid, name);
      if (object != null) {
        return object;
      }
    }
    return null;
  }

  /// The object that a name in text means.
  public static @Nullable TextSearchObject find(Catalog catalog, Kind kind, List<Integer> path, String name) {
    List<String> parts = io.heliosdb.nano.type.Identifiers.parts(name);
    return find(catalog, kind, path, parts.size() > 1 ? parts.get(parts.size() - 2) : null, parts.getLast());
  }

  /// Whether the bare name means this object.
  public static boolean isVisible(Catalog catalog, List<Integer> path, TextSearchObject object) {
    TextSearchObject found = find(catalog, object.kind(), path, null, object.name());
    return found != null && found.oid() == object.oid();
  }

  /// An oid attribute, 0 when it is not there.
  public static int oid(TextSearchObject object, String attribute) {
    String text = object.attributes().get(attribute);
    return text == null || text.equals("-") ? 0 : Integer.parseUnsignedInt(text);
  }

  /// The dictionaries of a configuration by number of the token type.
  public static Map<Integer, List<Integer>> mappings(TextSearchObject configuration) {
    Map<Integer, List<Integer>> mappings = new java.util.TreeMap<>();
    configuration.attributes().forEach((key, value) -> {
      if (Character.isDigit(key.charAt(0)) && !value.isEmpty()) {
        List<Integer> oids = new ArrayList<>();
        for (String oid : value.split(",")) {
          oids.add(Integer.parseUnsignedInt(oid));
        }
        mappings.put(Integer.parseInt(key), oids);
      }
    });
    return mappings;
  }
}
