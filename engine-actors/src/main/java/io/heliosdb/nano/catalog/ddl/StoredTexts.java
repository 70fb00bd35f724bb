package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogObject.DependenciesObject;
import io.heliosdb.nano.catalog.CatalogObject.PolicyObject;
import io.heliosdb.nano.catalog.CatalogObject.RuleObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relation.View;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The stored texts that name an object, bound to it before it gets another name and written with that name afterwards.
///
/// One instance per command: [#capture] all objects concerned, change the catalog, then [#restate].
final class StoredTexts {
  private final Ddl ddl;
  private final Set<ObjectAddress> known = new HashSet<>();
  private final List<Runnable> writes = new ArrayList<>();

  StoredTexts(Ddl ddl) {
    this.ddl = ddl;
  }

  /// @param what the object in words, for messages
  /// @param skip dependents whose text follows in another way
  /// @throws SqlException 0A000 for a dependent that keeps its text as it was written
  void capture(ObjectAddress address, String what, Predicate<ObjectAddress> skip) {
    for (Dependency dependent : ddl.catalog().dependents(address)) {
      ObjectAddress target = dependent.target();
      boolean text = ddl.catalog().object(ObjectClass.EXPRESSION_DEPENDENCIES, target) instanceof DependenciesObject expression
          && expression.targets().stream().anyMatch(t -> t.classOid() == address.classOid() && t.objectOid() == address.objectOid());
      if (text && !skip.test(target) && known.add(target)) {
        Runnable write = bind(target);
        if (write == null) {
          throw SqlException.notSupported("renaming " + what + " while "
              + new ObjectDescriptions(ddl.catalog(), ddl.path()).describe(target) + " uses it");
        }
        writes.add(write);
      }
    }
  }

  /// What names the object. A table's own expressions do not name it.
  static StoredTexts naming(Ddl ddl, ObjectAddress address, String what) {
    StoredTexts texts = new StoredTexts(ddl);
    texts.captureNaming(address, what);
    return texts;
  }

  void captureNaming(ObjectAddress address, String what) {
    boolean relation = address.classOid() == ClassOids.CLASS;
    boolean sequence = relation && ddl.catalog().relation(address.objectOid()) instanceof Relation.Sequence;
    capture(address, what, target -> relation && !sequence && ownerIs(target, address));
    if (relation) {
      captureRules(address.objectOid());
    }
  }

  /// The rules of a relation, which name its columns and may name it.
  void captureRules(int relationOid) {
    for (Catalog.Rule rule : ddl.catalog().rulesOf(relationOid)) {
      if (known.add(ObjectAddress.of(ClassOids.REWRITE, rule.oid()))) {
        writes.add(rule(rule));
      }
    }
  }

  boolean ownerIs(ObjectAddress part, ObjectAddress whole) {
    if (part.classOid() == ClassOids.CLASS && ddl.catalog().relation(part.objectOid()) instanceof Relation.Index index) {
      return index.tableOid() == whole.objectOid();
    }
    if (part.classOid() == whole.classOid() && part.objectOid() == whole.objectOid()) {
      return true;
    }
    if (part.classOid() == ClassOids.TRIGGER && ddl.catalog().trigger(part.objectOid()) != null) {
      return ddl.catalog().trigger(part.objectOid()).tableOid() == whole.objectOid();
    }
    if (part.classOid() == ClassOids.POLICY && ddl.catalog().policy(part.objectOid()) != null) {
      return ddl.catalog().policy(part.objectOid()).tableOid() == whole.objectOid();
    }
    ObjectAddress owner = part.classOid() == ClassOids.REWRITE ? null : new ObjectDescriptions(ddl.catalog(), ddl.path()).owner(part);
    return owner != null && owner.classOid() == whole.classOid() && owner.objectOid() == whole.objectOid();
  }

  void restate() {
    writes.forEach(Runnable::run);
  }

  private @Nullable Runnable bind(ObjectAddress target) {
    return switch (target.classOid()) {
      case ClassOids.REWRITE -> rewrite(target);
      case ClassOids.ATTRDEF -> columnDefault(target);
      case ClassOids.CONSTRAINT -> check(target);
      case ClassOids.POLICY -> policy(target);
      case ClassOids.TRIGGER -> trigger(target);
      default -> null;
    };
  }

  private @Nullable Runnable rewrite(ObjectAddress target) {
    if (ddl.catalog().object(ObjectClass.RULE, target) instanceof RuleObject object) {
      return rule(object.rule());
    }
    for (Relation relation : ddl.catalog().relations()) {
      if (relation instanceof View view && view.ruleOid() == target.objectOid()) {
        Supplier<String> text = ddl.expressions().restateQuery(view.definition());
        return () -> ddl.put(Relations.withDefinition((View) ddl.catalog().relation(view.oid()), text.get()));
      }
      if (relation instanceof Table table && table.definition() != null && table.rowTypeOid() == target.objectOid()) {
        Supplier<String> text = ddl.expressions().restateQuery(table.definition());
        return () -> {
          TableBuilder builder = new TableBuilder(ddl.table(table.oid()));
          builder.definition = text.get();
          ddl.put(builder.build());
        };
      }
    }
    return null;
  }

