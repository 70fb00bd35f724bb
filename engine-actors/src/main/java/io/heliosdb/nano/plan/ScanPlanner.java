package io.heliosdb.nano.plan;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.AppendNode;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.execute.EntryColumns;
import io.heliosdb.nano.execute.IndexCodec;
import io.heliosdb.nano.execute.KeyBounds;
import io.heliosdb.nano.execute.KeyCodec;
import io.heliosdb.nano.execute.PlanCost;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.TableScanNode;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.plan.logical.LogicalPlan.Scan;
import io.heliosdb.nano.plan.logical.LogicalPlan.SortKey;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeFamily;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Access paths of one table: whole table, key ranges, single keys, indexes; by conditions and by wanted order.
final class ScanPlanner {
  private static final double CPU_ROW = 0.01;
  private static final double CPU_OPERATOR = 0.0025;

  /// Reading a row through an index is a search of its own, about twenty times a step of a scan.
  private static final double INDEX_ROW = 0.25;

  /// Taking columns from an entry, about three times a step of a scan.
  private static final double INDEX_ENTRY = 0.03;

  /// A search in a tree.
  private static final double LOOKUP = 0.28;

  private final Planner planner;
  private final Catalog catalog;
  private final Estimates estimates;

  ScanPlanner(Planner planner, Estimates estimates) {
    this.planner = planner;
    this.catalog = planner.context().catalog();
    this.estimates = estimates;
  }

  /// @param ordered whether rows come in the wanted order
  record Planned(PhysicalPlan plan, boolean ordered) {}

  /// A key that rows can be found by.
  private record Key(@Nullable IndexCodec index, PgType[] types, int[] collations, ColumnOrder[] orders, Expr[] expressions, boolean unique, String name) {}

  private record Candidate(@Nullable Key key, @Nullable KeyBounds bounds, List<Expr> used, List<Expr> rest, double rows, double cost, boolean reverse,
      boolean ordered, boolean indexOnly) {}

  /// @param conjuncts over the scan's output row; all are applied
  /// @param order wanted order over the scan's output, or null
  /// @param fraction of the rows that will be read (less than 1 below a LIMIT)
  Planned plan(Scan scan, List<Expr> conjuncts, BitSet needed, @Nullable List<SortKey> order, double fraction) {
    if (!scan.only()) {
      List<Relation.Table> leaves = leaves(scan.table(), catalogOf(scan), planner.context().temporaryNamespace());
      leaves.forEach(leaf -> io.heliosdb.nano.catalog.ForeignTables.refuse(leaf, catalog));
      if (scan.table().isPartitioned() || leaves.size() > 1) {
        return new Planned(append(scan, leaves, conjuncts, needed), false);
      }
    }
    return single(scan, conjuncts, needed, order, fraction);
  }

  /// Cost of finding some rows by equal key columns.
  static double lookupCost(double tableRows, double pages, double matches, boolean byIndex, int filters) {
    return lookupCost(tableRows, matches, (byIndex ? INDEX_ROW : CPU_ROW) + pages / tableRows, filters);
  }

  private static double lookupCost(double tableRows, double matches, double perRow, int filters) {
    return LOOKUP + Math.log(tableRows + 1) / Math.log(2) * CPU_OPERATOR + matches * (perRow + filters * CPU_OPERATOR);
  }

  /// The catalog that the scan's table is from.
  private Catalog catalogOf(Scan scan) {
    return scan.asOf() == null || scan.asOf().past() == null ? catalog : scan.asOf().past();
  }

  /// The tables that hold the rows of a table: itself unless it is partitioned, and its children's.
  private static List<Relation.Table> leaves(Relation.Table table, Catalog catalog, int temporaryNamespace) {
    List<Relation.Table> all = new ArrayList<>();
    if (!table.isPartitioned()) {
      // Generation by generation, as PostgreSQL reads them.
      all.add(table);
      for (int i = 0; i < all.size(); i++) {
        for (Relation.Table child : catalog.childrenOf(all.get(i).oid())) {
          boolean isOthers = child.isTemporary() && child.namespaceOid() != temporaryNamespace;
          if (!isOthers && all.stream().noneMatch(t -> t.oid() == child.oid())) {
            all.add(child);
          }
        }
      }
      return all;
    }
    for (Relation.Table child : catalog.childrenOf(table.oid())) {
      for (Relation.Table leaf : leaves(child, catalog, temporaryNamespace)) {
        if (all.stream().noneMatch(t -> t.oid() == leaf.oid())) {
          all.add(leaf);
        }
      }
    }
    return all;
  }

