package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.CatalogObject.RuleObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Describes objects as PostgreSQL's messages do: `table t`, `column a of table t`, `constraint c on table t`, `function f(integer)`.
/// Names are qualified unless the search path leads to them.
public final class ObjectDescriptions {
  private final CatalogSnapshot catalog;
  private final SearchPath path;

  public ObjectDescriptions(CatalogSnapshot catalog, SearchPath path) {
    this.catalog = catalog;
    this.path = path;
  }

  public String describe(ObjectAddress address) {
    return switch (address.classOid()) {
      case ClassOids.CLASS -> relation(address);
      case ClassOids.TYPE -> "type " + Typmods.formatType(address.objectOid(), -1, catalog);
      case ClassOids.PROC -> function(address.objectOid());
      case ClassOids.CONSTRAINT -> constraint(address);
      case ClassOids.ATTRDEF -> "default value for " + describeOwner(address);
      case ClassOids.REWRITE -> "rule " + (catalog.object(ObjectClass.RULE, address) instanceof RuleObject rule
          ? rule.rule().name() : "_RETURN") + " on " + describeOwner(address);
      case ClassOids.TRIGGER -> {
        Catalog.Trigger trigger = catalog.trigger(address.objectOid());
        yield trigger == null ? unknown(address)
            : "trigger " + trigger.name() + " on " + describe(ObjectAddress.of(ClassOids.CLASS, trigger.tableOid()));
      }
      case ClassOids.POLICY -> {
        Catalog.Policy policy = catalog.policy(address.objectOid());
        yield policy == null ? unknown(address)
            : "policy " + policy.name() + " on " + describe(ObjectAddress.of(ClassOids.CLASS, policy.tableOid()));
      }
      case ClassOids.NAMESPACE -> {
        Catalog.Namespace namespace = catalog.namespace(address.objectOid());
        yield named("schema ", namespace == null ? null : namespace.name(), address);
      }
      case ClassOids.OPERATOR -> operator(address);
      case ClassOids.CAST -> cast(address);
      case ClassOids.COLLATION -> {
        Catalog.CollationDef collation = catalog.collation(address.objectOid());
        yield named("collation ", collation == null ? null : collation.name(), address);
      }
      case ClassOids.AUTHID -> {
        Catalog.Role role = catalog.role(address.objectOid());
        yield named("role ", role == null ? null : role.name(), address);
      }
      case ClassOids.DATABASE -> named("database ", catalog.databases().stream().filter(d -> d.oid() == address.objectOid())
          .map(Catalog.Database::name).findFirst().orElse(null), address);
      case ClassOids.EXTENSION -> named("extension ", catalog.extensions().stream().filter(e -> e.oid() == address.objectOid())
          .map(Catalog.Extension::name).findFirst().orElse(null), address);
      case ClassOids.STATISTIC_EXT -> catalog.object(ObjectClass.STATISTICS_OBJECT, address) instanceof StatisticsObject s
          ? "statistics object " + qualified(s.namespaceOid(), s.name()) : unknown(address);
      case ClassOids.TS_CONFIG, ClassOids.TS_DICT, ClassOids.TS_PARSER, ClassOids.TS_TEMPLATE -> textSearch(address);
      case ClassOids.LARGE_OBJECT -> "large object " + Integer.toUnsignedString(address.objectOid());
      case ClassOids.DEFAULT_ACL -> defaultAcl(address);
      case ClassOids.LANGUAGE -> "language " + io.heliosdb.nano.catalog.system.LanguageNames.of(address.objectOid());
      case ClassOids.FOREIGN_DATA_WRAPPER, ClassOids.FOREIGN_SERVER, ClassOids.USER_MAPPING, ClassOids.PUBLICATION,
          ClassOids.PUBLICATION_RELATION, ClassOids.PUBLICATION_NAMESPACE, ClassOids.SUBSCRIPTION, ClassOids.EVENT_TRIGGER -> defined(address);
      default -> unknown(address);
    };
  }

  private String textSearch(ObjectAddress address) {
    for (TextSearchObjects.Kind kind : TextSearchObjects.Kind.values()) {
      var object = kind.objectClass().classOid() == address.classOid()
          ? TextSearchObjects.byOid(catalog, kind, address.objectOid()) : null;
      if (object != null) {
        return kind.words() + " " + (TextSearchObjects.isVisible(catalog, path.namespaces(), object)
            ? Identifiers.quoteIfNeeded(object.name()) : qualified(object.namespaceOid(), object.name()));
      }
    }
    return unknown(address);
  }

  private String defined(ObjectAddress address) {
    for (ObjectClass objectClass : ObjectClass.values()) {
      if (objectClass.classOid() == address.classOid() && catalog.object(objectClass, address) instanceof CatalogObject.DefinedObject object) {
        return switch (objectClass) {
          case FOREIGN_SERVER -> "server " + Identifiers.quoteIfNeeded(object.name());
          case USER_MAPPING -> "user mapping for " + object.name() + " on " + describe(object.references().getFirst());
          case PUBLICATION_RELATION -> "publication of " + describe(object.references().get(1)) + " in " + describe(object.references().getFirst());
          case PUBLICATION_NAMESPACE -> "publication of " + describe(object.references().get(1)) + " in " + describe(object.references().getFirst());
          default -> DefinedObjects.word(objectClass) + " " + Identifiers.quoteIfNeeded(object.name());
        };
      }
    }
    return unknown(address);
  }

