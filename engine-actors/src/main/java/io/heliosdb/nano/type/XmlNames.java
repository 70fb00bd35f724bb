package io.heliosdb.nano.type;

/// SQL identifiers as XML names. Source: SQL/XML, "Mapping SQL <identifier>s to XML Names", as PostgreSQL does it.
public final class XmlNames {
  private XmlNames() {}

  /// Characters that XML does not allow become `_xHHHH_`.
  ///
  /// @param full also a colon that is not first, and `xml` at the beginning: for names of columns and tables
  /// @param periods also periods: for parts of a name that periods join
  public static String name(String identifier, boolean full, boolean periods) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < identifier.length();) {
      int c = identifier.codePointAt(i);
      boolean first = i == 0;
      if (c == ':' && (first || full) || c == '.' && periods) {
        out.append(c == ':' ? "_x003A_" : "_x002E_");
      } else if (c == '_' && i + 1 < identifier.length() && identifier.charAt(i + 1) == 'x') {
        out.append("_x005F_");
      } else if (full && first && identifier.regionMatches(true, 0, "xml", 0, 3)) {
        out.append(c == 'x' ? "_x0078_" : "_x0058_");
      } else if (first ? Character.isLetter(c) || c == '_' : Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == ':') {
        out.appendCodePoint(c);
      } else {
        out.append("_x").append(String.format(java.util.Locale.ROOT, "%04X", c)).append('_');
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }
}