  private PhysicalPlan append(Scan scan, List<Relation.Table> leaves, List<Expr> conjuncts, BitSet needed) {
    List<PhysicalPlan> parts = new ArrayList<>();
    for (Relation.Table leaf : leaves) {
      List<Integer> attnums = new ArrayList<>();
      for (int attnum : scan.attnums()) {
        if (attnum <= 0) {
          attnums.add(attnum);
        } else {
          Relation.Column column = leaf.column(scan.table().column(attnum).name());
          if (column == null) {
            throw new IllegalStateException("partition " + leaf.name() + " lacks column " + scan.table().column(attnum).name());
          }
          attnums.add(column.attnum());
        }
      }
      if (leaf.isPartition() && PartitionPruning.excludes(scan, leaf, conjuncts, catalogOf(scan))) {
        continue;
      }
      String alias = scan.alias().equals(scan.table().name()) ? leaf.name() : scan.alias() + "_" + (parts.size() + 1);
      Scan part = new Scan(leaf, attnums, scan.rowIdentity(), true, scan.asOf(), scan.sample(), alias, scan.output());
      parts.add(single(part, conjuncts, needed, null, 1).plan());
    }
    return parts.size() == 1 ? parts.getFirst() : new AppendNode(parts, scan.output());
  }

  private Planned single(Scan scan, List<Expr> conjuncts, BitSet needed, @Nullable List<SortKey> order, double fraction) {
    RowCodec codec = new RowCodec(scan.table(), catalogOf(scan));
    double tableRows = estimates.rows(scan.table());
    double pages = Math.max(1, tableRows * estimates.rowBytes(scan.table()) / 8192);
    double outRows = Math.max(1, tableRows * estimates.selectivity(conjuncts, scan));
    double filterCost = tableRows * conjuncts.size() * CPU_OPERATOR;

    Candidate best = null;
    List<Key> keys = keys(scan, codec, conjuncts);
    for (Key key : keys) {
      Candidate candidate = candidate(scan, codec, key, conjuncts, needed, order, fraction, tableRows, pages);
      if (candidate != null && (best == null || weight(candidate, order, outRows) < weight(best, order, outRows))) {
        best = candidate;
      }
    }
    Candidate full = new Candidate(null, null, List.of(), conjuncts, outRows, pages + tableRows * CPU_ROW + filterCost, false, false, false);
    if (best == null || weight(full, order, outRows) < weight(best, order, outRows)) {
      best = full;
    }
    return new Planned(node(scan, codec, best, needed), best.ordered());
  }

  /// The cost with the sort that would be needed.
  private static double weight(Candidate c, @Nullable List<SortKey> order, double rows) {
    double sort = order == null || c.ordered() ? 0 : rows * Math.max(1, Math.log(rows + 1) / Math.log(2)) * 2 * CPU_OPERATOR;
    return c.cost() + sort;
  }

  private List<Key> keys(Scan scan, RowCodec codec, List<Expr> conjuncts) {
    List<Key> keys = new ArrayList<>();
    if (codec.hasPrimaryKey()) {
      int n = codec.keyColumnCount();
      PgType[] types = new PgType[n];
      int[] collations = new int[n];
      ColumnOrder[] orders = new ColumnOrder[n];
      Expr[] expressions = new Expr[n];
      for (int i = 0; i < n; i++) {
        types[i] = codec.keyType(i);
        collations[i] = codec.keyCollation(i);
        orders[i] = ColumnOrder.ASC_NULLS_LAST;
        expressions[i] = new Expr.InputColumn(codec.keyColumn(i), types[i], -1, collations[i]);
      }
      keys.add(new Key(null, types, collations, orders, expressions, true, primaryKeyName(scan.table())));
    }
    {
      for (Relation.Index index : catalogOf(scan).indexesOf(scan.table().oid())) {
        if (index.primary() && codec.hasPrimaryKey() || !index.valid() || !index.exclusionOperators().isEmpty() || !index.method().equals("btree") && !index.method().equals("hash")) {
          continue;
        }
        IndexCodec indexCodec = new IndexCodec(index, scan.table(), catalogOf(scan));
        if (indexCodec.predicate() != null && !implied(scan, indexCodec.predicate(), conjuncts)) {
          continue;
        }
        int n = indexCodec.keyCount();
        PgType[] types = new PgType[n];
        int[] collations = new int[n];
        ColumnOrder[] orders = new ColumnOrder[n];
        Expr[] expressions = new Expr[n];
        for (int i = 0; i < n; i++) {
          types[i] = indexCodec.type(i);
          collations[i] = indexCodec.collation(i);
          orders[i] = indexCodec.order(i);
          expressions[i] = indexCodec.expression(i);
        }
        keys.add(new Key(indexCodec, types, collations, orders, expressions, index.unique(), index.name()));
      }
    }
    return keys;
  }