  private String defaultAcl(ObjectAddress address) {
    for (Catalog.DefaultAcl acl : catalog.defaultAcls()) {
      if (acl.oid() == address.objectOid()) {
        String kind = switch (acl.objectKind()) {
          case 'r' -> "relations";
          case 'S' -> "sequences";
          case 'f' -> "functions";
          case 'T' -> "types";
          default -> "schemas";
        };
        Catalog.Role role = catalog.role(acl.roleOid());
        String text = "default privileges on new " + kind + " belonging to role " + (role == null ? acl.roleOid() : role.name());
        Catalog.Namespace namespace = catalog.namespace(acl.namespaceOid());
        return namespace == null ? text : text + " in schema " + namespace.name();
      }
    }
    return unknown(address);
  }

  private static String named(String kind, @Nullable String name, ObjectAddress address) {
    return name == null ? unknown(address) : kind + Identifiers.quoteIfNeeded(name);
  }

  private static String unknown(ObjectAddress address) {
    return "object " + Integer.toUnsignedString(address.objectOid());
  }

  /// What a constraint, default or rule belongs to.
  @Nullable ObjectAddress owner(ObjectAddress part) {
    for (Dependency dependency : catalog.dependenciesOf(part)) {
      if (dependency.kind() == 'a' || dependency.kind() == 'i' && part.classOid() == ClassOids.REWRITE) {
        return dependency.target();
      }
    }
    return null;
  }

  private String describeOwner(ObjectAddress part) {
    ObjectAddress owner = owner(part);
    return owner == null ? unknown(part) : describe(owner);
  }

  private String relation(ObjectAddress address) {
    Relation relation = catalog.relation(address.objectOid());
    if (relation == null) {
      return unknown(address);
    }
    String text = (relation.kind() == 'c' ? "composite type" : Ddl.kindName(relation)) + " " + name(relation);
    return address.subId() == 0 ? text : "column " + relation.columns().get(address.subId() - 1).name() + " of " + text;
  }

  String name(Relation relation) {
    return path.isVisible(catalog, relation) ? Identifiers.quoteIfNeeded(relation.name()) : qualified(relation.namespaceOid(), relation.name());
  }

  private String qualified(int namespaceOid, String name) {
    Catalog.Namespace namespace = catalog.namespace(namespaceOid);
    String own = Identifiers.quoteIfNeeded(name);
    boolean visible = namespace == null || path.namespaces().contains(namespaceOid);
    return visible ? own : Identifiers.quoteIfNeeded(namespace.name()) + "." + own;
  }

  private String constraint(ObjectAddress address) {
    ObjectAddress owner = owner(address);
    if (owner == null) {
      return unknown(address);
    }
    if (owner.classOid() == ClassOids.TYPE) {
      String name = catalog.typeDetails(owner.objectOid()) instanceof Catalog.DomainDetails domain
          ? domain.checks().stream().filter(c -> c.oid() == address.objectOid()).map(Constraint::name).findFirst().orElse("") : "";
      return "constraint " + Identifiers.quoteIfNeeded(name);
    }
    Table table = (Table) catalog.relation(owner.objectOid());
    Constraint constraint = ConstraintCommands.find(table, address.objectOid());
    String name = constraint == null ? "" : constraint.name();
    return "constraint " + Identifiers.quoteIfNeeded(name) + " on " + describe(ObjectAddress.of(ClassOids.CLASS, table.oid()));
  }

  private String function(int oid) {
    FunctionDef function = catalog.function(oid);
    if (function == null) {
      return "function " + Integer.toUnsignedString(oid);
    }
    return "function " + signature(function);
  }

  /// `f(integer, text)`, qualified when it is not visible.
  public String signature(FunctionDef function) {
    List<String> types = new ArrayList<>();
    function.argumentTypes().forEach(type -> types.add(Typmods.formatType(type, -1, catalog)));
    return qualified(function.namespaceOid(), function.name()) + "(" + String.join(",", types) + ")";
  }

  private String operator(ObjectAddress address) {
    Catalog.OperatorDef operator = catalog.operator(address.objectOid());
    if (operator == null) {
      return unknown(address);
    }
    String left = operator.left() == 0 ? "NONE" : Typmods.formatType(operator.left(), -1, catalog);
    return "operator " + operator.name() + "(" + left + "," + Typmods.formatType(operator.right(), -1, catalog) + ")";
  }

  private String cast(ObjectAddress address) {
    for (Catalog.CastDef cast : catalog.casts()) {
      if (cast.oid() == address.objectOid()) {
        return "cast from " + Typmods.formatType(cast.source(), -1, catalog) + " to " + Typmods.formatType(cast.target(), -1, catalog);
      }
    }
    return unknown(address);
  }

  /// The type as messages show it.
  public String type(PgType type) {
    return Typmods.formatType(type, -1, catalog);
  }
}
