package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.AlterTextSearchConfiguration;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateTextSearch;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.MappingAction;
import java.util.List;

/// Text search objects.
final class TextSearchParser {
  private TextSearchParser() {}

  static CreateTextSearch parseCreate(Tokens t) {
    t.expect(TEXT);
    t.expect(SEARCH);
    ObjectKind kind = ObjectParser.parseTextSearchKind(t);
    QualifiedName name = NameParser.parseAnyName(t);
    return new CreateTextSearch(kind, name, OptionParser.parseDefinition(t));
  }

  /// `ADD|ALTER|DROP MAPPING …`, after ALTER TEXT SEARCH CONFIGURATION and the name.
  static AlterTextSearchConfiguration parseMapping(Tokens t, QualifiedName name) {
    MappingAction action = t.is(ADD) ? MappingAction.ADD : t.is(ALTER) ? MappingAction.ALTER : MappingAction.DROP;
    t.advance();
    t.expect(MAPPING);
    if (action == MappingAction.DROP) {
      boolean ifExists = NameParser.parseIfExists(t);
      t.expect(FOR);
      return new AlterTextSearchConfiguration(name, action, NameParser.parseNames(t), List.of(), null, ifExists);
    }
    List<String> tokens = List.of();
    if (action == MappingAction.ADD || t.is(FOR)) {
      t.expect(FOR);
      tokens = NameParser.parseNames(t);
    }
    if (action == MappingAction.ALTER && t.accept(REPLACE)) {
      QualifiedName replaced = NameParser.parseAnyName(t);
      t.expect(WITH);
      QualifiedName replacement = NameParser.parseAnyName(t);
      return new AlterTextSearchConfiguration(name, MappingAction.REPLACE, tokens, List.of(replacement), replaced, false);
    }
    if (tokens.isEmpty()) {
      throw t.syntaxError();
    }
    t.expect(WITH);
    return new AlterTextSearchConfiguration(name, action, tokens, NameParser.parseAnyNames(t), null, false);
  }
}