  private String primaryKeyName(Relation.Table table) {
    for (Relation.Index index : catalog.indexesOf(table.oid())) {
      if (index.primary()) {
        return index.name();
      }
    }
    return table.name() + "_pkey";
  }

  /// Whether every part of the predicate is one of the conditions.
  private static boolean implied(Scan scan, Expr predicate, List<Expr> conjuncts) {
    List<Expr> have = new ArrayList<>();
    for (Expr c : conjuncts) {
      Expr moved = toTableRow(scan, c);
      if (moved != null) {
        have.add(moved);
      }
    }
    for (Expr part : Exprs.conjuncts(predicate)) {
      if (have.stream().noneMatch(c -> same(c, part) || impliesNotNull(c, part))) {
        return false;
      }
    }
    return true;
  }

  /// `x IS NOT NULL` follows from any strict comparison of x.
  private static boolean impliesNotNull(Expr condition, Expr part) {
    return part instanceof Expr.IsNull n && n.negated() && condition instanceof Expr.Call c && c.function().strict()
        && Comparisons.accepted(c.site()) != 0 && c.arguments().stream().anyMatch(a -> same(Estimates.strip(a), Estimates.strip(n.argument())));
  }

  /// The expression over the table's row (column `attnum - 1`), or null when it reads a system column.
  private static @Nullable Expr toTableRow(Scan scan, Expr e) {
    BitSet columns = Exprs.columns(e);
    for (int i = columns.nextSetBit(0); i >= 0; i = columns.nextSetBit(i + 1)) {
      if (i >= scan.attnums().size() || scan.attnums().get(i) <= 0) {
        return null;
      }
    }
    return Exprs.mapColumns(e, i -> scan.attnums().get(i) - 1);
  }

  /// Structural equality that ignores type modifiers of columns.
  static boolean same(Expr a, Expr b) {
    if (a instanceof Expr.InputColumn x && b instanceof Expr.InputColumn y) {
      return x.index() == y.index();
    }
    if (a.getClass() != b.getClass()) {
      return false;
    }
    List<Expr> ca = Exprs.children(a);
    List<Expr> cb = Exprs.children(b);
    if (ca.size() != cb.size() || ca.isEmpty()) {
      return ca.size() == cb.size() && a.equals(b);
    }
    for (int i = 0; i < ca.size(); i++) {
      if (!same(ca.get(i), cb.get(i))) {
        return false;
      }
    }
    return switch (a) {
      case Expr.Call x -> x.function().oid() == ((Expr.Call) b).function().oid() && x.site().collationOid() == ((Expr.Call) b).site().collationOid();
      default -> Exprs.withChildren(a, ca).equals(Exprs.withChildren(b, ca));
    };
  }

