package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.dml.TriggerFunctions;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.search.SearchConfiguration;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TsVector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The built-in triggers that keep a column of type tsvector: `tsvector_update_trigger` and `tsvector_update_trigger_column`.
/// Source: PostgreSQL 15 manual, "Triggers for Automatic Updates".
final class SearchTriggers {
  private SearchTriggers() {}

  static boolean isOne(String function) {
    return function.equals("tsvector_update_trigger") || function.equals("tsvector_update_trigger_column");
  }

  /// The new row with the vector in it.
  static @Nullable Object[] call(CallContext context, String function, Catalog.Trigger trigger, TriggerFunctions.Event event) {
    if (!event.forEachRow() || event.timing() != 'b' || event.event() != 'i' && event.event() != 'u') {
      String wrong = !event.forEachRow() ? "must be fired for row" : event.timing() != 'b' ? "must be fired BEFORE event" : "must be fired for INSERT or UPDATE";
      throw new SqlException(SqlState.INTERNAL_ERROR, "tsvector_update_trigger: " + wrong);
    }
    List<String> arguments = trigger.arguments();
    if (arguments.size() < 3) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "tsvector_update_trigger: arguments must be tsvector_field, ts_config, text_field1, ...)");
    }
    Relation.Column target = column(event, arguments.get(0), "tsvector column ");
    if (target.typeOid() != PgTypes.TSVECTOR.oid()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "column \"" + arguments.get(0) + "\" is not of tsvector type");
    }
    SearchConfiguration configuration = function.endsWith("_column") ? byColumn(context, event, arguments.get(1)) : byName(context, arguments.get(1));
    List<SearchConfiguration.Word> words = new ArrayList<>();
    @Nullable Object[] row = event.newRow().clone();
    for (String name : arguments.subList(2, arguments.size())) {
      Relation.Column column = column(event, name, "column ");
      int type = column.typeOid();
      if (type != PgTypes.TEXT.oid() && type != PgTypes.VARCHAR.oid() && type != PgTypes.BPCHAR.oid()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "column \"" + name + "\" is not of a character type");
      }
      if (row[column.attnum() - 1] instanceof String text) {
        int offset = words.isEmpty() ? 0 : words.getLast().position();
        for (SearchConfiguration.Word word : configuration.words(text)) {
          words.add(new SearchConfiguration.Word(word.lexeme(), Math.min(word.position() + offset, TsVector.MAX_POSITION)));
        }
      }
    }
    row[target.attnum() - 1] = SearchConfiguration.vectorOf(words);
    return row;
  }

  private static Relation.Column column(TriggerFunctions.Event event, String name, String what) {
    Relation.Column column = Relations.column(event.relation(), name);
    if (column == null) {
      throw new SqlException(SqlState.UNDEFINED_COLUMN, what + "\"" + name + "\" does not exist");
    }
    return column;
  }

  private static SearchConfiguration byColumn(CallContext context, TriggerFunctions.Event event, String name) {
    Relation.Column column = column(event, name, "configuration column ");
    if (!(event.newRow()[column.attnum() - 1] instanceof Long oid)) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "configuration column \"" + name + "\" must not be null");
    }
    return SearchConfiguration.byOid(context, (int) (long) oid);
  }

  private static SearchConfiguration byName(CallContext context, String text) {
    if (Identifiers.parts(text).size() < 2) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "text search configuration name \"" + text + "\" must be schema-qualified");
    }
    var found = TextSearchObjects.find(context.catalog(), TextSearchObjects.Kind.CONFIGURATION, List.of(), text);
    if (found == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "text search configuration \"" + text + "\" does not exist");
    }
    return SearchConfiguration.byOid(context, found.oid());
  }
}