  private Runnable rule(Catalog.Rule rule) {
    Relation relation = ddl.catalog().relation(rule.relationOid());
    Supplier<String> where = rule.where() == null ? () -> null : ddl.expressions().restateRule(rule.where(), relation, rule.event(), false);
    List<Supplier<String>> actions =
        rule.actions().stream().map(action -> ddl.expressions().restateRule(action, relation, rule.event(), true)).toList();
    return () -> {
      Catalog.Rule now = ((RuleObject) ddl.catalog().object(ObjectClass.RULE, ObjectAddress.of(ClassOids.REWRITE, rule.oid()))).rule();
      ddl.put(new RuleObject(new Catalog.Rule(now.oid(), now.name(), now.relationOid(), now.event(), where.get(), now.instead(),
          actions.stream().map(Supplier::get).toList(), now.enabled()), 0));
      ddl.put(ddl.catalog().relation(now.relationOid()));
    };
  }

  private @Nullable Runnable columnDefault(ObjectAddress target) {
    ObjectAddress column = new ObjectDescriptions(ddl.catalog(), ddl.path()).owner(target);
    if (column == null || !(ddl.catalog().relation(column.objectOid()) instanceof Table table)) {
      return null;
    }
    Relation.Column before = table.column(column.subId());
    DdlExpressions.Use use = before.generated() != 0 ? DdlExpressions.Use.GENERATED_COLUMN : DdlExpressions.Use.COLUMN_DEFAULT;
    Supplier<String> text = ddl.expressions().restate(before.defaultExpression(), before.generated() != 0 ? table : null, use);
    return () -> {
      TableBuilder builder = new TableBuilder(ddl.table(table.oid()));
      builder.columns.replaceAll(
          c -> c.attnum() == column.subId() ? c.toBuilder().defaultValue(text.get(), c.defaultOid()).build() : c);
      ddl.put(builder.build());
    };
  }

  private @Nullable Runnable check(ObjectAddress target) {
    for (Relation relation : ddl.catalog().relations()) {
      if (!(relation instanceof Table table)) {
        continue;
      }
      for (Relation.Constraint constraint : table.constraints()) {
        if (constraint.oid() == target.objectOid() && constraint.kind() == Relation.Constraint.Kind.CHECK) {
          Supplier<String> text = ddl.expressions().restate(constraint.expression(), table, DdlExpressions.Use.CHECK_CONSTRAINT);
          return () -> {
            TableBuilder builder = new TableBuilder(ddl.table(table.oid()));
            builder.constraints.replaceAll(c -> c.oid() == constraint.oid() ? RenameCommands.withExpression(c, text.get()) : c);
            ddl.put(builder.build());
          };
        }
      }
    }
    return null;
  }

  private @Nullable Runnable policy(ObjectAddress target) {
    Catalog.Policy policy = ddl.catalog().policy(target.objectOid());
    Relation table = policy == null ? null : ddl.catalog().relation(policy.tableOid());
    if (table == null) {
      return null;
    }
    Supplier<String> using = optional(policy.using(), table, DdlExpressions.Use.POLICY);
    Supplier<String> check = optional(policy.withCheck(), table, DdlExpressions.Use.POLICY);
    return () -> {
      Catalog.Policy p = ddl.catalog().policy(policy.oid());
      ddl.put(new PolicyObject(
          new Catalog.Policy(p.oid(), p.name(), p.tableOid(), p.permissive(), p.command(), p.roles(), using.get(), check.get()), 0));
      ddl.put(ddl.catalog().relation(p.tableOid()));
    };
  }

  private @Nullable Runnable trigger(ObjectAddress target) {
    Catalog.Trigger trigger = ddl.catalog().trigger(target.objectOid());
    Relation table = trigger == null ? null : ddl.catalog().relation(trigger.tableOid());
    if (table == null) {
      return null;
    }
    Supplier<String> when = optional(trigger.when(), table, DdlExpressions.Use.TRIGGER_WHEN);
    return () -> {
      ddl.put(new CatalogObject.TriggerObject(ddl.catalog().trigger(trigger.oid()).withWhen(when.get()), 0));
      ddl.put(ddl.catalog().relation(trigger.tableOid()));
    };
  }

  private Supplier<@Nullable String> optional(@Nullable String text, Relation table, DdlExpressions.Use use) {
    return text == null ? () -> null : ddl.expressions().restate(text, table, use);
  }
}