  private @Nullable Candidate candidate(Scan scan, RowCodec codec, Key key, List<Expr> conjuncts, BitSet needed, @Nullable List<SortKey> order,
      double fraction, double tableRows, double pages) {
    List<KeyBounds.Equality> equalities = new ArrayList<>();
    List<Expr> used = new ArrayList<>();
    List<Expr> rest = new ArrayList<>(conjuncts);
    KeyBounds.Bound lower = null;
    KeyBounds.Bound upper = null;
    for (int k = 0; k < key.types().length; k++) {
      Match match = equality(scan, key, k, rest);
      if (match != null) {
        equalities.add(new KeyBounds.Equality(match.value() == null ? null : planner.compile(match.value()), match.array()));
        used.add(match.conjunct());
        rest.remove(match.conjunct());
        continue;
      }
      for (Expr c : List.copyOf(rest)) {
        Range range = range(scan, key, k, c);
        if (range == null || range.lower() != null && lower != null || range.upper() != null && upper != null) {
          continue;
        }
        lower = range.lower() != null ? new KeyBounds.Bound(planner.compile(range.lower()), range.inclusive()) : lower;
        upper = range.upper() != null ? new KeyBounds.Bound(planner.compile(range.upper()), range.inclusive()) : upper;
        used.add(c);
        rest.remove(c);
      }
      break;
    }
    KeyBounds bounds = used.isEmpty() ? null : new KeyBounds(key.types(), key.collations(), key.orders(), equalities, lower, upper);
    int direction = order == null ? 0 : orderDirection(scan, key, equalities, bounds == null || bounds.isSingleRange(), order);
    if (bounds == null && direction == 0 && !(key.index() != null && key.index().predicate() != null)) {
      return null;
    }
    double matched = Math.max(1, tableRows * estimates.selectivity(used, scan));
    if (key.unique() && equalities.size() == key.types().length && bounds.isFullKey() && bounds.isSingleRange()) {
      matched = 1;
    }
    double read = matched * (direction != 0 ? fraction : 1);
    double rows = Math.max(1, matched * estimates.selectivity(rest, scan));
    boolean indexOnly = isIndexOnly(scan, codec, key, needed, rest);
    double cost = indexOnly ? lookupCost(tableRows, read, INDEX_ENTRY, rest.size()) : lookupCost(tableRows, pages, read, key.index() != null, rest.size());
    return new Candidate(key, bounds, used, rest, rows, cost, direction < 0, direction != 0, indexOnly);
  }

  /// Whether the entries of an index have all columns that are read of the rows they lead to.
  private static boolean isIndexOnly(Scan scan, RowCodec codec, Key key, BitSet needed, List<Expr> rest) {
    if (key.index() == null || scan.rowIdentity() || scan.asOf() != null || scan.sample() != null) {
      return false;
    }
    BitSet read = (BitSet) needed.clone();
    rest.forEach(e -> Exprs.columns(e, read));
    int[] columns = new int[read.cardinality()];
    int count = 0;
    for (int i = read.nextSetBit(0); i >= 0; i = read.nextSetBit(i + 1)) {
      int attnum = scan.attnums().get(i);
      if (attnum <= 0) {
        return false;
      }
      columns[count++] = attnum - 1;
    }
    return EntryColumns.of(key.index(), codec, columns) != null;
  }

  /// +1 if the key's order is the wanted one, -1 if its reverse is, 0 if neither.
  private int orderDirection(Scan scan, Key key, List<KeyBounds.Equality> equalities, boolean singleRange, List<SortKey> order) {
    if (!singleRange) {
      return 0;
    }
    int k = 0;
    int direction = 0;
    for (SortKey sort : order) {
      if (sort.ordering() != null) {
        return 0;
      }
      Expr wanted = toTableRow(scan, sort.expression());
      if (wanted == null) {
        return 0;
      }
      // Columns held equal do not matter to the order.
      boolean constant = false;
      for (int e = 0; e < equalities.size(); e++) {
        constant |= same(Estimates.strip(key.expressions()[e]), Estimates.strip(wanted));
      }
      if (constant) {
        continue;
      }
      k = Math.max(k, equalities.size());
      if (k >= key.types().length || !same(Estimates.strip(key.expressions()[k]), Estimates.strip(wanted))
          || !compatible(key.types()[k], wanted.type(), key.collations()[k], sort.expression().collation())) {
        // Behind a whole unique key everything else is decided.
        return k >= key.types().length && key.unique() && direction != 0 && key.index() == null ? direction : 0;
      }
      ColumnOrder columnOrder = key.orders()[k];
      boolean notNull = isNotNull(scan, key, k);
      int d;
      if (columnOrder.descending() == sort.descending() && (notNull || columnOrder.nullsFirst() == sort.nullsFirst())) {
        d = 1;
      } else if (columnOrder.descending() != sort.descending() && (notNull || columnOrder.nullsFirst() != sort.nullsFirst())) {
        d = -1;
      } else {
        return 0;
      }
      if (direction != 0 && direction != d) {
        return 0;
      }
      direction = d;
      k++;
    }
    return direction == 0 ? 1 : direction;
  }

  private static boolean isNotNull(Scan scan, Key key, int k) {
    return key.expressions()[k] instanceof Expr.InputColumn c
        && (scan.table().columns().get(c.index()).notNull() || scan.table().primaryKey().contains(c.index() + 1));
  }

