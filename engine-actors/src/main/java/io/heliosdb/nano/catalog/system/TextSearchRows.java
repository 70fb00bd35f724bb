package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.CatalogObject.TextSearchObject;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.catalog.TextSearchObjects.Kind;
import java.util.List;
import java.util.Map;

/// `pg_ts_parser`, `pg_ts_template`, `pg_ts_dict`, `pg_ts_config`, `pg_ts_config_map`.
final class TextSearchRows {
  private TextSearchRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_ts_parser", (rows, c) -> TextSearchObjects.all(c.catalog(), Kind.PARSER).forEach(o ->
        rows.row().oid("oid", o.oid()).set("prsname", o.name()).oid("prsnamespace", o.namespaceOid())
            .oid("prsstart", TextSearchObjects.oid(o, "start")).oid("prstoken", TextSearchObjects.oid(o, "gettoken"))
            .oid("prsend", TextSearchObjects.oid(o, "end")).oid("prsheadline", TextSearchObjects.oid(o, "headline"))
            .oid("prslextype", TextSearchObjects.oid(o, "lextypes"))));
    sources.put("pg_ts_template", (rows, c) -> TextSearchObjects.all(c.catalog(), Kind.TEMPLATE).forEach(o ->
        rows.row().oid("oid", o.oid()).set("tmplname", o.name()).oid("tmplnamespace", o.namespaceOid())
            .oid("tmplinit", TextSearchObjects.oid(o, "init")).oid("tmpllexize", TextSearchObjects.oid(o, "lexize"))));
    sources.put("pg_ts_dict", (rows, c) -> TextSearchObjects.all(c.catalog(), Kind.DICTIONARY).forEach(o ->
        rows.row().oid("oid", o.oid()).set("dictname", o.name()).oid("dictnamespace", o.namespaceOid()).oid("dictowner", o.ownerOid())
            .oid("dicttemplate", TextSearchObjects.oid(o, "template")).set("dictinitoption", o.attributes().get("options"))));
    sources.put("pg_ts_config", (rows, c) -> TextSearchObjects.all(c.catalog(), Kind.CONFIGURATION).forEach(o ->
        rows.row().oid("oid", o.oid()).set("cfgname", o.name()).oid("cfgnamespace", o.namespaceOid()).oid("cfgowner", o.ownerOid())
            .oid("cfgparser", TextSearchObjects.oid(o, "parser"))));
    sources.put("pg_ts_config_map", (rows, c) -> TextSearchObjects.all(c.catalog(), Kind.CONFIGURATION).forEach(o -> mappings(rows, o)));
  }

  private static void mappings(RowSet rows, TextSearchObject configuration) {
    TextSearchObjects.mappings(configuration).forEach((type, dictionaries) -> number(rows, configuration.oid(), type, dictionaries));
  }

  private static void number(RowSet rows, int configuration, int type, List<Integer> dictionaries) {
    for (int i = 0; i < dictionaries.size(); i++) {
      rows.row().oid("mapcfg", configuration).set("maptokentype", type).set("mapseqno", i + 1).oid("mapdict", dictionaries.get(i));
    }
  }
}
