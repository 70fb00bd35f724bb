package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgTypes;
import java.util.Map;

/// The readable lists: `pg_tables`, `pg_views`, `pg_indexes`, `pg_sequences`, `pg_policies` …
final class ListingRows {
  private ListingRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_tables", ListingRows::tables);
    sources.put("pg_views", ListingRows::views);
    sources.put("pg_matviews", ListingRows::materializedViews);
    sources.put("pg_indexes", ListingRows::indexes);
    sources.put("pg_sequences", ListingRows::sequences);
    sources.put("pg_policies", ListingRows::policies);
    sources.put("pg_rules", ListingRows::rules);
    sources.put("pg_timezone_names", ListingRows::zones);
    sources.put("pg_timezone_abbrevs", ListingRows::zoneAbbreviations);
    sources.put("pg_available_extensions", (rows, c) -> c.catalog().extensions().forEach(e ->
        rows.row().set("name", e.name()).set("default_version", e.extensionVersion()).set("installed_version", e.extensionVersion())));
  }

  private static String schema(Catalog catalog, int oid) {
    Catalog.Namespace namespace = catalog.namespace(oid);
    return namespace == null ? Integer.toString(oid) : namespace.name();
  }

  private static String role(Catalog catalog, int oid) {
    Catalog.Role role = catalog.role(oid);
    return role == null ? "unknown (OID=" + Integer.toUnsignedString(oid) + ")" : role.name();
  }

  private static void tables(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation.kind() != 'r' && relation.kind() != 'p') {
        continue;
      }
      Relation.Table table = relation instanceof Relation.Table t ? t : null;
      rows.row().set("schemaname", schema(c.catalog(), relation.namespaceOid())).set("tablename", relation.name()).set("tableowner", role(c.catalog(), relation.ownerOid()))
          .set("hasindexes", table != null && !table.indexOids().isEmpty()).set("hasrules", !c.catalog().rulesOf(relation.oid()).isEmpty()).set("hastriggers", table != null && !table.triggerOids().isEmpty())
          .set("rowsecurity", table != null && table.rowSecurity());
    }
  }

  private static void rules(RowSet rows, SystemContext c) {
    for (Catalog.Rule rule : c.catalog().rules()) {
      Relation relation = c.catalog().relation(rule.relationOid());
      if (relation != null) {
        String schema = schema(c.catalog(), relation.namespaceOid());
        rows.row().set("schemaname", schema).set("tablename", relation.name()).set("rulename", rule.name())
            .set("definition", c.ruleDefinition(rule, relation, io.heliosdb.nano.type.Identifiers.quoteIfNeeded(schema) + "."
                + io.heliosdb.nano.type.Identifiers.quoteIfNeeded(relation.name())));
      }
    }
  }

  private static void views(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.View view) {
        rows.row().set("schemaname", schema(c.catalog(), view.namespaceOid())).set("viewname", view.name()).set("viewowner", role(c.catalog(), view.ownerOid()))
            .set("definition", c.viewDefinition(view, view.definition()));
      }
    }
  }

  private static void materializedViews(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table && table.kind() == 'm') {
        rows.row().set("schemaname", schema(c.catalog(), table.namespaceOid())).set("matviewname", table.name()).set("matviewowner", role(c.catalog(), table.ownerOid()))
            .set("hasindexes", !table.indexOids().isEmpty()).set("ispopulated", table.populated()).set("definition", c.viewDefinition(table, table.definition()));
      }
    }
  }

  private static void indexes(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Index index && c.catalog().relation(index.tableOid()) instanceof Relation.Table table) {
        rows.row().set("schemaname", schema(c.catalog(), index.namespaceOid())).set("tablename", table.name()).set("indexname", index.name())
            .set("indexdef", c.indexDefinition(index));
      }
    }
  }

  private static void sequences(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Sequence s && Privileges.hasOnRelation(c.catalog(), c.currentRole(), s, "r")) {
        long[] state = c.sequenceState(s);
        rows.row().set("schemaname", schema(c.catalog(), s.namespaceOid())).set("sequencename", s.name()).set("sequenceowner", role(c.catalog(), s.ownerOid()))
            .oid("data_type", s.typeOid()).set("start_value", s.start()).set("min_value", s.minimum()).set("max_value", s.maximum())
            .set("increment_by", s.increment()).set("cycle", s.cycle()).set("cache_size", s.cache()).set("last_value", state[1] == 0 ? null : state[0]);
      }
    }
  }

  private static void policies(RowSet rows, SystemContext c) {
    for (Catalog.Policy p : c.catalog().policies()) {
      Relation table = c.catalog().relation(p.tableOid());
      if (table == null) {
        continue;
      }
      String command =
          switch (p.command()) {
            case 'r' -> "SELECT";
            case 'a' -> "INSERT";
            case 'w' -> "UPDATE";
            case 'd' -> "DELETE";
            default -> "ALL";
          };
      var names = p.roles().isEmpty() ? java.util.List.of("public") : p.roles().stream().map(oid -> oid == 0 ? "public" : role(c.catalog(), oid)).toList();
      rows.row().set("schemaname", schema(c.catalog(), table.namespaceOid())).set("tablename", table.name()).set("policyname", p.name())
          .set("permissive", p.permissive() ? "PERMISSIVE" : "RESTRICTIVE").set("roles", RowSet.array(PgTypes.NAME, names)).set("cmd", command)
          .set("qual", p.using() == null ? null : c.expression(p.using(), table)).set("with_check", p.withCheck() == null ? null : c.expression(p.withCheck(), table));
    }
  }

  private static void zoneAbbreviations(RowSet rows, SystemContext c) {
    long now = (java.time.Instant.now().getEpochSecond() - io.heliosdb.nano.type.DateTimes.UNIX_EPOCH_SECONDS) * 1_000_000L;
    for (io.heliosdb.nano.type.TimeZones.Abbreviation abbreviation : io.heliosdb.nano.type.TimeZones.abbreviations()) {
      rows.row().set("abbrev", abbreviation.name())
          .set("utc_offset", io.heliosdb.nano.type.Interval.of(0, 0, abbreviation.offsetAt(now) * 1_000_000L))
          .set("is_dst", abbreviation.daylight());
    }
  }

  private static void zones(RowSet rows, SystemContext c) {
    java.time.Instant now = java.time.Instant.now();
    for (String id : java.time.ZoneId.getAvailableZoneIds()) {
      if (id.startsWith("SystemV")) {
        continue;
      }
      java.time.zone.ZoneRules rules = java.time.ZoneId.of(id).getRules();
      long seconds = rules.getOffset(now).getTotalSeconds();
      rows.row().set("name", id)
          .set("abbrev", java.time.format.DateTimeFormatter.ofPattern("zzz", java.util.Locale.ENGLISH).format(now.atZone(java.time.ZoneId.of(id))))
          .set("utc_offset", io.heliosdb.nano.type.Interval.of(0, 0, seconds * 1_000_000L)).set("is_dst", rules.isDaylightSavings(now));
    }
  }

}