  private record Match(Expr conjunct, @Nullable Expr value, boolean array) {}

  private @Nullable Match equality(Scan scan, Key key, int k, List<Expr> conjuncts) {
    for (Expr c : conjuncts) {
      switch (c) {
        case Expr.Call call -> {
          if (Comparisons.accepted(call.site()) != Comparisons.EQUAL) {
            continue;
          }
          Expr left = call.arguments().get(0);
          Expr right = call.arguments().get(1);
          if (isKey(scan, key, k, left, right, call.site().collationOid())) {
            return new Match(c, right, false);
          }
          if (isKey(scan, key, k, right, left, call.site().collationOid())) {
            return new Match(c, left, false);
          }
        }
        case Expr.ArrayQuantified q -> {
          if (!q.all() && Comparisons.accepted(q.operator()) == Comparisons.EQUAL && Exprs.isRuntimeConstant(q.array())
              && matches(scan, key, k, q.left())
              && compatible(key.types()[k], q.operator().argumentTypes().get(1), key.collations()[k], q.operator().collationOid())) {
            return new Match(c, q.array(), true);
          }
        }
        case Expr.IsNull n -> {
          if (!n.negated() && !n.rowwise() && matches(scan, key, k, n.argument())) {
            return new Match(c, null, false);
          }
        }
        case Expr.InputColumn column -> {
          if (key.types()[k].family() == TypeFamily.BOOL && matches(scan, key, k, column)) {
            return new Match(c, Expr.Const.of(PgTypes.BOOL, true), false);
          }
        }
        default -> {
        }
      }
    }
    return null;
  }

  private record Range(@Nullable Expr lower, @Nullable Expr upper, boolean inclusive) {}

  private @Nullable Range range(Scan scan, Key key, int k, Expr c) {
    if (!(c instanceof Expr.Call call)) {
      return null;
    }
    int accepted = Comparisons.accepted(call.site());
    if (accepted == 0 || accepted == Comparisons.EQUAL || accepted == (Comparisons.LESS | Comparisons.GREATER)) {
      return null;
    }
    Expr left = call.arguments().get(0);
    Expr right = call.arguments().get(1);
    Expr value;
    if (isKey(scan, key, k, left, right, call.site().collationOid())) {
      value = right;
    } else if (isKey(scan, key, k, right, left, call.site().collationOid())) {
      value = left;
      accepted = Comparisons.commuted(accepted);
    } else {
      return null;
    }
    boolean inclusive = (accepted & Comparisons.EQUAL) != 0;
    return (accepted & Comparisons.LESS) != 0 ? new Range(null, value, inclusive) : new Range(value, null, inclusive);
  }

  private boolean isKey(Scan scan, Key key, int k, Expr side, Expr value, int collation) {
    return Exprs.isRuntimeConstant(value) && matches(scan, key, k, side) && compatible(key.types()[k], value.type(), key.collations()[k], collation);
  }

  private static boolean matches(Scan scan, Key key, int k, Expr side) {
    if (Exprs.columns(side).isEmpty()) {
      return false;
    }
    Expr moved = toTableRow(scan, Estimates.strip(side));
    return moved != null && same(moved, Estimates.strip(key.expressions()[k]));
  }

  /// Whether a value of that type has the same place among the key's values as the operator gives it.
  private static boolean compatible(PgType key, PgType value, int keyCollation, int collation) {
    TypeFamily a = key.family();
    TypeFamily b = value.family();
    if (!KeyCodec.supports(key)) {
      return false;
    }
    return switch (a) {
      case INT2, INT4, INT8 -> b == TypeFamily.INT2 || b == TypeFamily.INT4 || b == TypeFamily.INT8;
      case FLOAT8 -> b == TypeFamily.FLOAT8 || b == TypeFamily.FLOAT4;
      case TEXT, NAME, BPCHAR -> a == b && (keyCollation == collation || Collations.isBytewise(keyCollation) && Collations.isBytewise(collation));
      case OID, REG -> b == TypeFamily.OID || b == TypeFamily.REG;
      case INET, CIDR -> b == TypeFamily.INET || b == TypeFamily.CIDR;
      case ARRAY, RECORD, RANGE, ENUM -> key.ultimateBase().equals(value.ultimateBase());
      default -> a == b;
    };
  }

