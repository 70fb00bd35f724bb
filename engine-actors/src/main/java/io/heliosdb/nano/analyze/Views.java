package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.SelectStatement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Expands views: analyzes the stored definition as a sub-query of its own, with the owner's privileges.
final class Views {
  private final Analysis analysis;

  Views(Analysis analysis) {
    this.analysis = analysis;
  }

  /// @param depth nesting depth of the resulting query
  Query expand(Relation.View view, int depth, Analysis.@Nullable Moment moment) {
    if (analysis.expanding.contains(view.oid())) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION, "infinite recursion detected in rules for relation \"" + view.name() + "\"");
    }
    AnalyzerContext context = analysis.context;
    Analysis.Moment outerMoment = analysis.moment;
    int outerRole = analysis.checkAs;
    String outerRecursion = analysis.recursionContext;
    Query.Cte outerCte = analysis.runningCte;
    analysis.context = context.withVariables(null);
    analysis.moment = moment;
    // An invoker's view checks the current user, even inside a view that checks its owner.
    analysis.checkAs = view.securityInvoker() ? 0 : view.ownerOid();
    analysis.recursionContext = null;
    analysis.runningCte = null;
    analysis.expanding.add(view.oid());
    Query query = new SelectAnalyzer(Scope.detached(analysis, depth)).analyze(parse(view));
    analysis.expanding.remove(Integer.valueOf(view.oid()));
    analysis.context = context;
    analysis.moment = outerMoment;
    analysis.checkAs = outerRole;
    analysis.recursionContext = outerRecursion;
    analysis.runningCte = outerCte;
    List<Query.Target> targets = query.visibleTargets();
    for (int i = 0; i < targets.size() && i < view.columns().size(); i++) {
      targets.get(i).name = view.columns().get(i).name();
    }
    return query;
  }

  /// The statements of view definitions used last, by text. A statement that is bound again with the moments of its AS OF clauses knows the
  /// clauses by identity, so they must be the same objects in each binding. Names in stored definitions are qualified: equal texts mean
  /// the same.
  private static final Map<String, SelectStatement> PARSED = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, SelectStatement> eldest) {
      return size() > PARSED_MAX;
    }
  });

  private static final int PARSED_MAX = 500;

  static SelectStatement parse(Relation.View view) {
    String text = view.definition().strip();
    SelectStatement known = PARSED.get(text);
    if (known == null) {
      known = (SelectStatement) Parser.parse(text).getFirst().statement();
      PARSED.put(text, known);
    }
    return known;
  }
}