  private PhysicalPlan node(Scan scan, RowCodec codec, Candidate c, BitSet needed) {
    int identity = scan.rowIdentity() ? 1 : 0;
    int[] attnums = new int[scan.attnums().size() + identity];
    for (int i = 0; i < scan.attnums().size(); i++) {
      attnums[i] = scan.attnums().get(i);
    }
    BitSet wanted = (BitSet) needed.clone();
    c.rest().forEach(e -> Exprs.columns(e, wanted));
    c.used().forEach(e -> {
      if (scan.rowIdentity()) {
        Exprs.columns(e, wanted);
      }
    });
    if (scan.rowIdentity()) {
      wanted.set(attnums.length - 1);
    }
    TableScanNode.Access access = TableScanNode.Access.FULL;
    if (c.key() != null) {
      Expr condition = Exprs.and(c.used());
      access = new TableScanNode.Access(c.key().index(), c.bounds(), c.reverse(),
          condition == null || !scan.rowIdentity() ? null : planner.compile(condition), Identifiers.quoteIfNeeded(c.key().name()),
          condition == null ? null : "(" + stripParentheses(ExprText.of(condition, ExprText.names(scan.output()))) + ")");
    }
    TableScanNode.Sample sample = null;
    if (scan.sample() != null) {
      sample = new TableScanNode.Sample(scan.sample().method(), planner.compile(scan.sample().arguments().getFirst()),
          scan.sample().repeatable() == null ? null : planner.compile(scan.sample().repeatable()));
    }
    LogicalPlan.AsOf asOf = scan.asOf();
    TableScanNode.Past past = asOf == null ? null
        : new TableScanNode.Past(asOf.kind(), asOf.value() == null ? null : planner.compile(asOf.value()), asOf.past() != null, asOf.plannedScn(),
            asOf.value() == null ? "" : ExprText.of(asOf.value(), List.of()), asOf.clause());
    BitSet late = c.indexOnly() ? new BitSet() : late(c, attnums, wanted, scan.rowIdentity());
    PlanCost cost = new PlanCost(0, c.cost(), c.rows());
    TableScanNode plan =
        new TableScanNode(scan.table(), codec, attnums, wanted, late, access, c.indexOnly(), scan.alias(), past, sample, scan.output(), cost);
    if (past != null) {
      planner.context().pastScans().add(plan);
    }
    return planner.filter(plan, c.rest(), c.rows(), !late.isEmpty());
  }

  /// Stored columns that need not be read for rows that the filter drops: those that neither it nor a re-check of the key's conditions
  /// reads. None where the filter runs anything that could let go of the rows.
  private static BitSet late(Candidate c, int[] attnums, BitSet wanted, boolean rechecked) {
    BitSet late = new BitSet();
    if (c.rest().isEmpty() || !c.rest().stream().allMatch(ScanPlanner::isPlain)) {
      return late;
    }
    BitSet read = new BitSet();
    c.rest().forEach(e -> Exprs.columns(e, read));
    if (rechecked) {
      c.used().forEach(e -> Exprs.columns(e, read));
    }
    for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
      if (attnums[i] > 0 && !read.get(i)) {
        late.set(i);
      }
    }
    return late;
  }

  /// Whether an expression is made of built-in functions and operators only.
  private static boolean isPlain(Expr e) {
    boolean[] plain = {!Exprs.isVolatile(e)};
    Exprs.walk(e, x -> plain[0] &= switch (x) {
      case Expr.Call call -> call.function().body() instanceof FunctionDef.BuiltinBody;
      case Expr.ArrayQuantified q -> q.operator().function().body() instanceof FunctionDef.BuiltinBody;
      case Expr.Subquery q -> false;
      case Expr.CurrentOf k -> false;
      case Expr.DomainCheck d -> false;
      case Expr.IoCast k -> false;
      default -> true;
    });
    return plain[0];
  }

  static String stripParentheses(String text) {
    return text.startsWith("(") && text.endsWith(")") && matching(text) ? text.substring(1, text.length() - 1) : text;
  }

  private static boolean matching(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0 && i < text.length() - 1) {
        return false;
      }
    }
    return true;
  }

  /// Whether the evaluators of a condition may run ahead of demand.
  static boolean hasEffects(List<Expr> conjuncts) {
    return conjuncts.stream().anyMatch(Exprs::isVolatile);
  }
}
